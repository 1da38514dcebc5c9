"""Sending a quote: it is open at once, or held while something stands in its way (row S1-V14)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from attrs import field, frozen
from sqlalchemy import select

from crmcore.api import Act, Customer, InvalidInput, Transaction, here, logins
from crmcore_sales.catalogue.products import titles
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.model.discount import PENDING, REFUSED, Approval
from crmcore_sales.model.quote import DRAFT, HELD, OPEN, SUPERSEDED, Quote
from crmcore_sales.quoting.approvals import ask, asked_for, drop
from crmcore_sales.quoting.coherence import Conflict, Offer, conflicts, standing
from crmcore_sales.quoting.lines import FLOOR, Priced
from crmcore_sales.quoting.telling import differing, settle, tell_of_end, tell_of_hold
from crmcore_sales.tables import approval, product, quote, quote_line

_MOST = 500


@frozen(kw_only=True)
class Sent:
    """What came of sending a quote: its status, and what holds it. `refused` says why a policy keeps it a draft.

    `release` means that nothing holds it any more, but that it replaces a quote of somebody else.
    """

    status: str
    holds: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    release: bool = field(default=False)


def send(tx: Transaction, record: Quote, reason: str = "") -> Sent:
    """Send a quote, a draft or one that is held; `reason` says why it may contradict another.

    It is held for two prices of one product until that is reasoned, and for what somebody must approve until that is
    granted: whom it concerns is told. Raises `InvalidInput` for one that is over or no longer valid.
    """
    today = here(tx).today
    if record.status not in (DRAFT, HELD):
        raise InvalidInput(
            _("Quote {number} is {status} already.").format(number=record.number, status=_(record.status))
        )
    for why in _over(record, today):
        raise InvalidInput(why)
    tx.flush()
    tx.lock(Customer, record.customer_id or 0)
    lines = stored(tx, record.id)
    first = record.status == DRAFT
    if first:
        refused = _refused(tx, record, lines)
        if refused:
            return Sent(status=record.status, refused=refused)
    record.reason = reason.strip() or record.reason
    approvals = ask(tx, record, lines) if first else tx.load(Approval, approval.c.quote_id == record.id)
    found = contradicted(tx, record, lines)
    holds = (*waiting(approvals), *(() if record.reason else clashes(tx, found)))
    if holds:
        record.status = HELD
        if first and found and not record.reason:
            tell_of_hold(tx, record, found)
        return Sent(status=HELD, holds=holds)
    if found:
        record.status = HELD
        return Sent(status=HELD, release=True)
    open_(tx, record)
    return Sent(status=OPEN, release=not first or record.revision > 1)


def _over(record: Quote, today: date) -> tuple[str, ...]:
    """Return why a quote cannot be sent any more: its day is over."""
    if record.valid_until is None or record.valid_until >= today:
        return ()
    return (_("Quote {number} was valid until {day}; revise it.").format(number=record.number, day=record.valid_until),)


def _refused(tx: Transaction, record: Quote, lines: Sequence[Priced]) -> tuple[str, ...]:
    """Ask the policies for leave; return why not."""
    codes = [each.code for each in lines if each.code]
    percent = max((each.discount for each in lines), default=Decimal(0))
    act = partial(
        Act,
        at=tx.now,
        customer_id=record.customer_id,
        contact_id=record.contact_id,
        currency=record.currency,
        products=codes,
    )
    acts = [act(kind="quote", amount=record.amount), *([act(kind="discount", percent=percent)] if percent else [])]
    return tuple(
        dict.fromkeys(
            objection.reason
            for decision in tx.permit_all(acts)
            if not decision.allowed
            for _plugin, objection in decision.objections
            if objection.blocks
        )
    )


def stored(tx: Transaction, quote_id: int) -> list[Priced]:
    """Return the lines of a quote as they were written."""
    c = quote_line.c
    columns = (c.product_id, c.text, c.quantity, c.list_price, c.unit_price, c.cost, product.c.code, product.c.floor)
    rows = tx.rows(
        select(*columns)
        .join_from(quote_line, product, product.c.id == c.product_id, isouter=True)
        .where(c.quote_id == quote_id)
        .order_by(c.id)
        .limit(_MOST)
    )
    return [
        Priced(**{**row._mapping, "code": row.code or "", "floor": FLOOR if row.floor is None else row.floor})
        for row in rows
    ]


def contradicted(tx: Transaction, record: Quote, lines: Iterable[Priced]) -> list[Conflict]:
    """Return the valid offers to the customer that a quote contradicts; those of its own versions do not count."""
    if record.customer_id is None:
        return []
    today = here(tx).today
    own = [
        Offer(
            quote_id=record.id,
            number=record.number,
            owner_id=record.owner_id,
            customer_id=record.customer_id,
            product_id=each.product_id,
            currency=record.currency,
            quantity=each.quantity,
            list_price=each.list_price,
            unit_price=each.unit_price,
        )
        for each in lines
        if each.product_id is not None
    ]
    others = [
        one
        for one in standing(tx, [record.customer_id], today, {each.product_id for each in own})
        if one.number != record.number
    ]
    found = conflicts([*others, *own], rates(tx, today), today) if others else []
    return [one for one in found if one.later.quote_id == record.id and one.earlier.quote_id != record.id]


def waiting(approvals: Iterable[Approval]) -> list[str]:
    """Return in words which approvals a quote waits for, or was refused."""
    return [
        (_("needs approval: {what}") if one.status == PENDING else _("refused: {what}")).format(what=asked_for(one))
        for one in approvals
        if one.status in (PENDING, REFUSED)
    ]


def clashes(tx: Transaction, found: Sequence[Conflict]) -> list[str]:
    """Return in words what a quote contradicts."""
    products = titles(tx, (one.later.product_id for one in found))
    users = logins(tx, (one.earlier.owner_id for one in found))
    return [
        _("{product} at {price} is {percent} than the {other} of quote {number} ({login}), sent {day}").format(
            product=products.get(one.later.product_id, ("?",))[0],
            price=f"{one.later.unit_price} {one.later.currency}",
            percent=differing(one.percent),
            other=f"{one.earlier.unit_price} {one.earlier.currency}",
            number=one.earlier.number,
            login=users.get(one.earlier.owner_id or 0, "?"),
            day="" if one.earlier.sent_at is None else one.earlier.sent_at.date().isoformat(),
        )
        for one in found
    ]


def open_(tx: Transaction, record: Quote) -> None:
    """Let a quote be what the customer has: its earlier versions give way to it."""
    c = quote.c
    earlier = tx.load(Quote, c.number == record.number, c.id != record.id, c.status.in_((DRAFT, HELD, OPEN)))
    for one in earlier:
        one.status, one.closed_at = SUPERSEDED, tx.now
    record.status, record.sent_at = OPEN, tx.now


def release(tx: Transaction, quote_id: int) -> Sent:
    """Go on with a held quote in the name of the system, when what held it is settled.

    The quotes it contradicts with a reason give way to it, whoever's they are; whom it concerns is told.
    """
    record = tx.get(Quote, quote_id)
    if record.status != HELD:
        settle(tx, record)
        if record.status != OPEN:
            drop(tx, record.id)
        return Sent(status=record.status)
    tx.lock(Customer, record.customer_id or 0)
    approvals = tx.load(Approval, approval.c.quote_id == record.id)
    found = contradicted(tx, record, stored(tx, record.id))
    holds = (*_over(record, here(tx).today), *waiting(approvals), *(() if record.reason else clashes(tx, found)))
    if holds:
        return Sent(status=HELD, holds=holds)
    for one in tx.load(Quote, quote.c.id.in_({each.earlier.quote_id for each in found})):
        one.status, one.closed_at = SUPERSEDED, tx.now
    open_(tx, record)
    settle(tx, record)
    if found:
        tell_of_end(tx, record, found)
    return Sent(status=OPEN)
