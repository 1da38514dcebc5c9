"""Work orders as lists and programs see them, and what a customer is told of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from crmcore.api import NotFound, PluginReader, Reader, here, logins, names, tables
from crmcore_service.assets.parties import Named, named
from crmcore_service.i18n import _
from crmcore_service.orders.keeping import UNDER_WAY, number
from crmcore_service.tables import asset, contract, ticket, visit, work_order

_TOLD = (
    "id", "subject", "kind", "status", "opened_at", "due_at", "promised_on", "starts_at", "ends_at", "visited_at",
    "done_at", "closed_at", "place", "latitude", "longitude", "skill", "skill_level", "fixed", "cause", "result",
    "note", "source", "custom", "version", "created_at", "updated_at",
)  # fmt: skip
_MOST = 20


@frozen(kw_only=True)
class OrderView:
    """A work order; `number` is what it is called, `late` says that nobody came by when somebody must have.

    `technician` and `owner` are logins, `ticket` the number of a ticket; times are in UTC.
    """

    id: int
    number: str
    subject: str
    kind: str
    status: str
    customer: Named | None
    contact: Named | None
    ticket: str
    asset: Named | None
    contract: Named | None
    technician: str
    owner: str
    opened_at: datetime
    due_at: datetime | None
    promised_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    visited_at: datetime | None
    done_at: datetime | None
    closed_at: datetime | None
    late: bool
    place: str
    latitude: float | None
    longitude: float | None
    skill: str
    skill_level: int | None
    visits: int
    fixed: bool | None
    cause: str
    result: str
    note: str
    source: str
    custom: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


@frozen(kw_only=True)
class Asked:
    """What work orders are asked for; what is empty does not matter. `open`: those that are not over."""

    status: str = ""
    kind: str = ""
    open: bool = False
    late: bool = False
    unplanned: bool = False
    technician_id: int | None = None
    owner_id: int | None = None
    customer_id: int | None = None
    ticket_id: int | None = None
    asset_id: int | None = None


@frozen(kw_only=True)
class Told:
    """What a customer is told of a work order: who comes, by first name, and by when."""

    number: str
    subject: str
    status: str
    technician: str
    promised_on: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    visited_at: datetime | None
    done_at: datetime | None


def page(reader: Reader, asked: Asked, *, limit: int, after: int | None = None) -> list[OrderView]:
    """Return work orders in the order of their numbers, from the one that follows `after`: ten statements at most."""
    c = work_order.c
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (c.status, asked.status), (c.kind, asked.kind), (c.technician_id, asked.technician_id),
            (c.owner_id, asked.owner_id), (c.customer_id, asked.customer_id), (c.ticket_id, asked.ticket_id),
            (c.asset_id, asked.asset_id),
        )
        if value
    ]  # fmt: skip
    if asked.open or asked.unplanned:
        conditions.append(c.closed_at.is_(None))
    if asked.unplanned:
        conditions.append(c.starts_at.is_(None))
    if asked.late:
        conditions.append(late(reader.now, here(reader).today))
    if after is not None:
        conditions.append(c.id > after)
    return _views(reader, select(work_order).where(*conditions).order_by(c.id).limit(limit))


def one(reader: Reader, order_id: int) -> OrderView:
    """Return a work order; raises `NotFound` for one that is absent or hidden."""
    found = _views(reader, select(work_order).where(work_order.c.id == order_id))
    if not found:
        raise NotFound(_("There is no work order {id}.").format(id=order_id))
    return found[0]


def late(now: datetime, today: date) -> ColumnElement[bool]:
    """Return the condition that nobody came to a work order: by when the level says, or on the promised day."""
    c = work_order.c
    silent = and_(c.visited_at.is_(None), c.due_at < now)
    return and_(c.closed_at.is_(None), c.status != UNDER_WAY, or_(silent, c.promised_on < today))


def told(reader: Reader | PluginReader, ticket_id: int) -> tuple[Told, ...]:
    """Return what the customer of a ticket is told of its work orders, the newest first: one statement."""
    c, u = work_order.c, tables.user_account.c
    wanted = select(work_order, u.name.label("person")).outerjoin(tables.user_account, u.id == c.technician_id)
    rows = reader.rows(wanted.where(c.ticket_id == ticket_id).order_by(c.opened_at.desc(), c.id.desc()).limit(_MOST))
    same = ("subject", "status", "promised_on", "starts_at", "ends_at", "visited_at", "done_at")
    return tuple(
        Told(**{name: getattr(row, name) for name in same}, number=number(row.id), technician=first_name(row.person))
        for row in rows
    )


def first_name(name: str | None) -> str:
    """Return the first name of a person: `Tom` of Tom Weber, `小明` of 王小明."""
    said = (name or "").strip()
    if " " in said or said.isascii():
        return said.partition(" ")[0]
    return said[1:] if len(said) in (2, 3) else said[2:] or said


def _views(reader: Reader, statement: Select[Any]) -> list[OrderView]:
    rows = reader.rows(statement)
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    contracts = names(reader, contract, (row.contract_id for row in rows))
    users = logins(reader, [each for row in rows for each in (row.owner_id, row.technician_id)])
    a, v = asset.c, visit.c
    wanted = select(a.id, a.product, a.serial).where(a.id.in_({row.asset_id for row in rows if row.asset_id}))
    assets = {row.id: f"{row.product} {row.serial}".strip() for row in reader.rows(wanted)}
    seen = select(ticket.c.id).where(ticket.c.id.in_({row.ticket_id for row in rows if row.ticket_id}))
    tickets = {row.id for row in reader.rows(seen)}
    of_each = select(v.work_order_id, func.count().label("n")).where(v.work_order_id.in_([row.id for row in rows]))
    counts = {row.work_order_id: row.n for row in reader.rows(of_each.group_by(v.work_order_id))}
    today = here(reader).today
    return [
        OrderView(
            **{name: getattr(row, name) for name in _TOLD},
            number=number(row.id),
            customer=named(customers, row.customer_id),
            contact=named(contacts, row.contact_id),
            ticket=f"T{row.ticket_id}" if row.ticket_id in tickets else "",
            asset=named(assets, row.asset_id),
            contract=named(contracts, row.contract_id),
            technician=users.get(row.technician_id, ""),
            owner=users.get(row.owner_id, ""),
            late=_is_late(row, reader.now, today),
            visits=counts.get(row.id, 0),
        )
        for row in rows
    ]


def _is_late(row: Any, now: datetime, today: date) -> bool:
    if row.closed_at is not None or row.status == UNDER_WAY:
        return False
    silent = row.visited_at is None and row.due_at is not None and row.due_at < now
    return silent or (row.promised_on is not None and row.promised_on < today)
