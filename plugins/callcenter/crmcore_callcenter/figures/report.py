"""The figures of calls over some days: as a whole, and by queue, agent, hour, day or wrap-up code.

What is counted how is said in `measures`, `answering` and `occupancy`. Calls count in the period in which they began,
callbacks in that in which they were asked for. A call is its agent's who had it last (`call.owner_id`). Six statements,
however many calls, over what the reader may see.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from attrs import field, frozen
from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal, null, or_, select

from crmcore.api import Instant, Reader, here, logins, names
from crmcore_callcenter.figures import measures as m
from crmcore_callcenter.figures.answering import Waited, waited
from crmcore_callcenter.figures.instants import DAY, HOUR, epoch, local, slot, slot_name
from crmcore_callcenter.figures.occupancy import Occupied, occupied
from crmcore_callcenter.tables import agent, call, callback, presence, queue, wrap_code

BY = ("queue", "agent", "hour", "day", "wrap-code")
_SIZES = {"hour": HOUR, "day": DAY}
_c, _b = call.c, callback.c

_COUNTS: Mapping[str, ColumnElement[Any]] = {
    "calls": func.count(),
    "calls_in": func.count().filter(m.INBOUND),
    "calls_out": func.count().filter(m.OUTBOUND),
    "internal": func.count().filter(m.INTERNAL),
    "answered": func.count().filter(m.ANSWERED),
    "reached": func.count().filter(m.REACHED),
    "offered": func.count().filter(m.OFFERED),
    "in_time": func.count().filter(m.IN_TIME),
    "abandoned": func.count().filter(m.ABANDONED),
    "short_abandons": func.count().filter(m.SHORT),
    "talked": func.count(_c.talk_seconds).filter(_c.answered),
    "talk_seconds": func.coalesce(func.sum(_c.talk_seconds), 0),
    "hold_seconds": func.coalesce(func.sum(_c.hold_seconds), 0),
    "transfers": func.coalesce(func.sum(_c.transfers), 0),
}


@frozen(kw_only=True)
class Line:
    """The figures of a queue, agent, hour, day or wrap-up code; of all without a `key`.

    `answered` are inbound calls, `reached` outbound ones; `talked` are calls, of both, of which the time is known.
    `first_contacts` are those of which it is known whether they resolved it, `resolved` those that did. `callbacks` are
    those done, given up or overdue, `callbacks_kept` those done in time. Seconds are sums.
    """

    key: Any = None
    name: str = ""
    calls: int = 0
    calls_in: int = 0
    calls_out: int = 0
    internal: int = 0
    answered: int = 0
    reached: int = 0
    offered: int = 0
    in_time: int = 0
    abandoned: int = 0
    short_abandons: int = 0
    talked: int = 0
    talk_seconds: int = 0
    hold_seconds: int = 0
    wrapped: int = 0
    wrap_seconds: int = 0
    transfers: int = 0
    first_contacts: int = 0
    resolved: int = 0
    callbacks: int = 0
    callbacks_kept: int = 0
    answer: Waited = field(factory=Waited)
    occupied: Occupied = field(factory=Occupied)


@frozen(kw_only=True)
class Figures:
    """The figures of the days from `since` to `until`, both in it: the `whole`, and its `lines` by what was asked.

    `again_days` and `short_seconds` are the settings they rest on.
    """

    by: str
    since: date
    until: date
    whole: Line
    lines: Sequence[Line]
    again_days: int
    short_seconds: int


def figures(reader: Reader, by: str, since: date, until: date, *, queue_id: int | None = None) -> Figures:
    """Return them, of one queue where that is said: six statements, the names, and the settings."""
    place = here(reader)
    begin, end = (datetime.combine(day, time(), place.zone) for day in (since, until + timedelta(days=1)))
    conditions = [_c.started_at >= begin, _c.started_at < end]
    if queue_id is not None:
        conditions.append(_c.queue_id == queue_id)

    def key(at: ColumnElement[Any], plain: Mapping[str, Any]) -> Any:
        if by in _SIZES:
            seconds = slot(local(at, place.zone, begin, end), _SIZES[by])
            return seconds % 24 if by == "hour" else seconds
        return plain[by] if by in plain else cast(null(), Integer)

    of_call = key(_c.started_at, {"queue": _c.queue_id, "agent": _c.owner_id, "wrap-code": _c.wrap_code_id})
    parts: dict[Any, dict[str, Any]] = {}

    def note(found: Any, *, slots: bool = True) -> None:
        for at, values in found:
            told = slot_name(by, at) if by in _SIZES and slots else at
            parts.setdefault(told, {}).update(values)

    note(_counted(reader, of_call, conditions))
    note(_wrapped(reader, of_call, conditions))
    note(_first_contacts(reader, of_call, conditions))
    asked = [_b.asked_at >= begin, _b.asked_at < end]
    asked += [] if queue_id is None else [_b.queue_id == queue_id]
    note(_called_back(reader, key(_b.asked_at, {"queue": _b.queue_id, "agent": _b.owner_id}), asked))
    answer, answers = waited(reader, of_call, conditions)
    note((at, {"answer": one}) for at, one in answers.items())
    busy = Occupied()
    if queue_id is None:  # agents answer several queues: their time is of none of them
        busy, times = occupied(reader, by, place.zone, begin, end)
        note(((at, {"occupied": one}) for at, one in times.items()), slots=False)
    sums: dict[str, Any] = _summed(parts.values())
    whole = Line(**sums, answer=answer, occupied=busy)
    return Figures(
        by=by, since=since, until=until, whole=whole, lines=_lines(reader, by, parts),
        again_days=int(reader.setting("callcenter.again_days")),
        short_seconds=int(reader.setting("callcenter.short_seconds")),
    )  # fmt: skip


def _counted(reader: Reader, key: Any, conditions: Sequence[Any]) -> Any:
    rows = reader.rows(
        select(key.label("key"), *(one.label(name) for name, one in _COUNTS.items()))
        .select_from(m.QUEUED)
        .where(*conditions)
        .group_by("key")
    )
    return [(row.key, {name: int(row._mapping[name]) for name in _COUNTS}) for row in rows]


def _wrapped(reader: Reader, key: Any, conditions: Sequence[Any]) -> Any:
    """Return how long agents wrapped up, as their presence tells; what is not over counts until now."""
    p, now = presence.c, reader.now
    until = case((p.until_at <= now, p.until_at), else_=literal(now, Instant()))
    rows = reader.rows(
        select(
            key.label("key"), func.count(_c.id.distinct()).label("n"),
            func.sum(epoch(until) - epoch(p.from_at)).label("seconds"),
        )
        .select_from(presence.join(call, _c.id == p.call_id))
        .where(p.state == "wrapping", p.from_at <= now, *conditions)
        .group_by("key")
    )  # fmt: skip
    return [(row.key, {"wrapped": row.n, "wrap_seconds": int(row.seconds)}) for row in rows]


def _first_contacts(reader: Reader, key: Any, conditions: Sequence[Any]) -> Any:
    each = (  # by itself, else SQLite asks of every call twice whether they called again
        select(key.label("key"), m.RESOLVED.label("resolved"))
        .select_from(m.SUMMED_UP)
        .where(m.FIRST, *conditions)
        .cte("first_contacts")
        .prefix_with("MATERIALIZED", dialect="sqlite")
    )
    alike = select(each.c.key, each.c.resolved, func.count().label("n")).group_by(each.c.key, each.c.resolved)
    found: dict[Any, dict[str, int]] = {}
    for row in reader.rows(alike.params(now=reader.now)):
        if row.resolved is None:
            continue
        one = found.setdefault(row.key, {"first_contacts": 0, "resolved": 0})
        one["first_contacts"] += row.n
        one["resolved"] += row.n * row.resolved
    return found.items()


def _called_back(reader: Reader, key: Any, conditions: Sequence[Any]) -> Any:
    rows = reader.rows(
        select(
            key.label("key"), func.count().label("n"),
            func.count().filter(and_(_b.status == "done", _b.done_at <= _b.due_at)).label("kept"),
        )
        .where(or_(_b.status != "open", _b.due_at < reader.now), *conditions)
        .group_by("key")
    )  # fmt: skip
    return [(row.key, {"callbacks": row.n, "callbacks_kept": row.kept}) for row in rows]


def _summed(parts: Any) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in parts:
        for name, value in one.items():
            if isinstance(value, int):
                sums[name] = sums.get(name, 0) + value
    return sums


def _lines(reader: Reader, by: str, parts: Mapping[Any, dict[str, Any]]) -> list[Line]:
    """Return the lines by name; hours and days in their order. What is nobody's comes last."""
    if by not in BY:
        return []
    if by in _SIZES:
        return [Line(key=key, name=key, **parts[key]) for key in sorted(parts)]
    if by == "agent":
        called = logins(reader, [key for key in parts if key and key > 0])
        called |= {-key: name for key, name in names(reader, agent, [-key for key in parts if key and key < 0]).items()}
    else:
        called = names(reader, queue if by == "queue" else wrap_code, parts)
    lines = [Line(key=key, name=called.get(key, ""), **one) for key, one in parts.items()]
    return sorted(lines, key=lambda one: (not one.name, one.name, one.key or 0))
