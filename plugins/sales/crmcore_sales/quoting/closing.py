"""How a quote ends: accepted, declined, withdrawn, or no longer valid."""

from sqlalchemy import select

from crmcore.api import InvalidInput, NotifyTransaction, Transaction, here, move
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import Line, Opportunity
from crmcore_sales.model.quote import ACCEPTED, DECLINED, DRAFT, EXPIRED, HELD, OPEN, WITHDRAWN, Quote
from crmcore_sales.pipeline.guidance import pipeline
from crmcore_sales.quoting.approvals import drop
from crmcore_sales.tables import line, quote, quote_line

REASON = "quote accepted"
"""Why an opportunity was won, where nobody says more."""
_MOST = 500


def accept(tx: Transaction, record: Quote, reason: str = "") -> Opportunity:
    """Close a quote as accepted: its opportunity is won, with the quote's lines and amount. That is the order.

    A quote without an opportunity gets one. Raises `InvalidInput` for one that is not open, or no longer valid.
    """
    _must_be(record, OPEN)
    today = here(tx).today
    if record.valid_until is not None and record.valid_until < today:
        raise InvalidInput(
            _("Quote {number} was valid until {day}; revise it.").format(number=record.number, day=record.valid_until)
        )
    record.status, record.closed_at = ACCEPTED, tx.now
    deal = _deal(tx, record)
    deal.amount, deal.currency = record.amount, record.currency
    for one in tx.load(Line, line.c.opportunity_id == deal.id):
        tx.remove(one)
    c = quote_line.c
    for row in tx.rows(select(quote_line).where(c.quote_id == record.id).order_by(c.id).limit(_MOST)):
        taken = {"product_id": row.product_id, "text": row.text, "quantity": row.quantity, "unit_price": row.unit_price}
        made = tx.add(Line(opportunity_id=deal.id, source=f"quote {record.number}", **taken))
        tx.filled["sales_line", made.id].update(taken)
    won = next(state.name for state in pipeline(tx.definitions).states if state.kind == "won")
    if deal.status == "open":
        said = {"reason": reason or REASON}
        move(tx, deal, won, said, filled=["stage", "amount", "currency", *([] if reason else ["reason"])])
    return deal


def _deal(tx: Transaction, record: Quote) -> Opportunity:
    """Return the opportunity of a quote; a new one, in the first stage, where it has none."""
    if record.opportunity_id is not None:
        return tx.get(Opportunity, record.opportunity_id)
    made = tx.add(
        Opportunity(
            title=_("Quote {number}").format(number=record.number),
            customer_id=record.customer_id,
            contact_id=record.contact_id,
            owner_id=record.owner_id,
            currency=record.currency,
            amount=record.amount,
            channel=record.channel,
            need_by=here(tx).today,
            source=f"quote {record.number}",
        )
    )
    tx.filled["sales_opportunity", made.id].update(
        {"title", "customer_id", "contact_id", "owner_id", "currency", "amount", "need_by"}
    )
    tx.flush()
    record.opportunity_id = made.id
    return made


def decline(tx: Transaction, record: Quote, reason: str) -> None:
    """Close a quote as declined by the customer, and say why. Raises `InvalidInput` for one that is not open."""
    _must_be(record, OPEN)
    record.status, record.closed_at, record.note = DECLINED, tx.now, _with(record.note, reason)


def withdraw(tx: Transaction, record: Quote, reason: str) -> None:
    """Take a quote back, sent or not, and say why. Raises `InvalidInput` for one that is over."""
    _must_be(record, DRAFT, HELD, OPEN)
    drop(tx, record.id)
    record.status, record.closed_at, record.note = WITHDRAWN, tx.now, _with(record.note, reason)


def _with(note: str, more: str) -> str:
    return "\n".join(part for part in (note, more.strip()) if part)


def _must_be(record: Quote, *statuses: str) -> None:
    if record.status not in statuses:
        raise InvalidInput(_("Quote {number} is {status}.").format(number=record.number, status=_(record.status)))


def expire(tx: NotifyTransaction) -> None:
    """Close the open quotes that are no longer valid, some hundreds at a time."""
    c = quote.c
    due = [
        row.id
        for row in tx.rows(
            select(c.id).where(c.status == OPEN, c.valid_until < here(tx).today).order_by(c.id).limit(_MOST)
        )
    ]
    for one in tx.load(Quote, c.id.in_(due)) if due else ():
        one.status, one.closed_at = EXPIRED, tx.now
