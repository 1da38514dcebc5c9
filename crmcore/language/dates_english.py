"""English dates: words, weekdays, distances and calendar dates.

What is ambiguous, and how it is read:

- `Friday`, `by Friday`: the nearest Friday on or after today; on a Friday it is today. With a past verb, the nearest
  one on or before today.
- `next Friday`: the Friday of the next calendar week (Monday to Sunday), as 下周五 in Chinese. `last Friday`: the
  nearest one before today. `this Friday`: that of this week, or of the next if that has passed and the date is still
  due.
- `this week`, `next week`, `end of the week`: the Friday, the last working day. `weekend`: the Saturday.
- `next month`, `this month`: the last day of the month. `end of business`, `tonight`: today.
- `12/06`: day before month, except in a text with Chinese characters, where the month stands first; whichever way is
  the only possible one is taken. `12.06.` needs its last point.
"""

import re
from collections.abc import Callable
from datetime import date

from crmcore.language.numbers import ANY_ENGLISH, read_number
from crmcore.language.reckoning import (
    day_of_month,
    month_end,
    nearest_weekday,
    shift_days,
    shift_months,
    shift_working_days,
    weekday_of_week,
    year_not_said,
)

Reading = tuple[date | None, str]
"""The date (None: no such date), and `due` or `happened` where the phrase itself says so."""
Reader = Callable[[re.Match[str], date, bool], Reading]

_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAY = (
    r"(?P<day>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_LIMIT = r"(?:(?P<limit>no later than|not later than|by|before|until|till|due(?:\s+(?:by|on))?)\s+(?:the\s+)?)?"
_WORDS = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "yesterday": -1, "eod": 0, "cob": 0}


def _kind(found: re.Match[str]) -> str:
    return "due" if found["limit"] else ""


def _word(found: re.Match[str], today: date, back: bool) -> Reading:
    phrase = found["word"].lower()
    if phrase == "day after tomorrow":
        return shift_days(today, 2), "due"
    if phrase == "day before yesterday":
        return shift_days(today, -2), "happened"
    days = next((days for word, days in _WORDS.items() if phrase.startswith(word)), 0)
    kind = "due" if days > 0 or phrase in ("eod", "cob") else "happened" if days < 0 or phrase == "last night" else ""
    return shift_days(today, -1 if phrase == "last night" else days), kind or _kind(found)


def _weekday(found: re.Match[str], today: date, back: bool) -> Reading:
    said, which = found["day"], (found["which"] or "").lower()
    # "sat", "sun" and "wed" are words of their own: a small letter needs something before it.
    if said in ("sat", "sun", "wed") and not which and not found["limit"] and not found["on"]:
        return None, ""
    weekday = _DAYS.index(said[:3].lower())
    if which == "next":
        return weekday_of_week(today, weekday, 1), "due"
    if which in ("last", "past"):
        yesterday = shift_days(today, -1)
        return yesterday and nearest_weekday(yesterday, weekday, back=True), "happened"
    if found["week"]:
        return weekday_of_week(today, weekday, 1), "due"
    if which == "this":
        there = weekday_of_week(today, weekday, 0)
        if there and there < today and not back:
            there = weekday_of_week(today, weekday, 1)
        return there, _kind(found)
    return nearest_weekday(today, weekday, back=back and not found["limit"]), _kind(found)


def _distance(found: re.Match[str], today: date, back: bool) -> Reading:
    number = read_number(found["number"])
    if number is None or number > 3000:
        return None, ""
    ago = bool(found["ago"])
    count = int(number) * (-1 if ago else 1)
    unit = found["unit"].lower()
    kind = "happened" if ago else "due"
    if unit.startswith("day"):
        there = shift_working_days(today, count) if found["working"] and not ago else shift_days(today, count)
    elif unit.startswith("week"):
        there = shift_days(today, 7 * count)
    else:
        there = shift_months(today, count * (12 if unit.startswith("year") else 1))
    return there, kind


def _period(found: re.Match[str], today: date, back: bool) -> Reading:
    which, unit, end = (found["which"] or "").lower(), found["unit"].lower(), found["end"]
    if not which and not end:
        return None, ""
    if which in ("last", "past"):
        if unit == "week":
            return weekday_of_week(today, 4, -1), "happened"
        return (month_end(today, -1) if unit == "month" else None), "happened"
    step = 1 if which == "next" else 0
    if unit == "week":
        there = weekday_of_week(today, 4, step)
        return (
            weekday_of_week(today, 4, 1) if there and there < today and not back else there
        ), "due" if end or step else _kind(found)
    if unit == "weekend":
        return weekday_of_week(today, 5, step), "due"
    if unit == "month":
        return month_end(today, step), "due"
    if unit == "quarter":
        return month_end(today, (-today.month) % 3 + 3 * step), "due"
    if unit == "year":
        return date(min(today.year + step, 9999), 12, 31), "due"
    return today, "due"


