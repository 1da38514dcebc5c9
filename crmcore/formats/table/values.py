"""What a cell says, where it is more than text: dates, instants, durations, yes and no.

A column of dates must mean one thing from top to bottom, so 03/04/2020 is read only when the mapping file, a region, or
the rest of the column says which comes first; otherwise it is refused, not guessed.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from crmcore.formats.table.columns import words

ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?)?\Z")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: 0{1,2}:00(?::00)?)?\Z")
PARTIAL = re.compile(r"--(\d{2})-?(\d{2})\Z")  # vCard 4: a birthday without its year (RFC 6350, 4.3.1)
NO_DATE = frozenset({"0/0/00", "00/00/00", "0000-00-00", "00000000", "00/00/0000"})
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
NAMED = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y")
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})(?:\.\d+)?\Z")
NUMBER = re.compile(
    r"(\d+(?:\.\d+)?)\s*(s|sec|secs|seconds?|秒|m|min|mins|minutes?|分|分钟|h|hrs?|hours?|小时)?\Z", re.IGNORECASE
)
HAN = re.compile(r"(?:(\d+)(?:小时|时))?(?:(\d+)分钟?)?(?:(\d+)秒)?\Z")
OFFSET = re.compile(r"(?:\s*(?:GMT|UTC|Z))\s*(?=[+-]\d)|\s*(?:GMT|UTC)\Z")
YES = frozenset(words("true yes y 1 x done completed complete closed finished 是 已完成 完成 已关闭"))
NO = frozenset(words("false no n 0 open 否 未完成 不 无"))
UNITS = {"s": 1, "秒": 1, "m": 60, "分": 60, "h": 3600, "小": 3600}


def date_order(values: Iterable[str], region: str = "") -> str:
    """Return `day`, `month` or nothing: what comes first in a column's dates such as 13/04/2020.

    One value with a number above 12 settles the column; else the `region` (ISO 3166) does.
    """
    orders = set()
    for value in values:
        found = NUMERIC.match(value.strip())
        if found and int(found[1]) > 12 >= int(found[3]):
            orders.add("day")
        elif found and int(found[3]) > 12 >= int(found[1]):
            orders.add("month")
        elif found and found[2] == ".":
            orders.add("day")  # points between the numbers: written so only where the day comes first
    if len(orders) == 1:
        return orders.pop()
    if orders or not region:
        return ""
    return "month" if region.upper() in MONTH_FIRST else "day"


@lru_cache(maxsize=4096)
def read_date(text: str, order: str = "", date_format: str = "") -> str | None:
    """Return `text` as an ISO 8601 date; empty when it says there is none, None when it is no date.

    `order` is `day` or `month` (see `date_order`), `date_format` a `strptime` format that alone is tried. A date
    without its year stays so (`--0412`).
    """
    if not text or text in NO_DATE:
        return ""
    if date_format:
        return _strptime(text, date_format)
    partial = PARTIAL.match(text)
    if partial:
        return f"--{partial[1]}{partial[2]}" if _iso(2000, partial[1], partial[2]) else None
    found = ISO.match(text) or COMPACT.match(text)
    if found:
        return _iso(int(found[1]), found[2], found[3])
    found = NUMERIC.match(text)
    if found:
        first, second, year = found[1], found[3], int(found[4])
        if order == "month" or (not order and int(second) > 12):
            return _iso(year, first, second)
        if order == "day" or int(first) > 12 or first == second:
            return _iso(year, second, first)
        return None
    return next((iso for pattern in NAMED if (iso := _strptime(text, pattern))), None)


def _iso(year: int, month: str, day: str) -> str | None:
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return None


def _strptime(text: str, pattern: str) -> str | None:
    try:
        return datetime.strptime(text, pattern).replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return None


def read_instant(text: str, zone: str = "", order: str = "", date_format: str = "") -> tuple[datetime, str] | None:
    """Return `text` as an aware instant in UTC and the zone it was written in; None when it is no date and time.

    A time without a zone is in `zone`; without that, its zone is given back as empty and the figures are taken for UTC.
    """
    written = read_written(text, order, date_format)
    if written is None:
        return None
    if written.tzinfo is not None:
        offset = written.strftime("%z")
        return written.astimezone(UTC), f"{offset[:3]}:{offset[3:5]}"
    if zone:
        return written.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone
    return written.replace(tzinfo=UTC), ""


def read_written(text: str, order: str = "", date_format: str = "") -> datetime | None:
    """Return a date and time as it is written, aware where its zone is; None when it is none."""
    return _moment(OFFSET.sub(lambda found: "" if found.end() < len(text) else "+00:00", text), order, date_format)


def _moment(text: str, order: str, date_format: str) -> datetime | None:
    if date_format:
        try:
            return datetime.strptime(text, date_format)  # noqa: DTZ007 - the zone is put in by the caller
        except ValueError:
            pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        day, _space, clock = text.partition(" ")
    iso = read_date(day, order)
    at = read_time(clock)
    return datetime.combine(date.fromisoformat(iso), at) if iso and not iso.startswith("--") and at else None


def read_time(text: str) -> time | None:
    """Return a time of day: 14:05, 14:05:30, 2:05 PM, 下午2:05; None when it is none."""
    text = text.strip().upper()
    for word, half in (("上午", "AM"), ("下午", "PM")):
        if text.startswith(word):
            text = f"{text.removeprefix(word).strip()} {half}"
    for pattern in ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H:%M:%S.%f"):
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC).time()
        except ValueError:
            continue
    return None


def read_seconds(text: str, unit: str = "") -> int | None:
    """Return a duration in seconds: 90, 1:30, 00:01:30, 90 s, 2 min, 1分30秒; a bare number is in `unit` or seconds."""
    found = CLOCK.match(text)
    if found:
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])
    found = NUMBER.match(text)
    if found:
        factor = UNITS[found[2][0].lower()] if found[2] else 60 if unit == "minutes" else 1
        return round(timedelta(seconds=float(found[1]) * factor).total_seconds())
    found = HAN.match(text)
    if found and found[0]:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    return None


def is_yes(text: str) -> bool:
    """Whether a cell says yes, or that something is finished."""
    return text.casefold() in YES
