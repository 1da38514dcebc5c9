"""How it stands at the telephones now: queues, agents, calls that go on, callbacks that are late. Seven statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import and_, func, or_, select

from crmcore.api import PluginReader, Reader, here, tables
from crmcore_callcenter.callbacks.views import CallbackView, page
from crmcore_callcenter.figures.measures import ABANDONED, ANSWERED, IN_TIME, OFFERED, QUEUED
from crmcore_callcenter.tables import agent, call, callback, member, presence, queue

AnyReader = Reader | PluginReader
_MOST, _LATE = 1_000, 20


@frozen(kw_only=True)
class QueueNow:
    """A queue: who waits in it and how long, and what became of today's calls. `id` is None for calls of no queue.

    `longest` is in seconds; `in_time_rate` and `abandon_rate` in per cent of the calls offered, None of none.
    """

    id: int | None
    name: str
    waiting: int
    longest: int | None
    late: bool
    offered: int
    answered: int
    in_time: int
    in_time_rate: float | None
    abandoned: int
    abandon_rate: float | None
    overdue: int


@frozen(kw_only=True)
class AgentNow:
    """An agent: what they do, since when, and with whom they talk; empty where nothing was said of them."""

    id: int
    name: str
    state: str
    reason: str
    since: datetime | None
    seconds: int | None
    call: int | None
    with_whom: str


@frozen(kw_only=True)
class CallNow:
    """A call that goes on: `party` is who is outside, by name or else by number; `agents` who of us takes part."""

    id: int
    direction: str
    status: str
    started_at: datetime
    seconds: int
    party: str
    number: str
    queue: str
    agents: Sequence[str]


@frozen(kw_only=True)
class Board:
    """How it stands at an instant; `callbacks` are the first of those that are late, `overdue` is how many."""

    at: datetime
    queues: Sequence[QueueNow]
    agents: Sequence[AgentNow]
    calls: Sequence[CallNow]
    callbacks: Sequence[CallbackView]
    overdue: int


def standing(reader: AnyReader, queue_id: int | None = None) -> Board:
    """Return how it stands, of all queues or one: seven statements, however much goes on."""
    now, zone = reader.now, here(reader).zone
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = _calls(reader, queue_id)
    people = _agents(reader, queue_id)
    busy: dict[int, list[str]] = defaultdict(list)
    for row in people:
        if row.call_id is not None and row.state in ("ringing", "talking"):
            busy[row.call_id].append(row.name)
    overdue = _overdue(reader, queue_id)
    going_on = {row.id: row for row in calls}
    return Board(
        at=now,
        queues=_queues(reader, queue_id, calls, overdue, _today(reader, queue_id, midnight)),
        agents=[_agent(row, going_on, now) for row in people],
        calls=[
            CallNow(
                id=row.id, direction=row.direction, status=row.status, started_at=row.started_at,
                seconds=_seconds(row.started_at, now), party=_party(row), number=_outside(row),
                queue=row.queue_name or "", agents=busy.get(row.id, []),
            )
            for row in calls
        ],
        callbacks=page(reader, limit=_LATE, queue_id=queue_id, overdue=True),
        overdue=sum(overdue.values()),
    )  # fmt: skip


def _calls(reader: AnyReader, queue_id: int | None) -> Sequence[Any]:
    """Return the calls that go on, the oldest first."""
    c, p, f, q = call.c, tables.contact.c, tables.customer.c, queue.c
    wanted = (
        select(
            c.id, c.direction, c.status, c.started_at, c.queued_at, c.answered, c.from_number, c.from_name,
            c.from_normal, c.to_number, c.to_normal, c.queue_id, p.name.label("contact_name"),
            f.name.label("customer_name"), q.name.label("queue_name"),
        )
        .select_from(
            call.outerjoin(tables.contact, p.id == c.contact_id)
            .outerjoin(tables.customer, f.id == c.customer_id)
            .outerjoin(queue, q.id == c.queue_id)
        )
        .where(c.ended_at.is_(None), c.status != "ended")
        .order_by(c.started_at, c.id)
        .limit(_MOST)
    )  # fmt: skip
    return reader.rows(wanted.where(c.queue_id == queue_id) if queue_id else wanted)


def _agents(reader: AnyReader, queue_id: int | None) -> Sequence[Any]:
    """Return the agents, and what each does now."""
    a, p, now = agent.c, presence.c, reader.now
    goes_on = and_(p.agent_id == a.id, p.from_at <= now, or_(p.until_at.is_(None), p.until_at > now))
    wanted = (
        select(a.id, a.name, p.state, p.reason, p.from_at, p.call_id)
        .select_from(agent.outerjoin(presence, goes_on))
        .where(a.active.is_(True))
        .order_by(a.name, a.id)
        .limit(_MOST)
    )
    if queue_id:
        wanted = wanted.where(a.id.in_(select(member.c.agent_id).where(member.c.queue_id == queue_id)))
    return reader.rows(wanted)


def _overdue(reader: AnyReader, queue_id: int | None) -> Mapping[int | None, int]:
    """Return how many callbacks of each queue are late."""
    b = callback.c
    wanted = (
        select(b.queue_id, func.count().label("n"))
        .where(b.status == "open", b.due_at < reader.now)
        .group_by(b.queue_id)
    )
    return {row.queue_id: row.n for row in reader.rows(wanted.where(b.queue_id == queue_id) if queue_id else wanted)}


def _today(reader: AnyReader, queue_id: int | None, midnight: datetime) -> Mapping[int | None, Any]:
    """Return what became of today's calls, by queue, as all figures count them."""
    c = call.c
    measures = {"offered": OFFERED, "answered": ANSWERED, "in_time": IN_TIME, "abandoned": ABANDONED}
    wanted = (
        select(c.queue_id, *(func.count().filter(one).label(name) for name, one in measures.items()))
        .select_from(QUEUED)
        .where(c.started_at >= midnight, c.direction == "in")
        .group_by(c.queue_id)
    )
    return {row.queue_id: row for row in reader.rows(wanted.where(c.queue_id == queue_id) if queue_id else wanted)}


