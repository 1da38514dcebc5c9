"""Birthdays: from the many ways exporters write them to ISO 8601, partial dates as in vCard 4."""

import re
from datetime import date

_FULL = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_YEAR_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})(?:T.*)?", re.ASCII | re.DOTALL)
_ONLY_MONTH = re.compile(r"--(\d{2})", re.ASCII)
_ONLY_DAY = re.compile(r"---(\d{2})", re.ASCII)
_LEAP_YEAR = 2000


def iso_date(text: str, omitted_year: str = "") -> str:
    """Return the date as YYYY-MM-DD, YYYY-MM, YYYY, --MMDD, --MM or ---DD (RFC 6350, 4.3.1), or "" if it is none.

    A time of day is left out. `omitted_year` is Apple's X-APPLE-OMIT-YEAR: a date in that year has no year.
    """
    text = text.strip()
    if found := _FULL.fullmatch(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
        if not _exists(year, month, day) or (found[2] == "" and len(found[3] + found[4]) != 4):
            return ""
        return f"--{month:02}{day:02}" if found[1] == omitted_year else f"{year:04}-{month:02}-{day:02}"
    if found := _NO_YEAR.fullmatch(text):
        return f"--{found[1]}{found[2]}" if _exists(_LEAP_YEAR, int(found[1]), int(found[2])) else ""
    if found := _YEAR_MONTH.fullmatch(text):
        return text if _exists(int(found[1]), int(found[2] or 1), 1) else ""
    if found := _ONLY_MONTH.fullmatch(text):
        return text if _exists(_LEAP_YEAR, int(found[1]), 1) else ""
    if found := _ONLY_DAY.fullmatch(text):
        return text if _exists(_LEAP_YEAR, 1, int(found[1])) else ""
    return ""


def has_time(text: str) -> bool:
    """Tell whether a time of day other than midnight follows the date."""
    _day, _mark, time = text.strip().replace(" ", "T", 1).partition("T")
    return bool(re.search(r"[1-9]", time.split("Z")[0].split("+")[0]))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
