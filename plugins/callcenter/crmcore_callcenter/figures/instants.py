"""Seconds, hours and days of instants as SQL, alike on both databases, in the workspace's zone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer, SQLColumnExpression, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from crmcore.api import Instant

HOUR, DAY = 3_600, 86_400
_BEGINNING = date(1970, 1, 1)


class epoch(FunctionElement[int]):  # a function, as it is used
    """The whole seconds from 1970 (UTC) to an instant; what is less than a second is cut off."""

    name = "callcenter_epoch"
    type = BigInteger()
    inherit_cache = True

    def __init__(self, instant: SQLColumnExpression[Any]) -> None:
        super().__init__(instant)


@compiles(epoch)
def _sqlite_epoch(element: epoch, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(epoch, "postgresql")
def _postgresql_epoch(element: epoch, compiler: Any, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)})) AS BIGINT)"


class days_after(FunctionElement[datetime]):  # a function, as it is used
    """The instant so many days after another: (instant, days)."""

    name = "callcenter_days_after"
    type = Instant()
    inherit_cache = True

    def __init__(self, instant: SQLColumnExpression[Any], days: SQLColumnExpression[int]) -> None:
        super().__init__(instant, days)


@compiles(days_after)
def _sqlite_after(element: days_after, compiler: Any, **options: Any) -> str:
    instant, days = (compiler.process(each, **options) for each in element.clauses)
    return f"strftime('%Y-%m-%d %H:%M:%f000', {instant}, ({days}) || ' days')"


@compiles(days_after, "postgresql")
def _postgresql_after(element: days_after, compiler: Any, **options: Any) -> str:
    instant, days = (compiler.process(each, **options) for each in element.clauses)
    return f"({instant} + make_interval(days => {days}))"


def local(at: ColumnElement[Any], zone: ZoneInfo, begin: datetime, end: datetime) -> ColumnElement[int]:
    """Return the seconds that the clock of a zone shows at an instant between two others, as if 1970 began there."""
    changes = _changes(zone, begin, end)
    offset: Any = literal(_offset(zone, begin), Integer)
    if changes:
        before = [_offset(zone, begin), *(seconds for _when, seconds in changes)]
        offset = case(
            *((at < literal(when, Instant()), seconds) for (when, _s), seconds in zip(changes, before, strict=False)),
            else_=before[-1],
        )
    shown: ColumnElement[int] = epoch(at) + offset
    return shown


def slot(seconds: ColumnElement[int], size: int) -> Any:
    """Return in which stretch of `size` seconds a clock is, counted from 1970."""
    return seconds // literal(size, Integer)


def slot_name(by: str, at: int) -> str:
    """Return what the hour of a day (of any day) or the day is called in which the slot `at` begins."""
    return f"{at % 24:02}" if by == "hour" else (_BEGINNING + timedelta(days=at)).isoformat()


def _offset(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """Return when the clock of a zone is set between two instants, and to how many seconds from UTC."""
    found = []
    day, minute = timedelta(days=1), timedelta(minutes=1)
    at = begin.astimezone(UTC).replace(second=0, microsecond=0)
    while at < end:
        if _offset(zone, at) == _offset(zone, at + day):
            at += day
            continue
        now = _offset(zone, at)
        while _offset(zone, at) == now:
            at += minute
        found.append((at, _offset(zone, at)))
    return found
