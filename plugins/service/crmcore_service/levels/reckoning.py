"""How long a clock ran, and when it runs out: working time of a calendar, without the pauses. Pure arithmetic."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from attrs import frozen

from crmcore.api import Calendar

_NONE = timedelta()


@frozen(kw_only=True)
class Pause:
    """A time in which a ticket stood in a `state`; `ends` is None while it does."""

    starts: datetime
    ends: datetime | None
    state: str


def apart(pauses: Iterable[Pause], start: datetime, end: datetime | None = None) -> Iterator[Pause]:
    """Yield what of pauses lies behind a start and before an end, in order and without overlap."""
    at = start
    for one in sorted(pauses, key=lambda each: each.starts):
        ends = one.ends if end is None else min(one.ends or end, end)
        starts = max(one.starts, at)
        if (end is not None and starts >= end) or (ends is not None and ends <= starts):
            continue
        yield Pause(starts=starts, ends=ends, state=one.state)
        if ends is None:
            return
        at = ends


def worked(calendar: Calendar, start: datetime, until: datetime, pauses: Iterable[Pause]) -> timedelta:
    """Return how long a clock ran from its start until an instant."""
    if until <= start:
        return _NONE
    stood = (calendar.between(one.starts, one.ends or until) for one in apart(pauses, start, until))
    return calendar.between(start, until) - sum(stood, _NONE)


def runs_out(
    calendar: Calendar, start: datetime, allowance: timedelta, pauses: Iterable[Pause], end: datetime | None = None
) -> datetime | None:
    """Return the first instant at which a clock ran for so long; None while it stands still before that.

    A clock that has come to its `end` is told by when it would have run out without a pause behind that.
    """
    at, left = start, allowance
    if left <= _NONE:
        return start
    for one in apart(pauses, start, end):
        ran = calendar.between(at, one.starts)
        if ran >= left:
            return calendar.add(at, left)
        if one.ends is None:
            return None
        at, left = one.ends, left - ran
    return calendar.add(at, left)
