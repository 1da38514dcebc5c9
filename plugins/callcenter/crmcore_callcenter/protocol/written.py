"""What stands in the cells of logs: moments, and lengths of time."""

import re
from datetime import UTC, datetime

_ISO = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?\Z")
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?[ T]+(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d))?\Z"
)
_POINTS = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4}),? +(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d))?\Z")
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d+)?)(?: ?(?:s|sec|秒))?\Z")
_CLOCK = re.compile(r"(?:(\d{1,9}) ?\()?(\d+):([0-5]\d):([0-5]\d)\)?\Z")
_HAN = re.compile(r"(?=\d)(?:(\d+)(?:小时|时))?(?:(\d+)分钟?)?(?:(\d+)秒)?\Z")
_EPOCH = re.compile(r"(\d{9,10}(?:\.\d+)?|\d{13}|\d{16})\Z")
_NONE = re.compile(r"(?:0000-00-00|1970-01-01|1969-12-31)[ T][\d:.]+\S*\Z|0+(?:\.0+)?\Z")
_YEARS = range(1990, 2101)
_LATER = 4_102_444_800  # seconds until the year 2100
_PARTS = ("y", "m", "d", "H", "M", "S")


def is_moment(text: str) -> bool:
    """Return whether a text is a date and time as telephone systems write it, or none: empty, zero."""
    return not text or bool(_NONE.match(text) or _ISO.match(text) or _EPOCH.match(text))


def is_number(text: str) -> bool:
    """Return whether a text is a length of time, or empty."""
    return not text or seconds_in(text) is not None


def seconds_in(text: str) -> float | None:
    """Return a length in seconds: 127, 127s, 0:02:07, 127 (00:02:07), 2分7秒; None for another text.

    2:07 is none: some write minutes and seconds so, some hours and minutes.
    """
    if found := _SECONDS.match(text):
        return float(found[1])
    if found := _CLOCK.match(text):
        seconds = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4])
        return float(seconds) if found[1] is None or int(found[1]) == seconds else None
    if found := _HAN.match(text):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        return float(hours * 3600 + minutes * 60 + rest)
    return None


def is_none(text: str) -> bool:
    """Return whether a text says that there is no date: empty, zero, the beginning of 1970."""
    return not text or bool(_NONE.match(text))


def moment_in(text: str, date_format: str) -> datetime | None:
    """Return the moment that is written, aware where its zone is known; None for what is none.

    Only a date that begins with its year is read, one with points between its parts, or one as `date_format` says.
    """
    found = _written(text, date_format)
    return found if found is not None and found.year in _YEARS else None


def _written(text: str, date_format: str) -> datetime | None:
    if _EPOCH.match(text):
        number = float(text)
        while number > _LATER:
            number /= 1000
        return datetime.fromtimestamp(number, UTC)
    try:
        if date_format and not _ISO.match(text):
            return datetime.strptime(text, date_format)  # noqa: DTZ007 - the zone is put in by the caller
        if found := _YEAR_FIRST.match(text) or _POINTS.match(text):
            year, month, day, hour, minute, second = (int(found[part] or 0) for part in _PARTS)
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as above
        return datetime.fromisoformat(text) if _ISO.match(text) else None
    except ValueError:
        return None
