"""Marketing's form, for whoever talks with people: what they need, how much of it, by when, for what money."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmcore.api import Answered, Form, Kept, NotifyTransaction, PluginReader, Question, impl
from crmcore_marketing.i18n import _


@impl
def crm_forms() -> Iterable[Form]:
    """Let others qualify (row S4-03)."""
    yield Form(
        name="marketing.qualification",
        title=_("What they need"),
        questions=(
            Question(name="need", label=_("Need")),
            Question(name="product", label=_("Product")),
            Question(name="quantity", label=_("Quantity"), kind="number"),
            Question(name="need_by", label=_("Needed by"), kind="date"),
            Question(name="budget", label=_("Budget"), kind="money"),
            Question(name="again_on", label=_("Ask again on"), kind="date"),
            Question(name="none", label=_("Needs nothing"), kind="yes_no"),
            Question(name="note", label=_("Note")),
        ),
        keep=_keep,
        known=_known,
    )


def _keep(tx: NotifyTransaction, answers: Sequence[Answered]) -> Sequence[Kept]:
    from crmcore_marketing.qualifying.forms import keep

    return keep(tx, answers)


def _known(reader: PluginReader, contact_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    from crmcore_marketing.qualifying.forms import known

    return known(reader, contact_ids)
