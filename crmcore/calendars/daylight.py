"""A day's hours as instants, also on days on which clocks are put forward or back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crmcore.calendars.hours import Spans

Stretch = tuple[datetime, datetime]
"""From an instant until another, in UTC."""

_AROUND = timedelta(hours=15)  # no zone is further from UTC
_SECOND = timedelta(seconds=1)


def stretches(zone: ZoneInfo, day: date, spans: Spans) -> Iterator[Stretch]:
    """Yield when it is a time within `spans` by the clocks of a zone on a day, in order.

    An hour that is left out in spring is not worked, one that comes twice in autumn is worked twice.
    """
    if not spans:
        return
    midnight = datetime.combine(day, time(), UTC)
    first, last = midnight - _AROUND, midnight + timedelta(days=1) + _AROUND
    before, after = _offset(zone, first), _offset(zone, last)
    if before == after:
        yield from _between(midnight - before, spans, first, last)
        return
    change = _change(zone, first, last)
    yield from _between(midnight - before, spans, first, change)
    yield from _between(midnight - after, spans, change, last)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _between(midnight: datetime, spans: Spans, first: datetime, last: datetime) -> Iterator[Stretch]:
    for begin, end in spans:
        found = max(midnight + timedelta(minutes=begin), first), min(midnight + timedelta(minutes=end), last)
        if found[0] < found[1]:
            yield found


def _change(zone: ZoneInfo, first: datetime, last: datetime) -> datetime:
    """Return the second at which a zone's offset changes between two instants."""
    before = _offset(zone, first)
    while last - first > _SECOND:
        middle = first + (last - first) // 2 // _SECOND * _SECOND
        if _offset(zone, middle) == before:
            first = middle
        else:
            last = middle
    return last
