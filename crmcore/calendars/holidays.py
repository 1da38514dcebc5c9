"""The days off that an iCalendar file names, as public holidays are published."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _

_LONGEST = 366


@frozen(kw_only=True)
class Holidays:
    """The days of a file in order, by what they are called; and how many events of it are no whole days."""

    days: dict[date, str]
    left_out: int


def holidays(path: Path, last: date) -> Holidays:
    """Return the whole days that the events of an iCalendar file (RFC 5545) cover; what recurs, to the day `last`.

    What is cancelled is no day off. Raises `InvalidInput` for a file that is no calendar.
    """
    from icalendar import Calendar

    try:
        found = Calendar.from_ical(path.read_bytes())
    except OSError as error:
        raise InvalidInput(_("{file}: cannot be read: {why}").format(file=path.name, why=error.strerror)) from error
    except ValueError as error:
        raise InvalidInput(_("{file}: is not iCalendar: {why}").format(file=path.name, why=error)) from error
    days: dict[date, str] = {}
    left_out = 0
    for event in found.walk("VEVENT"):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        covered = list(_covered(event, last))
        left_out += not covered
        for day in covered:
            days.setdefault(day, str(event.get("SUMMARY", "")).strip())
    return Holidays(days=dict(sorted(days.items())), left_out=left_out)


def _covered(event: Any, last: date) -> Iterator[date]:
    """Yield the days of an event; none for one that has a time of day, or no beginning."""
    begin = event.decoded("DTSTART", None)
    if not isinstance(begin, date) or isinstance(begin, datetime):
        return
    end = event.decoded("DTEND", None) or begin + (event.decoded("DURATION", None) or timedelta(days=1))
    length = min((end - begin).days, _LONGEST) if isinstance(end, date) and not isinstance(end, datetime) else 1
    for first in _recurring(event, begin, last):
        yield from (first + timedelta(days=n) for n in range(max(length, 1)))


def _recurring(event: Any, begin: date, last: date) -> Iterable[date]:
    rule = event.get("RRULE")
    if rule is None:
        return (begin,)
    from dateutil.rrule import rrulestr

    start, end = (datetime.combine(one, datetime.min.time()) for one in (begin, last))
    said = ";".join(part for part in rule.to_ical().decode().split(";") if not part.startswith("UNTIL="))
    until = rule.get("UNTIL", [end])[0]
    if isinstance(until, datetime):
        until = until.date()
    found = rrulestr(said, dtstart=start).between(start, min(end, datetime.combine(until, start.time())), inc=True)
    return (one.date() for one in found)


def said(days: Iterable[date]) -> list[str]:
    """Return days as a calendar says them, those that follow each other as one span."""
    found: list[list[date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][-1] == timedelta(days=1) and len(found[-1]) < _LONGEST:
            found[-1].append(day)
        else:
            found.append([day])
    return [one[0].isoformat() if len(one) == 1 else f"{one[0]}/{one[-1]}" for one in found]
