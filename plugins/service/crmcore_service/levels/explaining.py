"""Why a clock shows what it shows: each time that counted, each that did not, and the reason."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Calendar, NotFound, Reader, logins
from crmcore_service.i18n import _
from crmcore_service.levels.reckoning import Pause, apart
from crmcore_service.levels.running import RESOLVED, Running
from crmcore_service.levels.saying import step_text, target_text
from crmcore_service.levels.standing import Standing, of_tickets
from crmcore_service.tables import escalation, ticket

_MOST = 500
_MINUTE = timedelta(minutes=1)


@frozen(kw_only=True)
class Stretch:
    """A time on a clock, whether it counted, why not, and the working minutes that it added."""

    starts: datetime
    ends: datetime
    counts: bool
    minutes: float
    why: str


@frozen(kw_only=True)
class ClockView:
    """A clock explained. `state` is met, late, running, overdue, still, or none where nothing is promised.

    `used` and `left` are working minutes; `stretches` are its times in order, the first 500.
    """

    clock: str
    target: str
    state: str
    started: datetime
    ended: datetime | None
    due: datetime | None
    used: float
    left: float | None
    stretches: Sequence[Stretch]
    steps: Sequence[Mapping[str, Any]]


@frozen(kw_only=True)
class Explained:
    """The clocks of a ticket, the level and calendar they run by, and the steps that were taken."""

    ticket: int
    number: str
    subject: str
    priority: str
    level: str
    calendar: str
    reckoned_by: str
    zone: str
    clocks: Sequence[ClockView]
    taken: Sequence[Mapping[str, Any]]


def explained(reader: Reader, ticket_id: int, clock: str = "") -> Explained:
    """Return the clocks of a ticket, or one of them, explained: twelve statements. Raises `NotFound`."""
    found = of_tickets(reader, ticket.c.id == ticket_id)
    if not found:
        raise NotFound(_("There is no ticket {id}.").format(id=ticket_id))
    one = found[0]
    calendar, level = one.calendar, one.level
    users = logins(reader, [each.user_id for each in level.steps] if level else [])
    return Explained(
        ticket=ticket_id, number=f"T{ticket_id}", subject=one.row.subject, priority=one.row.priority,
        level=level.name if level else "", calendar=one.named, reckoned_by=calendar.name if calendar else "",
        zone=calendar.zone.key if calendar else "",
        clocks=[
            _view(one, each, calendar, users, reader.now)
            for each in one.clocks
            if calendar is not None and clock in ("", each.clock)
        ],
        taken=_taken(reader, ticket_id),
    )  # fmt: skip


def _view(one: Standing, each: Running, calendar: Calendar, users: Mapping[int, str], now: datetime) -> ClockView:
    pauses = [p for p in one.pauses if p.state == RESOLVED or (one.level is not None and p.state in one.level.pauses)]
    end = each.end or now
    return ClockView(
        clock=each.clock, target=target_text(each.target) if each.target else "", state=_state(each, now),
        started=each.start, ended=each.end, due=each.due, used=_minutes(each.used),
        left=None if each.left is None else _minutes(each.left),
        stretches=list(_first(_stretches(calendar, each.start, end, pauses))),
        steps=[{"id": step.id, "at": at, "text": step_text(step, users)} for step, at in each.steps],
    )  # fmt: skip


def _state(each: Running, now: datetime) -> str:
    if each.target is None:
        return "none"
    if each.due is None:
        return "still"
    if each.end is not None:
        return "met" if each.end <= each.due else "late"
    return "running" if now <= each.due else "overdue"


def _first(found: Iterator[Stretch]) -> Iterator[Stretch]:
    for place, one in enumerate(found):
        if place == _MOST:
            return
        yield one


def _stretches(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """Yield the whole time between two instants, piece by piece."""
    at = start
    for one in apart(pauses, start, end):
        yield from _working(calendar, at, one.starts)
        at = one.ends or end
        why = (
            _("resolved until reopened")
            if one.state == RESOLVED
            else _("it stood in {state}").format(state=_(one.state))
        )
        yield Stretch(starts=one.starts, ends=at, counts=False, minutes=0, why=why)
    yield from _working(calendar, at, end)


def _working(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    at = start
    for begin, until in calendar.stretches(start, end):
        if begin > at:
            yield _closed(calendar, at, begin)
        yield Stretch(starts=begin, ends=until, counts=True, minutes=_minutes(until - begin), why="")
        at = until
    if end > at:
        yield _closed(calendar, at, end)


def _closed(calendar: Calendar, start: datetime, end: datetime) -> Stretch:
    first, last = (one.astimezone(calendar.zone) for one in (start, end - timedelta(microseconds=1)))
    days = (date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))
    free = [day.isoformat() for day in days if day in calendar.holidays and day not in calendar.workdays]
    why = _("closed: holiday {days}").format(days=", ".join(free)) if free else _("closed, by the calendar")
    return Stretch(starts=start, ends=end, counts=False, minutes=0, why=why)


def _taken(reader: Reader, ticket_id: int) -> list[dict[str, Any]]:
    c = escalation.c
    rows = reader.rows(select(escalation).where(c.ticket_id == ticket_id).order_by(c.at, c.id).limit(_MOST))
    users = logins(reader, [row.told_id for row in rows])
    return [
        {
            "step": row.step_id, "clock": row.clock, "round": row.round, "due": row.due_at, "at": row.at,
            "told": users.get(row.told_id or 0, ""), "task": row.task_id, "what": row.what,
        }
        for row in rows
    ]  # fmt: skip


def _minutes(working: timedelta) -> float:
    found = round(working / _MINUTE, 2)
    return int(found) if found == int(found) else found
