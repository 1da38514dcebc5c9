"""Days, weeks, months, quarters and years as SQL, in the workspace's zone, alike on both databases.

SQLite knows no zones, and the databases' own tables of zones differ in age. So the changes of the clock come from
Python's tables, as a CASE over the instant; a zone without any, or a period without one, has none.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, case, cast, func, literal, literal_column, type_coerce

from crmcore.engine.types import Instant

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=20)  # no zone changes its clock twice within it, and back


def local_day(
    at: ColumnElement[Any], zone: ZoneInfo, dialect: str, since: datetime | None, until: datetime | None
) -> Any:
    """Return the date in a zone of an instant that lies between two others."""
    seconds = _offset(at, zone, since or _FIRST, until or _LAST)
    if dialect == "sqlite":
        second = func.substr(at, 1, 19)  # SQLite would round 23:59:59.9999 up into the next day
        return type_coerce(func.date(second, cast(seconds, Integer).concat(" seconds")), Date)
    local = func.timezone("UTC", at) + seconds * literal_column("interval '1 second'")
    return cast(local, Date)


def bucket(kind: str, day: Any, dialect: str) -> Any:
    """Return the first date of the day, week (from Monday), month, quarter or year that a date is in."""
    if kind == "day":
        return type_coerce(day, Date)
    if dialect == "postgresql":
        return cast(func.date_trunc(kind, day), Date)
    steps: dict[str, tuple[Any, ...]] = {
        "week": ("weekday 0", "-6 days"),
        "month": ("start of month",),
        "quarter": ("start of month", _to_quarter(day)),
        "year": ("start of year",),
    }
    return type_coerce(func.date(day, *steps[kind]), Date)


def _to_quarter(day: Any) -> Any:
    months = (cast(func.strftime("%m", day), Integer) - 1) % 3
    return func.printf("-%d months", months)


def _offset(at: ColumnElement[Any], zone: ZoneInfo, since: datetime, until: datetime) -> Any:
    return _step(at, transitions(zone, since, until), _seconds(zone, since))


def _step(at: ColumnElement[Any], changes: Sequence[tuple[datetime, int]], before: int) -> Any:
    """Return how many seconds a clock is from UTC, `before` at first; each row goes down a tree of changes."""
    if not changes:
        return literal(before, Integer)
    middle = len(changes) // 2
    when, seconds = changes[middle]
    earlier, later = _step(at, changes[:middle], before), _step(at, changes[middle + 1 :], seconds)
    return case((at < literal(when, Instant()), earlier), else_=later)


def transitions(zone: ZoneInfo, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """Return when a zone's clock changes between two instants, and to how many seconds from UTC."""
    found = []
    here = since
    while here < until:
        there = min(here + _STEP, until)
        if _seconds(zone, here) != _seconds(zone, there):
            found.append((_change(zone, here, there), _seconds(zone, there)))
        here = there
    return found


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second between two instants at which the offset is that of the later one."""
    start = _seconds(zone, before)
    low, high = 0, int((after - before).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _seconds(zone, before + timedelta(seconds=middle)) == start:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _seconds(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
