"""Making quotes: all that is not typed is filled in from the opportunity, the customer and the price lists."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from crmcore.api import InvalidInput, Reader, Transaction, here, tables
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.model.quote import DRAFT, HELD, OPEN, SUPERSEDED, Quote, QuoteLine
from crmcore_sales.quoting.approvals import drop
from crmcore_sales.quoting.lines import Priced, Typed, priced, totals
from crmcore_sales.quoting.numbers import draw
from crmcore_sales.tables import line, opportunity, price, quote, quote_line

_MOST = 500


def make(
    tx: Transaction,
    *,
    opportunity_id: int | None = None,
    customer_id: int | None = None,
    contact_id: int | None = None,
    typed: Sequence[Typed] = (),
    currency: str = "",
    valid_until: date | None = None,
    channel: str = "",
    note: str = "",
) -> Quote:
    """Add a draft, the actor's own; without lines those of the opportunity. Nothing is offered yet.

    Raises `InvalidInput` when it is for nobody or has no line, and what `priced` raises.
    """
    deal = tx.get(Opportunity, opportunity_id) if opportunity_id is not None else None
    if deal is not None:
        customer_id = customer_id or deal.customer_id
        contact_id = contact_id or (deal.contact_id if customer_id == deal.customer_id else None)
        channel = channel or deal.channel
        typed = typed or of_deal(tx, deal.id)
    if customer_id is None:
        raise InvalidInput(_("A quote is for a customer; say which, or for which opportunity."))
    if not typed:
        raise InvalidInput(_("A quote needs a line, such as PUMP:10 or PUMP:10@950."))
    today = here(tx).today
    currency = currency or (deal.currency if deal is not None else usual_currency(tx, customer_id, typed, today))
    known = rates(tx, today)
    lines = priced(tx, typed, customer_id=customer_id, currency=currency, day=today, rates=known)
    made = tx.add(
        Quote(
            number=draw(tx, today),
            opportunity_id=opportunity_id,
            customer_id=customer_id,
            contact_id=contact_id or usual_contact(tx, customer_id, today),
            owner_id=tx.actor.user_id or (deal.owner_id if deal is not None else None),
            channel=channel,
            currency=currency,
            valid_until=valid_until or today + timedelta(days=_days(tx)),
            note=note,
        )
    )
    fill(tx, made, lines)
    if deal is not None:
        tx.link(deal, made)
    tx.filled["sales_quote", made.id].update(
        {"number", "contact_id", "owner_id", "currency", "valid_until", "amount", "discount", "status", "channel"}
    )
    return made


def fill(tx: Transaction, record: Quote, lines: Sequence[Priced]) -> None:
    """Give a new quote its lines."""
    record.amount, record.discount = totals(lines)
    for each in lines:
        tx.add(
            QuoteLine(
                quote_id=record.id,
                product_id=each.product_id,
                text=each.text,
                quantity=each.quantity,
                list_price=each.list_price,
                unit_price=each.unit_price,
                cost=each.cost,
            )
        )


def revise(
    tx: Transaction,
    record: Quote,
    *,
    typed: Sequence[Typed] = (),
    valid_until: date | None = None,
    note: str = "",
) -> Quote:
    """Add the next version of a quote, a draft; products that are not named stay as they are.

    The version before goes on to be valid until this one is sent. Raises `InvalidInput` for one that is over.
    """
    if record.status not in (DRAFT, HELD, OPEN):
        raise InvalidInput(
            _("Quote {number} is {status}; only one that is not over is revised.").format(
                number=record.number, status=_(record.status)
            )
        )
    today = here(tx).today
    changed = {each.product_id for each in typed}
    kept = [each for each in lines_of(tx, record.id) if each.product_id not in changed]
    lines = priced(
        tx, [*kept, *typed], customer_id=record.customer_id, currency=record.currency, day=today, rates=rates(tx, today)
    )
    made = tx.add(
        Quote(
            number=record.number,
            revision=_last(tx, record.number) + 1,
            opportunity_id=record.opportunity_id,
            customer_id=record.customer_id,
            contact_id=record.contact_id,
            owner_id=record.owner_id,
            channel=record.channel,
            currency=record.currency,
            valid_until=valid_until or today + timedelta(days=_days(tx)),
            note=note or record.note,
            custom=dict(record.custom),
        )
    )
    fill(tx, made, lines)
    tx.link(record, made, "revised")
    if record.status in (DRAFT, HELD):
        record.status, record.closed_at = SUPERSEDED, tx.now
        drop(tx, record.id)
    return made


def _last(tx: Transaction, number: str) -> int:
    return int(tx.connection.execute(select(func.max(quote.c.revision)).where(quote.c.number == number)).scalar() or 0)


def _days(reader: Reader) -> int:
    return int(reader.setting("sales.quote_days"))


def of_deal(reader: Reader, opportunity_id: int) -> list[Typed]:
    """Return the lines of an opportunity, with the prices it has."""
    c = line.c
    found = reader.rows(select(line).where(c.opportunity_id == opportunity_id).order_by(c.id).limit(_MOST))
    return [
        Typed(product_id=row.product_id, quantity=row.quantity, unit_price=row.unit_price, text=row.text)
        for row in found
    ]


def lines_of(reader: Reader, quote_id: int) -> list[Typed]:
    """Return the lines of a quote as if they had been typed."""
    c = quote_line.c
    found = reader.rows(select(quote_line).where(c.quote_id == quote_id).order_by(c.id).limit(_MOST))
    return [
        Typed(product_id=row.product_id, quantity=row.quantity, unit_price=row.unit_price, text=row.text)
        for row in found
    ]


def usual_contact(reader: Reader, customer_id: int, today: date) -> int | None:
    """Return the contact of a customer we talked with last, among those who work there; None where there is none."""
    position, talk = tables.position.c, tables.interaction.c
    there = select(position.contact_id).where(
        position.customer_id == customer_id, or_(position.ended.is_(None), position.ended >= today)
    )
    last: int | None = reader.value(
        select(talk.contact_id).where(talk.contact_id.in_(there)).order_by(talk.at.desc(), talk.id.desc())
    )
    return last or reader.value(there.order_by(position.id))


def usual_currency(reader: Reader, customer_id: int, typed: Sequence[Typed], today: date) -> str:
    """Return the currency typed with a price, or of the customer's last opportunity, or of the list, or our own."""
    for each in typed:
        if each.currency:
            return each.currency
    c = opportunity.c
    last: str | None = reader.value(
        select(c.currency).where(c.customer_id == customer_id).order_by(c.created_at.desc(), c.id.desc())
    )
    if last:
        return last
    own = rates(reader, today).base
    ids = {each.product_id for each in typed if each.product_id is not None}
    listed = {
        row.currency for row in reader.rows(select(price.c.currency).where(price.c.product_id.in_(ids)).distinct())
    }
    return own if own in listed or len(listed) != 1 else listed.pop()
