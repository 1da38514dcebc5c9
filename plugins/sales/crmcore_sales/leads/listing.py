"""Leads as lists and programs see them, with their clocks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Row, Select, or_, select, tuple_

from crmcore.api import NotFound, Reader, logins, names, tables
from crmcore_sales.i18n import _
from crmcore_sales.leads.clocks import Clocks, clocks
from crmcore_sales.leads.wanting import wanted
from crmcore_sales.pipeline.views import Named
from crmcore_sales.tables import lead

_TOLD = (
    "id", "title", "status", "opportunity_id", "interaction_id", "amount", "currency", "lead_source", "campaign",
    "region", "received_at", "assigned_at", "contacted_at", "escalated_at", "entered_at", "closed_at", "returned",
    "reason", "reason_note", "note", "custom", "version", "created_at", "updated_at",
)  # fmt: skip


@frozen(kw_only=True)
class LeadView:
    """A lead as listed; `wanted` is what it was said to want when it was handed over, by product, quantity, need_by.

    `owner_due` and `contact_due` are when it should have an owner, and have been contacted; None where that is done.
    `late` says that one of them has passed; times are in UTC.
    """

    id: int
    title: str
    status: str
    customer: Named | None
    contact: Named | None
    owner: str
    returned_by: str
    opportunity_id: int | None
    interaction_id: int | None
    amount: Decimal | None
    currency: str
    lead_source: str
    campaign: str
    region: str
    received_at: datetime
    assigned_at: datetime | None
    contacted_at: datetime | None
    escalated_at: datetime | None
    owner_due: datetime | None
    contact_due: datetime | None
    late: bool
    entered_at: datetime | None
    closed_at: datetime | None
    returned: int
    reason: str
    reason_note: str
    wanted: Mapping[str, str]
    note: str
    custom: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


@frozen(kw_only=True)
class Asked:
    """What leads are asked for; what is empty does not matter. `pool`: only those without an owner."""

    status: str = ""
    open: bool = False
    pool: bool = False
    waiting: bool = False
    late: bool = False
    owner_id: int | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    lead_source: str = ""
    campaign: str = ""
    region: str = ""


def page(reader: Reader, asked: Asked, *, limit: int, after: int | None = None) -> list[LeadView]:
    """Return leads, those that came last first, from the one that follows the lead `after`: six statements at most."""
    c = lead.c
    times = clocks(reader)
    statement = select(lead).where(*_conditions(reader, asked, times)).order_by(c.received_at.desc(), c.id.desc())
    if after is not None:
        last = reader.value(select(c.received_at).where(c.id == after))
        if last is None:
            raise NotFound(_("There is no lead {id}.").format(id=after))
        statement = statement.where(tuple_(c.received_at, c.id) < tuple_(last, after))
    return views(reader, statement.limit(limit), times)


def one(reader: Reader, lead_id: int) -> LeadView:
    """Return a lead; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(lead).where(lead.c.id == lead_id), clocks(reader))
    if not found:
        raise NotFound(_("There is no lead {id}.").format(id=lead_id))
    return found[0]


def late(now: datetime, times: Clocks) -> ColumnElement[bool]:
    """Return the condition that an open lead has had no owner, or none of our words, for longer than the clocks say."""
    c = lead.c
    ownerless = c.owner_id.is_(None) & (c.received_at <= times.before(now, times.owner_hours))
    silent = c.contacted_at.is_(None) & (c.received_at <= times.before(now, times.contact_hours))
    return c.closed_at.is_(None) & or_(ownerless, silent)


def _conditions(reader: Reader, asked: Asked, times: Clocks) -> list[ColumnElement[bool]]:
    c = lead.c
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (c.status, asked.status), (c.owner_id, asked.owner_id), (c.customer_id, asked.customer_id),
        (c.contact_id, asked.contact_id), (c.lead_source, asked.lead_source), (c.campaign, asked.campaign),
        (c.region, asked.region),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if asked.open or asked.pool or asked.waiting:
        found.append(c.closed_at.is_(None))
    if asked.pool:
        found.append(c.owner_id.is_(None))
    if asked.waiting:
        found.append(c.contacted_at.is_(None))
    if asked.late:
        found.append(late(reader.now, times))
    return found


def views(reader: Reader, statement: Select[Any], times: Clocks) -> list[LeadView]:
    """Return the leads that a statement selects whole, in its order: four statements, however many there are."""
    rows = reader.rows(statement)
    customers = names(reader, tables.customer, (row.customer_id for row in rows))
    contacts = names(reader, tables.contact, (row.contact_id for row in rows))
    users = logins(reader, [each for row in rows for each in (row.owner_id, row.returned_by_id)])
    return [_view(row, customers, contacts, users, times, reader.now) for row in rows]


def _view(
    row: Row[Any],
    customers: Mapping[int, str],
    contacts: Mapping[int, str],
    users: Mapping[int, str],
    times: Clocks,
    now: datetime,
) -> LeadView:
    open_ = row.closed_at is None
    owner = times.due(row.received_at, times.owner_hours) if open_ and row.owner_id is None else None
    contact = times.due(row.received_at, times.contact_hours) if open_ and row.contacted_at is None else None
    return LeadView(
        **{name: getattr(row, name) for name in _TOLD},
        wanted=wanted(row.details),
        customer=_named(customers, row.customer_id),
        contact=_named(contacts, row.contact_id),
        owner=users.get(row.owner_id, ""),
        returned_by=users.get(row.returned_by_id, ""),
        owner_due=owner,
        contact_due=contact,
        late=_passed((owner, contact), now),
    )


def _named(known: Mapping[int, str], key: int | None) -> Named | None:
    return Named(id=key, name=known[key]) if key is not None and key in known else None


def _passed(times: Sequence[datetime | None], now: datetime) -> bool:
    return any(one is not None and one <= now for one in times)
