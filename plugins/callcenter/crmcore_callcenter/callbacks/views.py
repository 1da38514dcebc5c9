"""Callbacks as lists show them."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, and_, func, or_, select

from crmcore.api import NotFound, PluginReader, Reader, here, tables
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import call, callback, queue

AnyReader = Reader | PluginReader


@frozen(kw_only=True)
class Named:
    """A record as lists show it: its id, and what it is called."""

    id: int
    name: str


@frozen(kw_only=True)
class CallbackView:
    """A callback: who is to be called, by when, how often they gave up (`attempts`) and were not reached (`tries`).

    `call` is the call in which they gave up first, or asked; `done_call` the one in which somebody was reached.
    """

    id: int
    number: str
    normal: str
    contact: Named | None
    customer: Named | None
    queue: Named | None
    asked_at: datetime
    due_at: datetime
    overdue: bool
    status: str
    why: str
    note: str
    owner: str
    attempts: int
    tries: int
    taken_at: datetime | None
    next_at: datetime | None
    done_at: datetime | None
    call: int | None
    done_call: int | None
    source: str
    version: int


_TOLD = (
    "id", "number", "normal", "asked_at", "due_at", "status", "why", "note", "attempts", "tries", "taken_at", "next_at",
    "done_at", "source", "version",
)  # fmt: skip


def page(
    reader: AnyReader,
    *,
    limit: int,
    after: int | None = None,
    queue_id: int | None = None,
    overdue: bool = False,
    ended: bool = False,
) -> list[CallbackView]:
    """Return callbacks, what is due first first: those that are owed, with `ended` all. Two statements at most."""
    b = callback.c
    wanted = select(callback).order_by(b.due_at, b.id).limit(limit)
    if not ended:
        wanted = wanted.where(b.status == "open")
    if queue_id:
        wanted = wanted.where(b.queue_id == queue_id)
    if overdue:
        wanted = wanted.where(b.status == "open", b.due_at < reader.now)
    if after is not None:
        due_at = reader.value(select(b.due_at).where(b.id == after))
        if due_at is None:
            raise NotFound(_("There is no callback {id}.").format(id=after))
        wanted = wanted.where(or_(b.due_at > due_at, and_(b.due_at == due_at, b.id > after)))
    return views(reader, wanted)


def view(reader: AnyReader, key: int) -> CallbackView:
    """Return a callback; raises `NotFound` for one that is absent."""
    found = views(reader, select(callback).where(callback.c.id == key))
    if not found:
        raise NotFound(_("There is no callback {id}.").format(id=key))
    return found[0]


def views(reader: AnyReader, wanted: Select[Any]) -> list[CallbackView]:
    """Return the callbacks that a statement selects whole, by when they are due: one statement.

    Who is unknown yet is whom the call is known to come from by now.
    """
    inner = wanted.subquery("b")
    n, c, p, u, k = inner.c, tables.contact.c, tables.customer.c, tables.user_account.c, call.c
    contact_id, customer_id = func.coalesce(n.contact_id, k.contact_id), func.coalesce(n.customer_id, k.customer_id)
    rows = reader.rows(
        select(
            *(n[name] for name in _TOLD), n.call_id, n.done_call_id, c.id.label("contact_id"),
            c.name.label("contact_name"), p.id.label("customer_id"), p.name.label("customer_name"),
            queue.c.id.label("queue_id"), queue.c.name.label("queue_name"), u.login,
        )
        .select_from(
            inner.outerjoin(call, k.id == n.call_id)
            .outerjoin(tables.contact, c.id == contact_id)
            .outerjoin(tables.customer, p.id == customer_id)
            .outerjoin(queue, queue.c.id == n.queue_id)
            .outerjoin(tables.user_account, u.id == n.owner_id)
        )
        .order_by(n.due_at, n.id)
    )  # fmt: skip
    return [
        CallbackView(
            **{name: getattr(row, name) for name in _TOLD},
            contact=_named(row.contact_id, row.contact_name),
            customer=_named(row.customer_id, row.customer_name),
            queue=_named(row.queue_id, row.queue_name),
            overdue=row.status == "open" and row.due_at < reader.now,
            owner=row.login or "",
            call=row.call_id,
            done_call=row.done_call_id,
        )
        for row in rows
    ]


def withheld_today(reader: AnyReader, queue_id: int | None = None) -> int:
    """Return how many gave up today who withheld their number, whom nobody can call back: two statements."""
    c, at = call.c, here(reader)
    midnight = reader.now.astimezone(at.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = select(func.count()).where(
        c.started_at >= midnight, c.direction == "in", c.abandoned.is_(True), c.from_normal == ""
    )  # fmt: skip
    return int(reader.value(wanted.where(c.queue_id == queue_id) if queue_id else wanted) or 0)


def _named(key: int | None, name: str | None) -> Named | None:
    return None if key is None else Named(id=key, name=name or "")
