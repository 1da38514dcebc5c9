"""Tickets as lists and programs see them. Set-wise, bounded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.api import NotFound, tables
from crmcore_service.assets.parties import AnyReader
from crmcore_service.i18n import _
from crmcore_service.levels.breaching import breached, breaches
from crmcore_service.tables import asset, category, contract, level, post, queue, ticket


@frozen(kw_only=True)
class Named:
    """A record by id and name."""

    id: int
    name: str


@frozen(kw_only=True)
class TicketView:
    """A ticket as listed. `breached` names the clocks that ran out, `interactions` are the ids of its thread."""

    id: int
    number: str
    subject: str
    customer: Named | None
    contact: Named | None
    channel: str
    queue: Named | None
    category: Named | None
    priority: str
    status: str
    owner: str
    level: Named | None
    asset: Named | None
    contract: Named | None
    opened_at: datetime
    assigned_at: datetime | None
    first_response_due: datetime | None
    responded_at: datetime | None
    resolution_due: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    owner_due: datetime | None
    paused_at: datetime | None
    breached: bool
    breaches: Sequence[str]
    reopened: int
    cause: str
    resolution: str
    at_risk: bool
    merged_into: int | None
    interactions: Sequence[int]
    note: str
    custom: Mapping[str, Any]
    details: Mapping[str, Any]
    source: str
    entered_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


_TOLD = (
    "id", "subject", "channel", "priority", "status", "opened_at", "assigned_at", "responded_at", "resolution_due",
    "resolved_at", "closed_at", "owner_due", "paused_at", "reopened", "cause", "resolution", "at_risk", "note",
    "custom", "details", "source", "entered_at", "version", "created_at", "updated_at",
)  # fmt: skip
_LOOKED_AT = (
    "response_due", "merged_into_id", "contact_id", "customer_id", "queue_id", "category_id", "level_id", "asset_id",
    "contract_id",
)  # fmt: skip


@frozen(kw_only=True)
class Asked:
    """Which tickets are asked for; what is empty does not matter. Without `all` and `status`: those under way."""

    queue_id: int | None = None
    category_id: int | None = None
    status: str = ""
    priority: str = ""
    owner_id: int | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    asset_id: int | None = None
    channel: str = ""
    text: str = ""
    breached: bool = False
    unassigned: bool = False
    at_risk: bool = False
    all: bool = False


def statement(asked: Asked, now: datetime) -> Select[Any]:
    """Return the statement for the tickets that are asked for, in the order of their ids."""
    t = ticket.c
    wanted = select(ticket).order_by(t.id)
    for column, value in (
        (t.queue_id, asked.queue_id), (t.category_id, asked.category_id), (t.status, asked.status),
        (t.priority, asked.priority), (t.owner_id, asked.owner_id), (t.customer_id, asked.customer_id),
        (t.contact_id, asked.contact_id), (t.asset_id, asked.asset_id), (t.channel, asked.channel),
    ):  # fmt: skip
        if value:
            wanted = wanted.where(column == value)
    if not asked.all and not asked.status:
        wanted = wanted.where(t.closed_at.is_(None))
    if asked.unassigned:
        wanted = wanted.where(t.owner_id.is_(None))
    if asked.at_risk:
        wanted = wanted.where(t.at_risk.is_(True))
    if asked.text:
        wanted = wanted.where(t.subject.icontains(asked.text, autoescape=True))
    return wanted.where(breached(now)) if asked.breached else wanted


def views(reader: AnyReader, wanted: Select[Any]) -> list[TicketView]:
    """Return the tickets that a statement selects whole, in its order: two statements, however many there are."""
    c, p = tables.contact.c, tables.customer.c
    inner = wanted.subquery("t")
    n = inner.c
    rows = reader.rows(
        select(
            *(n[name] for name in (*_TOLD, *_LOOKED_AT)),
            c.name.label("contact_name"), p.name.label("customer_name"), queue.c.name.label("queue_name"),
            category.c.name.label("category_name"), level.c.name.label("level_name"),
            asset.c.product.label("asset_name"), contract.c.name.label("contract_name"),
            tables.user_account.c.login.label("owner_login"),
        )
        .select_from(
            inner.outerjoin(tables.contact, c.id == n.contact_id)
            .outerjoin(tables.customer, p.id == n.customer_id)
            .outerjoin(queue, queue.c.id == n.queue_id)
            .outerjoin(category, category.c.id == n.category_id)
            .outerjoin(level, level.c.id == n.level_id)
            .outerjoin(asset, asset.c.id == n.asset_id)
            .outerjoin(contract, contract.c.id == n.contract_id)
            .outerjoin(tables.user_account, tables.user_account.c.id == n.owner_id)
        )
        .order_by(n.id)
    )  # fmt: skip
    threads = _threads(reader, [row.id for row in rows]) if rows else {}
    return [_view(row, threads.get(row.id, ()), reader.now) for row in rows]


def view(reader: AnyReader, key: int) -> TicketView:
    """Return a ticket; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(ticket).where(ticket.c.id == key))
    if not found:
        raise NotFound(_("There is no ticket {id}.").format(id=f"T{key}"))
    return found[0]


def _view(row: Any, thread: Sequence[int], now: datetime) -> TicketView:
    late = breaches(row, now)
    (
        response_due, merged_into, contact_id, customer_id, queue_id, category_id, level_id, asset_id, contract_id,
        contact_name, customer_name, queue_name, category_name, level_name, asset_name, contract_name, owner,
    ) = row[len(_TOLD) :]  # fmt: skip
    return TicketView(
        **dict(zip(_TOLD, row, strict=False)),
        number=f"T{row.id}",
        customer=_named(customer_id, customer_name),
        contact=_named(contact_id, contact_name),
        queue=_named(queue_id, queue_name),
        category=_named(category_id, category_name),
        level=_named(level_id, level_name),
        asset=_named(asset_id, asset_name),
        contract=_named(contract_id, contract_name),
        owner=owner or "",
        first_response_due=response_due,
        breached=bool(late),
        breaches=late,
        merged_into=merged_into,
        interactions=thread,
    )


def _threads(reader: AnyReader, ids: Sequence[int]) -> dict[int, list[int]]:
    """Return the interactions of tickets in their order, by the ticket: one statement."""
    p = post.c
    wanted = select(p.ticket_id, p.interaction_id).where(p.ticket_id.in_(ids)).order_by(p.at, p.id)
    found: dict[int, list[int]] = defaultdict(list)
    for row in reader.rows(wanted):
        found[row.ticket_id].append(row.interaction_id)
    return found


def _named(key: int | None, name: str | None) -> Named | None:
    return Named(id=key, name=name) if key is not None and name is not None else None
