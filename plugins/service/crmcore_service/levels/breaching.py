"""Which clocks ran out, and which are about to: a list in the order in which they are due, and the condition of it."""

from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Integer, Row, and_, func, literal, null, or_, select

from crmcore.api import InvalidInput, Reader, tables
from crmcore_service.i18n import _
from crmcore_service.levels.promised import CLOCKS, NAMES, VISIT
from crmcore_service.tables import queue, ticket, work_order

_MINUTE = timedelta(minutes=1)


def breached(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a clock of a ticket ran out: it ended late, or is overdue now."""
    c = ticket.c
    return or_(
        *(
            and_(
                c[one.due].is_not(None),
                func.coalesce(c[one.end], c.resolved_at, c.closed_at, literal(now, c.closed_at.type)) > c[one.due],
            )
            for one in CLOCKS
        )
    )


def breaches(row: Row[Any], now: datetime) -> list[str]:
    """Return the names of the clocks of a ticket that ran out, of a row with its columns."""
    found = []
    for one in CLOCKS:
        due = getattr(row, one.due)
        if due is not None and (getattr(row, one.end) or row.resolved_at or row.closed_at or now) > due:
            found.append(one.name)
    return found


@frozen(kw_only=True)
class Breach:
    """A clock that runs and is due, of a ticket or of a work order; `key` is where the list goes on after it.

    `minutes` is the time since then, less than nothing before it; not that in working hours.
    """

    key: str
    clock: str
    due: datetime
    breached: bool
    minutes: int
    ticket: int | None
    order: int | None
    number: str
    subject: str
    priority: str
    status: str
    queue: str
    owner: str
    customer: str


@frozen(kw_only=True)
class Asked:
    """Which clocks are asked for: one or all, of a queue, due until then; `late`: only those overdue."""

    until: datetime
    clock: str = ""
    queue_id: int | None = None
    owner_id: int | None = None
    priority: str = ""
    late: bool = False


def page(reader: Reader, asked: Asked, *, limit: int, after: str = "") -> list[Breach]:
    """Return the clocks that run and are due, the earliest first: a statement for each clock.

    It goes on after the `key` of another. Raises `InvalidInput` for what is no such key.
    """
    until = reader.now if asked.late else asked.until
    last = _last(reader, after) if after else None
    found: list[Any] = []
    for rank, clock in enumerate(NAMES):
        if asked.clock in ("", clock):
            found += reader.rows(_statement(clock, rank, asked, until, last).limit(limit))
    found.sort(key=itemgetter(0, 1, 2))
    now = reader.now
    return [_view(row, now) for row in found[:limit]]


def _statement(clock: str, rank: int, asked: Asked, until: datetime, last: tuple[datetime, int, int] | None) -> Any:
    due, wanted = _visits(asked, rank) if clock == VISIT else _tickets(clock, asked, rank)
    key = (work_order if clock == VISIT else ticket).c.id
    wanted = wanted.where(due <= until).order_by(due, key)
    if last is None:
        return wanted
    at, place, record = last
    behind = due > at if rank < place else due >= at
    if rank == place:
        behind = and_(due >= at, or_(due > at, key > record))
    return wanted.where(behind)


def _told(source: Any, due: Any, rank: int, of: Any, owner: Any, *more: Any) -> Any:
    """Return the select of (due, rank, id, subject, status, customer, queue, owner, priority, ticket) of a source."""
    p, u = tables.customer.c, tables.user_account.c
    columns = (due.label("due"), literal(rank, Integer).label("rank"), of.id, of.subject, of.status)
    named = (p.name.label("customer"), queue.c.name.label("queue"), u.login.label("owner"))
    return select(*columns, *named, *more).select_from(
        source.outerjoin(tables.customer, p.id == of.customer_id)
        .outerjoin(queue, queue.c.id == ticket.c.queue_id)
        .outerjoin(tables.user_account, u.id == owner)
    )


def _tickets(clock: str, asked: Asked, rank: int) -> tuple[ColumnElement[datetime], Any]:
    c = ticket.c
    one = next(each for each in CLOCKS if each.name == clock)
    wanted = _told(ticket, c[one.due], rank, c, c.owner_id, c.priority, null().label("ticket_id"))
    wanted = wanted.where(c.closed_at.is_(None), c[one.end].is_(None))
    if clock != "resolution":
        wanted = wanted.where(c.resolved_at.is_(None))
    for column, value in ((c.queue_id, asked.queue_id), (c.owner_id, asked.owner_id), (c.priority, asked.priority)):
        if value:
            wanted = wanted.where(column == value)
    return c[one.due], wanted


def _visits(asked: Asked, rank: int) -> tuple[ColumnElement[datetime], Any]:
    w, c = work_order.c, ticket.c
    owner = func.coalesce(w.technician_id, w.owner_id)
    source = work_order.outerjoin(ticket, c.id == w.ticket_id)
    priority = func.coalesce(c.priority, "").label("priority")
    wanted = _told(source, w.due_at, rank, w, owner, priority, w.ticket_id).where(
        w.closed_at.is_(None), w.visited_at.is_(None), w.done_at.is_(None)
    )
    for column, value in ((c.queue_id, asked.queue_id), (owner, asked.owner_id), (c.priority, asked.priority)):
        if value:
            wanted = wanted.where(column == value)
    return w.due_at, wanted


def _last(reader: Reader, key: str) -> tuple[datetime, int, int]:
    clock, _colon, number = key.partition(":")
    if clock in NAMES and number.isdigit() and len(number) < 19:
        table = work_order if clock == VISIT else ticket
        column = table.c.due_at if clock == VISIT else table.c[next(one.due for one in CLOCKS if one.name == clock)]
        due = reader.value(select(column).where(table.c.id == int(number)))
        if due is not None:
            return due, NAMES.index(clock), int(number)
    raise InvalidInput(
        _("“{key}” is no clock that runs; write the last one shown, such as response:12.").format(key=key)
    )


def _view(row: Any, now: datetime) -> Breach:
    due, rank, key, subject, status, customer, queued, owner, priority, ticket_id = row
    clock = NAMES[rank]
    on_site = clock == VISIT
    return Breach(
        key=f"{clock}:{key}", clock=clock, due=due, breached=due <= now, minutes=(now - due) // _MINUTE,
        ticket=ticket_id if on_site else key, order=key if on_site else None,
        number=f"{'W' if on_site else 'T'}{key}", subject=subject, priority=priority, status=status,
        queue=queued or "", owner=owner or "", customer=customer or "",
    )  # fmt: skip
