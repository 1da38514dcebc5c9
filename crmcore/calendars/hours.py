"""What a calendar says, read: hours by the day of the week, holidays, and days that are worked otherwise."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from crmcore.errors import InvalidInput
from crmcore.i18n import _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""How the days of the week are written, Monday first."""

Spans = tuple[tuple[int, int], ...]
"""The hours of a day as minutes since its midnight, from and until; ordered, apart from each other."""

_MIDNIGHT = 24 * 60
_LONGEST = 366
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")


def spans(text: str) -> Spans:
    """Return the hours that a text such as `09:00-12:00 13:30-18:00` says; 24:00 is the end of a day.

    Raises `InvalidInput` for anything else: hours over midnight, or that overlap.
    """
    found: list[tuple[int, int]] = []
    for each in text.split():
        match = _SPAN.fullmatch(each)
        if match is None:
            raise InvalidInput(_("“{text}” are no hours; write 09:00-12:00 13:30-18:00").format(text=each))
        begin, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if end > _MIDNIGHT or int(match[2]) > 59 or int(match[4]) > 59:
            raise InvalidInput(_("“{text}” is no time of a day; it ends at 24:00").format(text=each))
        if begin >= end:
            raise InvalidInput(
                _("“{text}” ends before it begins; hours over midnight are said for both days").format(text=each)
            )
        if found and begin < found[-1][1]:
            raise InvalidInput(_("“{text}” begins before the hours in front of it end").format(text=each))
        found.append((begin, end))
    return tuple(found)


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)


def weekdays(text: str) -> Iterator[int]:
    """Yield the days of the week, 0 is Monday, that a text such as `mon-fri` or `mon,wed` says.

    Raises `InvalidInput` for what is no day.
    """
    for part in text.casefold().split(","):
        first, dash, last = (one.strip() for one in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise InvalidInput(_("“{text}” is no day of the week; write mon, sat-sun or mon,wed").format(text=text))
        begin = DAYS.index(first)
        length = (DAYS.index(last) - begin) % 7 if dash else 0
        yield from ((begin + n) % 7 for n in range(length + 1))


def days(text: str) -> Iterator[date]:
    """Yield the days that a text says: `2026-12-25`, or all from the first to the last of `2026-10-01/2026-10-07`.

    Raises `InvalidInput` for what is no day, and for more than a year.
    """
    first, _slash, last = text.partition("/")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip() or first.strip())
    except ValueError:
        raise InvalidInput(
            _("“{text}” is no day; write 2026-12-25 or 2026-10-01/2026-10-07").format(text=text)
        ) from None
    length = (end - begin).days + 1
    if not 0 < length <= _LONGEST:
        raise InvalidInput(_("“{text}” is not from a day to a later one within a year").format(text=text))
    yield from (begin + timedelta(days=n) for n in range(length))