def _queues(
    reader: AnyReader,
    queue_id: int | None,
    calls: Sequence[Any],
    overdue: Mapping[int | None, int],
    today: Mapping[int | None, Any],
) -> list[QueueNow]:
    q, now = queue.c, reader.now
    wanted = select(q.id, q.name, q.answer_seconds).where(q.active.is_(True)).order_by(q.name, q.id).limit(_MOST)
    waiting: dict[int | None, list[int]] = defaultdict(list)
    for row in calls:
        if row.direction == "in" and not row.answered:
            waiting[row.queue_id].append(_seconds(row.queued_at or row.started_at, now))
    rows = reader.rows(wanted.where(q.id == queue_id) if queue_id else wanted)
    found = [(row.id, row.name, row.answer_seconds) for row in rows]
    if queue_id is None and (waiting[None] or overdue.get(None) or getattr(today.get(None), "offered", 0)):
        found.append((None, "", None))
    told = []
    for key, name, in_time in found:
        day, longest = today.get(key), max(waiting[key], default=None)
        offered, answered, soon, gone = (
            (day.offered, day.answered, day.in_time, day.abandoned) if day is not None else (0, 0, 0, 0)
        )
        told.append(
            QueueNow(
                id=key, name=name, waiting=len(waiting[key]), longest=longest,
                late=longest is not None and in_time is not None and longest > in_time, offered=offered,
                answered=answered, in_time=soon, in_time_rate=_rate(soon, offered), abandoned=gone,
                abandon_rate=_rate(gone, offered), overdue=overdue.get(key, 0),
            )
        )  # fmt: skip
    return told


def _agent(row: Any, calls: Mapping[int, Any], now: datetime) -> AgentNow:
    with_whom = calls.get(row.call_id) if row.state in ("ringing", "talking") else None
    return AgentNow(
        id=row.id, name=row.name, state=row.state or "", reason=row.reason or "", since=row.from_at,
        seconds=None if row.from_at is None else _seconds(row.from_at, now), call=row.call_id,
        with_whom="" if with_whom is None else _party(with_whom),
    )  # fmt: skip


def _party(row: Any) -> str:
    """Return who is outside: the person, the company, what the telephone system calls them, or the number."""
    told = row.from_name if row.direction == "in" else ""
    return str(row.contact_name or row.customer_name or told or _outside(row))


def _outside(row: Any) -> str:
    return str((row.from_normal or row.from_number) if row.direction == "in" else (row.to_normal or row.to_number))


def _seconds(since: datetime, now: datetime) -> int:
    return max(int((now - since).total_seconds()), 0)


def _rate(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
