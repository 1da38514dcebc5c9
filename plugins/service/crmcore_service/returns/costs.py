"""The ledger of what service costs: time, parts, travel and whatever else, each on its day, at the rate of that day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, Reader, Transaction, currency, here, logins, names, rate_on, tables
from crmcore_service.i18n import _
from crmcore_service.model.asset import Contract
from crmcore_service.model.gain import Cost
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.ticket import Ticket
from crmcore_service.returns.rates import hour_rates
from crmcore_service.tables import cost

WHAT = ("labour", "parts", "travel", "other")


@frozen(kw_only=True)
class About:
    """What money was spent on: a ticket, a work order, a contract, a customer, by id; whichever are known."""

    ticket_id: int | None = None
    work_order_id: int | None = None
    contract_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None


@frozen(kw_only=True)
class CostView:
    """An entry of the ledger; `worth` is the amount in the workspace's currency, at the rate of its day.

    `entity` and `record_id` name the visit or part that it follows from, where it does.
    """

    id: int
    day: date
    what: str
    amount: Decimal
    currency: str
    rate: Decimal
    worth: Decimal
    minutes: int | None
    user: str
    ticket_id: int | None
    ticket: str
    work_order_id: int | None
    work_order: str
    contract_id: int | None
    customer_id: int | None
    customer: str
    entity: str
    record_id: int | None
    note: str


def add(
    tx: Transaction,
    amount: Decimal,
    what: str,
    about: About,
    *,
    day: date | None = None,
    code: str = "",
    rate: Decimal | None = None,
    note: str = "",
) -> Cost:
    """Write a sum into the ledger, in the currency `code` (the workspace's own) at `rate`, on a `day` (today).

    Without a rate it is that of the last entry in the currency; raises `InvalidInput` where there is none, for a sum of
    nothing, and where it is not said what it was spent on.
    """
    if not amount:
        raise InvalidInput(_("A sum of nothing is not spent."))
    base, day = currency(tx), day or here(tx).today
    code = code or base
    held = Cost(
        day=day, what=what, amount=amount, currency=code, rate=rate_on(tx, cost, code, base, day, rate), note=note
    )
    return tx.add(_placed(tx, held, about))


def work(tx: Transaction, minutes: int, about: About, *, user_id: int, day: date | None = None, note: str = "") -> Cost:
    """Note time that somebody worked, at the rate of an hour that holds for that user on that day.

    Raises `InvalidInput` for no time, and where nobody said what an hour costs.
    """
    if minutes <= 0:
        raise InvalidInput(_("Work takes some minutes."))
    day = day or here(tx).today
    amount = hour_rates(tx).labour(user_id, day, minutes)
    if amount is None:
        raise InvalidInput(_("What does an hour cost? Say it once: crm service cost rate AMOUNT"))
    held = Cost(
        day=day, what="labour", amount=amount, currency=currency(tx), minutes=minutes, user_id=user_id, note=note
    )
    return tx.add(_placed(tx, held, about))


def remove(tx: Transaction, cost_id: int) -> None:
    """Take an entry out of the ledger; the journal keeps it. Raises `InvalidInput` for one of a visit or part."""
    record = tx.get(Cost, cost_id)
    if record.record_id is not None:
        raise InvalidInput(
            _("Entry {id} follows from {entity} {record}; change that.").format(
                id=cost_id, entity=_(record.entity), record=record.record_id
            )
        )
    tx.remove(record)


def _placed(tx: Transaction, held: Cost, about: About) -> Cost:
    """Fill in what an entry is about, and what that is about: a work order's ticket, a ticket's customer."""
    held.work_order_id, held.ticket_id, held.contract_id = about.work_order_id, about.ticket_id, about.contract_id
    order = tx.get(WorkOrder, about.work_order_id) if about.work_order_id else None
    held.ticket_id = held.ticket_id or (order.ticket_id if order else None)
    ticket = tx.get(Ticket, held.ticket_id) if held.ticket_id else None
    for of_it in (order, ticket):
        if of_it is not None:
            held.contract_id = held.contract_id or of_it.contract_id
    contract = tx.get(Contract, held.contract_id) if held.contract_id else None
    for source in (about, order, ticket, contract):
        if source is not None and held.customer_id is None and held.contact_id is None:
            held.customer_id, held.contact_id = source.customer_id, source.contact_id
    if not any((held.work_order_id, held.ticket_id, held.contract_id, held.customer_id, held.contact_id)):
        raise InvalidInput(_("Say what it was spent on: --ticket, --order, --contract or --customer."))
    return held


def ledger(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    about: About | None = None,
    what: str = "",
    since: date | None = None,
    until: date | None = None,
    key: int | None = None,
    conditions: Sequence[Any] = (),
) -> list[CostView]:
    """Return entries of the ledger in the order of their ids, from the one that follows `after`. Three statements."""
    c = cost.c
    said = about or About()
    bounds = (
        (c.id, gt, after), (c.day, ge, since), (c.day, le, until), (c.id, eq, key), (c.what, eq, what or None),
        (c.ticket_id, eq, said.ticket_id), (c.work_order_id, eq, said.work_order_id),
        (c.contract_id, eq, said.contract_id), (c.customer_id, eq, said.customer_id),
    )  # fmt: skip
    held = [compare(column, value) for column, compare, value in bounds if value is not None]
    rows = reader.rows(select(cost).where(*held, *conditions).order_by(c.id).limit(limit))
    people = logins(reader, (row.user_id for row in rows))
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    return [
        CostView(
            id=row.id, day=row.day, what=row.what, amount=row.amount, currency=row.currency, rate=row.rate,
            worth=row.worth, minutes=row.minutes, user=people.get(row.user_id, ""), ticket_id=row.ticket_id,
            ticket=f"T{row.ticket_id}" if row.ticket_id else "", work_order_id=row.work_order_id,
            work_order=f"W{row.work_order_id}" if row.work_order_id else "", contract_id=row.contract_id,
            customer_id=row.customer_id, customer=customers.get(row.customer_id, ""), entity=row.entity,
            record_id=row.record_id, note=row.note,
        )
        for row in rows
    ]  # fmt: skip