def _abbreviated(found: re.Match[str], today: date, back: bool) -> Reading:
    unit = found["eo"].lower()
    if unit == "eow":
        there = weekday_of_week(today, 4, 0)
        return (weekday_of_week(today, 4, 1) if there and there < today else there), "due"
    return (month_end(today) if unit == "eom" else date(today.year, 12, 31)), "due"


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _calendar(found: re.Match[str], today: date, back: bool) -> Reading:
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    day = int(found["number"])
    if found["year"]:
        return _valid(_year(found["year"]), month, day), _kind(found)
    return year_not_said(today, month, day, back=back and not found["limit"]), _kind(found)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(found: re.Match[str], today: date, back: bool) -> Reading:
    return _valid(int(found["year"]), int(found["month"]), int(found["number"])), _kind(found)


def _numeric(found: re.Match[str], today: date, back: bool) -> Reading:
    first, second = int(found["first"]), int(found["second"])
    if (first, second) == (24, 7):
        return None, ""
    month_first = any("\u4e00" <= c <= "\u9fff" for c in found.string)
    for month, day in ((first, second), (second, first)) if month_first else ((second, first), (first, second)):
        there = (
            _valid(_year(found["year"]), month, day)
            if found["year"]
            else year_not_said(today, month, day, back=back and not found["limit"])
        )
        if there:
            return there, _kind(found)
    return None, ""


def _dotted(found: re.Match[str], today: date, back: bool) -> Reading:
    month, day = int(found["month"]), int(found["number"])
    if found["year"]:
        return _valid(int(found["year"]), month, day), _kind(found)
    return year_not_said(today, month, day, back=back and not found["limit"]), _kind(found)


def _day_of_month(found: re.Match[str], today: date, back: bool) -> Reading:
    return day_of_month(today, int(found["number"]), back=back and not found["limit"]), _kind(found)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.ASCII)


_ORDINAL = r"(?P<number>[0-3]?\d)(?:st|nd|rd|th)?"
PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_pattern(rf"\b{_LIMIT}(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{{1,2}})[-/.](?P<number>\d{{1,2}})(?!\d)"), _iso),
    (
        _pattern(
            rf"(?<![\w/.,-]){_LIMIT}(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?:/(?P<year>\d{{4}}"
            rf"|\d{{2}}))?(?![\d/%])"
        ),
        _numeric,
    ),
    (
        _pattern(rf"(?<![\w/.,-]){_LIMIT}(?P<number>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})?(?!\d)"),
        _dotted,
    ),
    (
        _pattern(
            rf"\b{_LIMIT}(?:on\s+)?(?:the\s+)?(?:{_DAY},?\s+)?{_ORDINAL}(?:\s+of)?\s+{_MONTH}\b\.?(?:,?\s+(?P<year>(?:19"
            rf"|20)\d\d))?"
        ),
        _calendar,
    ),
    (
        _pattern(rf"\b{_LIMIT}(?:on\s+)?{_MONTH}\.?\s+(?:the\s+)?{_ORDINAL}\b(?!:)(?:,?\s+(?P<year>(?:19|20)\d\d))?"),
        _calendar,
    ),
    (
        _pattern(
            rf"\b(?:{_LIMIT}(?P<word>day after tomorrow|day before yesterday|today|tonight|tomorrow|tmrw"
            rf"|yesterday|last night"
            r"|this (?:morning|afternoon|evening)|eod|cob)\b(?:\s+(?:morning|afternoon|evening|night))?)"
        ),
        _word,
    ),
    (
        _pattern(
            rf"\b{_LIMIT}(?P<on>on\s+|from\s+|for\s+|since\s+)?(?:the\s+)?(?P<which>next|last|past|this"
            rf"|coming)?\s*\b{_DAY}\b\.?(?!-)"
            r"(?:\s+(?P<week>next week))?(?:\s+(?:morning|afternoon|evening|night))?"
        ),
        _weekday,
    ),
    (
        _pattern(
            rf"\b(?:(?:in|within|after)\s+(?:the\s+next\s+|about\s+|max\.?\s+"
            rf"|at most\s+)?(?P<number>{ANY_ENGLISH})\s*-?(?P<working>\s*(?:working|business|work))?"
            r"\s*(?P<unit>days?|weeks?|months?|years?)\b(?:'?\s+time)?(?P<ago>(?!))?)"
        ),
        _distance,
    ),
    (
        _pattern(
            rf"\b(?P<number>{ANY_ENGLISH})\s*(?P<working>working\s+|business\s+)?(?P<unit>days?|weeks?|months?"
            rf"|years?)\s+(?:(?P<ago>ago)|from\s+(?:now|today))\b"
        ),
        _distance,
    ),
    (
        _pattern(
            rf"\b{_LIMIT}(?:at\s+)?(?:the\s+)?(?P<end>(?:end|close)(?:\s+of)?\s+(?:the\s+)?)?(?P<which>next"
            rf"|this|last|past)?\s*"
            r"\b(?P<unit>week|weekend|month|quarter|year|day|business)\b"
        ),
        _period,
    ),
    (_pattern(rf"\b{_LIMIT}(?P<eo>eow|eom|eoy)\b"), _abbreviated),
    (
        _pattern(
            rf"\b{_LIMIT}(?:on\s+)?the\s+(?P<number>[0-3]?\d)(?:st|nd|rd|th)\b(?!\s+\w*(?:floor|time|street|version))"
        ),
        _day_of_month,
    ),
)
