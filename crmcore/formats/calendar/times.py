"""Dates and times as written, and the moments they mean (RFC 5545, 3.3.4 to 3.3.6, 3.3.12)."""

import re
from datetime import UTC, date, datetime, time, timedelta

from attrs import frozen
from icalendar import vDDDTypes, vDuration

from crmcore.formats.calendar.properties import Property
from crmcore.formats.calendar.scope import Scope
from crmcore.formats.calendar.zones import Zone, find_zone, offset_name, to_utc

_DATE = re.compile(r"\d{8}")
# A TZID with a bare colon, as in TZID=(UTC-03:00) Brasília:20170511T133000, ends up in the value.
_SPLIT_ZONE = re.compile(r"(.+):(\d{8}(?:T\d{4,6}Z?)?)")
_LEAP_SECOND = re.compile(r"(\d{8}T\d{4})60(Z?)")
_MINUTES = re.compile(r"(\d{8}T\d{4})(Z?)")


@frozen(kw_only=True)
class Moment:
    """When something is: a day, or an instant in UTC with its zone of origin.

    `floating` is True for a time without any zone, which is kept as if it were UTC, with an empty zone.
    """

    day: date | None = None
    at: datetime | None = None
    zone: str = ""
    floating: bool = False


def read_moment(one: Property, scope: Scope, tzid: str = "") -> Moment:
    """Read DTSTART, DTEND, DUE or RECURRENCE-ID; `tzid` is that of DTSTART, for an end that names no zone.

    A date is a day and is never converted, whatever zone stands beside it. A time without a zone, or with one nobody
    knows, is read in the calendar's own zone (X-WR-TIMEZONE), because that is how the calendar shows it to its owner.

    Raises:
        ValueError: if the value is no date and no time.

    """
    tzid, value = one.parameters.get("TZID", tzid), one.value.strip()
    split = _SPLIT_ZONE.fullmatch(value)
    if split is not None:
        tzid, value = f"{tzid}:{split[1]}", split[2]
    when = _read(value)
    if not isinstance(when, datetime):
        return Moment(day=when)
    if one.parameters.get("VALUE", "").upper() == "DATE" and when.time() == time():
        return Moment(day=when.date())
    zone = find_zone(tzid, scope.rules) if tzid else None
    try:
        if when.tzinfo is not None:
            return Moment(at=when.astimezone(UTC), zone=_origin(when, zone))
        zone = zone or find_zone(scope.zone, scope.rules)
        if zone is None:
            return Moment(at=when.replace(tzinfo=UTC), floating=True)
        at, name = to_utc(when, zone)
    except OverflowError as wrong:
        raise ValueError(str(wrong)) from wrong
    return Moment(at=at, zone=name)


def _origin(when: datetime, zone: Zone | None) -> str:
    if zone is not None and zone.certain and zone.name:
        return zone.name
    offset = when.utcoffset()
    return offset_name(offset) if offset else "UTC"


def _read(value: str) -> date | datetime:
    """Read a date or time; the spellings of ISO 8601 with hyphens, colons and offsets are understood too."""
    value = _LEAP_SECOND.sub(r"\g<1>59\2", _MINUTES.sub(r"\g<1>00\2", value) if len(value) < 15 else value).upper()
    if _DATE.fullmatch(value):
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    try:
        when = vDDDTypes.from_ical(value)  # type: ignore[no-untyped-call]  # the library's own has no types
    except (ValueError, TypeError, OverflowError):
        when = None
    if isinstance(when, datetime):
        return when
    if not re.match(r"\d{4}-?\d{2}-?\d{2}(?:T|$)", value):
        raise ValueError(value)
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)


def read_duration(one: Property) -> timedelta:
    """Read DURATION.

    Raises:
        ValueError: if the value is no duration.

    """
    try:
        found = vDuration.from_ical(one.value.strip().upper())  # type: ignore[no-untyped-call]  # as above
    except (ValueError, TypeError, OverflowError) as wrong:
        raise ValueError(str(wrong)) from wrong
    if not isinstance(found, timedelta):
        raise ValueError(one.value)
    return found


def seconds_between(start: Moment, end: Moment) -> int | None:
    """Return the length in seconds; days count 86,400. None if the end is before the start, or of the other kind."""
    if start.day is not None and end.day is not None:
        # DTEND is the day after the last. Some programs write the last day itself for an event of one day.
        days = (end.day - start.day).days
        return max(days, 1) * 86400 if days >= 0 else None
    if start.at is not None and end.at is not None:
        seconds = int((end.at - start.at).total_seconds())
        return seconds if seconds >= 0 else None
    return None
