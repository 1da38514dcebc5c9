"""The files of the demonstration: address books, a fair's table, a mailbox and a calendar, dated around today.

They lie under `data/` with marks in place of dates, so that what is due is always due: `{{mail -12 09:30 +0800}}` is
that time twelve working days ago, as a mail's head has it. The first word says how it is written:

| mark | written as |
|---|---|
| `mail` | Tue, 03 Nov 2026 09:30:00 +0800 (RFC 5322) |
| `mbox` | Tue Nov  3 09:30:00 2026 (the line between the mails of a mailbox) |
| `ics`, `icsday` | 20261103T093000, 20261103 (RFC 5545) |
| `day`, `long` | 2026-11-03; Tue, 3 Nov 2026 |
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

FILES = (
    "ann-phone.vcf",
    "wang-phone.vcf",
    "liu-old-phone.vcf",
    "canton-fair.csv",
    "mail.mbox",
    "calendar.ics",
)
"""The names of the files, in the order in which they are imported."""
CALLS = ("ring.jsonl", "talk.jsonl")
"""What a telephone system tells of a call, for the part of the story that is told with plugins."""

_MARK = re.compile(rb"\{\{(\w+) ([-+]?\d+)(?: (\d\d):(\d\d))?(?: ([-+]\d{4}))?\}\}")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKEND = 5


def write_files(folder: Path, today: date, names: Sequence[str] = FILES) -> list[Path]:
    """Write the files of the demonstration into a folder, as if they had been saved on `today`; return their paths."""
    written = []
    for name in names:
        path = folder / name
        path.write_bytes(dated((files("crmcore.demo") / "data" / name).read_bytes(), today))
        written.append(path)
    return written


def dated(text: bytes, today: date) -> bytes:
    """Return a file's bytes with every mark replaced by its date; raises `KeyError` for a mark of no known kind."""

    def replaced(found: re.Match[bytes]) -> bytes:
        kind, days, hour, minute, zone = (each.decode() if each else "" for each in found.groups())
        day = working_day(today, int(days))
        return _written(kind, datetime.combine(day, time(int(hour or 0), int(minute or 0))), zone).encode()

    return _MARK.sub(replaced, text)


def working_day(today: date, days: int) -> date:
    """Return the day so many working days (Monday to Friday) after today, or before it; today itself for 0."""
    day, step = today, 1 if days > 0 else -1
    for _each in range(abs(days)):
        day += timedelta(days=step)
        while day.weekday() >= _WEEKEND:
            day += timedelta(days=step)
    return day


def _written(kind: str, at: datetime, zone: str) -> str:
    # The names of days and months are part of the formats, whatever the locale.
    weekday, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return {
        "mail": f"{weekday}, {at:%d} {month} {at:%Y %H:%M:%S} {zone}",
        "mbox": f"{weekday} {month} {at.day:2d} {at:%H:%M:%S %Y}",
        "ics": f"{at:%Y%m%dT%H%M%S}",
        "icsday": f"{at:%Y%m%d}",
        "day": f"{at:%Y-%m-%d}",
        "long": f"{weekday}, {at.day} {month} {at.year}",
    }[kind]
