"""Sales' form, for whoever talks with people: a lead, in the pool."""

from collections.abc import Iterable, Sequence

from crmcore.api import Answered, Form, Kept, NotifyTransaction, Prospect, Question, Sum, impl
from crmcore_sales.i18n import _
from crmcore_sales.tables import lead


@impl
def crm_forms() -> Iterable[Form]:
    """Let others note leads."""
    yield Form(
        name="sales.lead",
        title=_("A lead"),
        questions=(
            Question(name="title", label=_("What they want"), required=True),
            Question(name="product", label=_("Product")),
            Question(name="quantity", label=_("Quantity"), kind="number"),
            Question(name="need_by", label=_("Needed by"), kind="date"),
            Question(name="amount", label=_("Amount"), kind="money"),
            Question(name="note", label=_("Note")),
        ),
        keep=_keep,
    )


def _keep(tx: NotifyTransaction, answers: Sequence[Answered]) -> Sequence[Kept]:
    from crmcore_sales.leads.taking import take

    ids = take(tx, [_prospect(one) for one in answers])
    return [Kept(entity=lead.name, id=each, result="lead", sentence=_("lead {id}").format(id=each)) for each in ids]


def _prospect(one: Answered) -> Prospect:
    said, amount = one.values, one.values.get("amount")
    money = amount if isinstance(amount, Sum) else None
    return Prospect(
        title=said.get("title", ""),
        contact_id=one.contact_id,
        customer_id=one.customer_id,
        amount=money.value if money else None,
        currency=money.currency if money else "",
        product=said.get("product", ""),
        quantity=said.get("quantity"),
        need_by=said.get("need_by"),
        campaign=one.about,
        note=said.get("note", ""),
    )
