"""What tickets brought: claimed by whoever sees it, counted when somebody with the right confirms it (row S1-V13)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import eq, ge, gt, le
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import (
    InvalidInput,
    NotifyTransaction,
    Reader,
    Transaction,
    currency,
    here,
    logins,
    names,
    rate_on,
    tables,
)
from crmcore_service.i18n import _
from crmcore_service.model.gain import Gain
from crmcore_service.model.ticket import Ticket
from crmcore_service.returns.records import Shown, taken
from crmcore_service.tables import cost, gain

RENEWAL, SAVE, SALE = "renewal", "save", "sale"
KINDS = (RENEWAL, SAVE, SALE)
CLAIMED, CONFIRMED, REJECTED = "claimed", "confirmed", "rejected"
STATES = (CLAIMED, CONFIRMED, REJECTED)


@frozen(kw_only=True)
class GainView:
    """A gain with its chain: the ticket it is traced to, and the record (`entity`, `record_id`) that shows it.

    `worth` is the amount in the workspace's currency, at the rate of its day. The trail of the gain shows both ends.
    """

    id: int
    kind: str
    status: str
    day: date
    amount: Decimal | None
    currency: str
    rate: Decimal
    worth: Decimal | None
    ticket_id: int | None
    ticket: str
    entity: str
    record_id: int | None
    contract_id: int | None
    customer_id: int | None
    customer: str
    reason: str
    claimed_by: str
    confirmed_by: str
    confirmed_at: datetime | None
    note: str


def claim(
    tx: Transaction | NotifyTransaction,
    kind: str,
    ticket_id: int,
    *,
    shown: Shown | None = None,
    amount: Decimal | None = None,
    code: str = "",
    rate: Decimal | None = None,
    day: date | None = None,
    reason: str = "",
) -> Gain:
    """Claim that something came of a ticket: what a record shows, or a sum with a reason.

    Where it is not said the amount, its currency and rate, and the day are the record's. Raises `InvalidInput` where a
    record shows a gain already, by itself or through one linked with it, and where amount, rate or reason are missing.
    """
    ticket = tx.get(Ticket, ticket_id)
    if shown is not None:
        held = taken(tx, [shown])
        if held:
            raise InvalidInput(
                _("{record} shows gain {id} already; nothing counts twice.").format(
                    record=f"{shown.entity} {shown.record_id}", id=next(iter(held.values()))
                )
            )
        if amount is None:
            amount, code, rate = shown.amount, shown.currency, shown.rate if rate is None else rate
        day = day or shown.day
    elif not reason:
        raise InvalidInput(_("Say what shows it, --contract or --record, or why nothing does: --because."))
    if not amount:
        raise InvalidInput(_("What was it worth? Nothing shows the amount; give it."))
    base, day = currency(tx), day or here(tx).today
    code = code or base
    rate = rate_on(tx, cost, code, base, day, None if code == base else rate)
    return tx.add(
        Gain(
            kind=kind, amount=amount, day=day, ticket_id=ticket.id, currency=code, rate=rate, reason=reason,
            contract_id=shown.contract_id if shown else ticket.contract_id,
            customer_id=(shown.customer_id if shown else None) or ticket.customer_id,
            contact_id=(shown.contact_id if shown else None) or ticket.contact_id,
            entity=shown.entity if shown else "", record_id=shown.record_id if shown else None,
            claimed_by_id=tx.actor.user_id or None,
        )
    )  # fmt: skip


def confirm(tx: Transaction, gain_id: int, *, amount: Decimal | None = None, note: str = "") -> Gain:
    """Let a claim count, of another `amount` if it came to less; its trail leads from the ticket to the record.

    Whoever claimed it, or has no right, is refused when it is saved. Raises `InvalidInput` for what is no claim.
    """
    record = _waiting(tx, gain_id)
    record.status, record.confirmed_by_id, record.confirmed_at = CONFIRMED, tx.actor.user_id or None, tx.now
    if amount is not None:
        record.amount = amount
    record.note = note or record.note
    if record.ticket_id is not None:
        tx.link(("service_ticket", record.ticket_id), record, "gained")
    if record.record_id is not None:
        tx.link(record, (record.entity, record.record_id), "shown by")
    return record


def reject(tx: Transaction, gain_id: int, *, note: str) -> Gain:
    """Say that a claim does not count, and why; it is not proposed again."""
    record = _waiting(tx, gain_id)
    record.status, record.confirmed_by_id, record.confirmed_at = REJECTED, tx.actor.user_id or None, tx.now
    record.note = note
    return record


def _waiting(tx: Transaction, gain_id: int) -> Gain:
    record = tx.get(Gain, gain_id)
    if record.status != CLAIMED:
        raise InvalidInput(_("Gain {id} is {status} already.").format(id=gain_id, status=_(record.status)))
    return record


def gains(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    kind: str = "",
    status: str = "",
    since: date | None = None,
    until: date | None = None,
    ticket_id: int | None = None,
    customer_id: int | None = None,
    key: int | None = None,
    conditions: Sequence[Any] = (),
) -> list[GainView]:
    """Return gains in the order of their ids, from the one that follows `after`. Three statements."""
    c = gain.c
    bounds = (
        (c.id, gt, after), (c.day, ge, since), (c.day, le, until), (c.kind, eq, kind or None),
        (c.status, eq, status or None), (c.ticket_id, eq, ticket_id), (c.customer_id, eq, customer_id), (c.id, eq, key),
    )  # fmt: skip
    held = [compare(column, value) for column, compare, value in bounds if value is not None]
    rows = reader.rows(select(gain).where(*held, *conditions).order_by(c.id).limit(limit))
    people = logins(reader, (each for row in rows for each in (row.claimed_by_id, row.confirmed_by_id)))
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    return [
        GainView(
            id=row.id, kind=row.kind, status=row.status, day=row.day, amount=row.amount, currency=row.currency,
            rate=row.rate, worth=row.worth, ticket_id=row.ticket_id,
            ticket=f"T{row.ticket_id}" if row.ticket_id else "",
            entity=row.entity, record_id=row.record_id, contract_id=row.contract_id, customer_id=row.customer_id,
            customer=customers.get(row.customer_id, ""), reason=row.reason,
            claimed_by=people.get(row.claimed_by_id, ""), confirmed_by=people.get(row.confirmed_by_id, ""),
            confirmed_at=row.confirmed_at, note=row.note,
        )
        for row in rows
    ]  # fmt: skip
