"""A clock of a ticket or work order, reckoned: when it is due, how long it ran, and what happens next on its way."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Row

from crmcore.api import Calendar
from crmcore_service.levels.promised import CLOCKS, VISIT, Promised, Step, Target, allowance
from crmcore_service.levels.reckoning import Pause, runs_out, worked

RESOLVED = "resolved"
"""The state of the pause between the end of a ticket and its reopening: there every clock stands still."""


@frozen(kw_only=True)
class Running:
    """A clock: since when, until when (None: it runs), how long it may, when it is due, and its steps to come.

    `due` is None where nothing is promised, and while it stands still. `left` is the working time until then.
    """

    clock: str
    start: datetime
    end: datetime | None
    target: Target | None
    allowance: timedelta | None
    due: datetime | None
    used: timedelta
    steps: tuple[tuple[Step, datetime], ...]

    @property
    def left(self) -> timedelta | None:
        """How much of what it may run is left."""
        return None if self.allowance is None else self.allowance - self.used


Taken = tuple[int, str, int]
"""A step that was taken: its id, 0 for one of no level, of which clock, and in which round."""


@frozen
class Fired:
    """The steps that were taken; which round it is now, and when that began; when the record was `imported`."""

    steps: frozenset[Taken]
    round: int = 0
    since: datetime | None = None
    imported: datetime | None = None

    def is_open(self, step: Step, at: datetime) -> bool:
        """Return whether a step is still to be taken in this round; not what was due before an import brought it."""
        if self.imported is not None and at < self.imported:
            return False
        if (step.id, step.clock, self.round) in self.steps:
            return False
        before = any((number, clock) == (step.id, step.clock) for number, clock, _round in self.steps)
        return not (before and self.since is not None and at < self.since)


@frozen(kw_only=True)
class _Course:
    """What the clocks of one record have in common."""

    calendar: Calendar
    pauses: Sequence[Pause]
    fired: Fired
    now: datetime


def of_ticket(
    row: Row[Any], level: Promised, calendar: Calendar, pauses: Sequence[Pause], taken: frozenset[Taken],
    now: datetime,
) -> Iterator[Running]:  # fmt: skip
    """Yield the clocks of a ticket; `pauses` are those that count, `taken` the steps that were."""
    since = max((one.ends for one in pauses if one.state == RESOLVED and one.ends is not None), default=None)
    fired = Fired(taken, row.reopened, since, _imported(row))
    course = _Course(calendar=calendar, pauses=pauses, fired=fired, now=now)
    start = row.opened_at
    for clock in CLOCKS:
        end = getattr(row, clock.end) or row.resolved_at or row.closed_at
        target = level.target(clock.name, row.priority)
        allowed = due = None
        if target is not None:
            allowed = allowance(calendar, start, target)
            due = runs_out(calendar, start, allowed, pauses, end)
            if target.days and due == calendar.add(start, allowed):
                due = calendar.add_days(start, target.days)
        steps = level.steps_of(clock.name, row.priority)
        yield _running(course, clock.name, start, end, target, allowed, due, steps)


def of_order(row: Row[Any], level: Promised, calendar: Calendar, taken: frozenset[Taken], now: datetime) -> Running:
    """Return the clock of a work order, which is due when that says."""
    allowed = None if row.due_at is None else calendar.between(row.opened_at, row.due_at)
    end = min((at for at in (row.visited_at, row.done_at, row.closed_at) if at is not None), default=None)
    course = _Course(calendar=calendar, pauses=(), fired=Fired(taken, imported=_imported(row)), now=now)
    steps = level.steps_of(VISIT, row.priority or "")
    return _running(course, VISIT, row.opened_at, end, None, allowed, row.due_at, steps)


def _imported(row: Row[Any]) -> datetime | None:
    return row.created_at if row.batch_id is not None else None


def _running(
    course: _Course, name: str, start: datetime, end: datetime | None, target: Target | None,
    allowed: timedelta | None, due: datetime | None, steps: Sequence[Step],
) -> Running:  # fmt: skip
    coming = []
    for step in steps if end is None else ():
        at = _instant(course, start, allowed, due, step)
        if at is not None and course.fired.is_open(step, at):
            coming.append((step, at))
    return Running(
        clock=name, start=start, end=end, target=target, allowance=allowed, due=due,
        used=worked(course.calendar, start, end or course.now, course.pauses), steps=tuple(coming),
    )  # fmt: skip


def _instant(
    course: _Course, start: datetime, allowed: timedelta | None, due: datetime | None, step: Step
) -> datetime | None:
    """Return when a step is to be taken; None while that cannot be told."""
    counted = timedelta(minutes=step.minutes)
    if step.counted == "due":
        if allowed is None or not counted:
            return due
        counted += allowed
    return runs_out(course.calendar, start, counted, course.pauses)
