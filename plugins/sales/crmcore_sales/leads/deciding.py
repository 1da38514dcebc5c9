"""What becomes of a lead: an opportunity, in which nothing is typed twice, or a rejection with its reason."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from crmcore.api import InvalidInput, Transaction, move
from crmcore_sales.i18n import _
from crmcore_sales.leads.keeping import employer, keep_filled
from crmcore_sales.leads.states import of_kind, shown
from crmcore_sales.leads.wanting import line, needed
from crmcore_sales.model.lead import Lead
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.pipeline.editing import Beginning, begin, reason_said

_REASONS = "lead."
_COPIED = ("lead_source", "campaign", "region", "note", "source")


@frozen(kw_only=True)
class Better:
    """What is known better by now than the lead says; what is not said is taken from the lead."""

    title: str = ""
    amount: Decimal | None = None
    currency: str = ""
    need_by: date | None = None
    owner_id: int | None = None


NOTHING = Better()


def accept(tx: Transaction, record: Lead, better: Better = NOTHING) -> Opportunity:
    """Accept a lead: it becomes an opportunity of its owner, or of the actor when it lay in the pool.

    Customer, contact, title, amount, source, campaign, region and what it wants are taken from the lead, not typed;
    the two are linked. Raises `InvalidInput` for a lead that is closed, or about nobody.
    """
    _must_be_open(tx, record)
    if record.customer_id is None and record.contact_id is not None:
        record.customer_id = employer(tx, record.contact_id)
    if record.customer_id is None and record.contact_id is None:
        raise InvalidInput(
            _("Lead {id} is about nobody yet: crm sales lead edit {id} --customer NAME").format(id=record.id)
        )
    if record.owner_id is None:
        record.owner_id, record.assigned_at = tx.actor.user_id or None, tx.now
    filled = {"customer_id", "contact_id", *_COPIED, "lead_id"}
    taken = {"title": better.title, "amount": better.amount, "currency": better.currency, "need_by": better.need_by}
    filled |= {name for name, said in taken.items() if not said}
    wants, in_words = line(tx, record)
    made = begin(
        tx,
        Beginning(
            title=better.title or record.title,
            customer_id=record.customer_id,
            contact_id=record.contact_id,
            owner_id=better.owner_id or record.owner_id,
            amount=record.amount if better.amount is None else better.amount,
            currency=better.currency or record.currency,
            need_by=better.need_by or needed(record),
            lines=() if wants is None else (wants,),
            words=in_words,
            fields={
                **{name: getattr(record, name) for name in _COPIED},
                "interaction_id": record.interaction_id,
                "lead_id": record.id,
            },
            filled=filled,
        ),
    )
    keep_filled(tx, record, "opportunity_id", "owner_id", "customer_id")
    tx.flush()  # the lead points at the opportunity, which is written first
    record.opportunity_id = made.id
    tx.link(record, made)
    move(tx, record, of_kind(tx.definitions, "won")[0])
    return made


def reject(tx: Transaction, record: Lead, reason: str, note: str = "") -> None:
    """Reject a lead, and say why.

    Where terms of the common language begin with “lead.”, the reason is one of them; another term's code is kept where
    the reason is one, else what was said. Raises `InvalidInput` without a reason, for one that is not registered, and
    for a closed lead.
    """
    _must_be_open(tx, record)
    if not reason.strip():
        raise InvalidInput(_("Say why it is rejected: marketing learns from it."))
    record.reason = _reason(tx, reason)
    record.reason_note = note
    if record.owner_id is None:
        record.owner_id = tx.actor.user_id or None
    move(tx, record, of_kind(tx.definitions, "lost")[0])


def _reason(tx: Transaction, text: str) -> str:
    said = reason_said(tx.definitions, text)
    registered = [one for one in tx.definitions.terms if one.code.casefold().startswith(_REASONS)]
    if registered and said not in {one.code for one in registered}:
        known = ", ".join(f"{one.code} ({one.label})" if one.label else one.code for one in registered)
        raise InvalidInput(
            _("“{reason}” is no registered reason to reject a lead; there are: {known}.").format(
                reason=text, known=known
            )
        )
    return said


def _must_be_open(tx: Transaction, record: Lead) -> None:
    if record.closed_at is not None:
        raise InvalidInput(
            _("Lead {id} is {status} already.").format(id=record.id, status=shown(tx.definitions, record.status))
        )
