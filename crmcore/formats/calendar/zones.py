"""Time zones: from what programs write as TZID to an IANA zone (RFC 5545, 3.2.19 and 3.6.5).

Looked for in this order, and the first that is known wins:

1. an IANA name (`Europe/Berlin`), also after a prefix (`/mozilla.org/20050126_1/America/Boise`);
2. a name of Windows (`W. Europe Standard Time`), by the table of the Unicode consortium;
3. the rules of the file's own VTIMEZONE, for names nobody else knows (`Customized Time Zone`);
4. a display name of Windows (`(UTC-05:00) Eastern Time (US & Canada)`, `Canberra, Melbourne, Sydney`), `US-Eastern`;
5. an offset in the name (`UTC+11`, `(GMT-03:00) Brasília`), east of Greenwich positive.

For IANA and Windows names the VTIMEZONE in the file is not asked: many programs write rules that were changed since.
"""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache

from attrs import frozen
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crmcore.formats.calendar.rules import Rules, rules_zone

_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?(\d{2}))?\b", re.IGNORECASE)
_DECORATION = re.compile(r"\([^()]*\)?")
_CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_NOT_CITIES = frozenset({"act", "lhi", "north", "nsw", "south", "west"})


@frozen(kw_only=True)
class Zone:
    """A zone to count with. `name` is its IANA name, or a likely one when `certain` is False, or empty."""

    name: str
    info: tzinfo
    certain: bool = True


def find_zone(tzid: str, rules: Rules = ()) -> Zone | None:
    """Find the zone that `tzid` names; `rules` are the VTIMEZONEs of its calendar. None if nothing fits."""
    name = re.sub(r"\\(.)", r"\1", tzid).strip().strip("\"'").removeprefix("TZID=").strip()
    return _find(name, rules) if name else None


@lru_cache(maxsize=1024)
def _find(name: str, rules: Rules) -> Zone | None:
    known = _iana(name) or _windows(name)
    if known:
        return Zone(name=known, info=zoneinfo.ZoneInfo(known))
    guess = _display_name(name)
    own = next((one for one in rules if name in one.names), None)
    if own is not None and (info := rules_zone(own)) is not None:
        return Zone(name=_iana(own.location) or guess, info=info, certain=False)
    offset = _offset(name)
    if guess and (offset is None or offset in _usual_offsets(guess)):
        return Zone(name=guess, info=zoneinfo.ZoneInfo(guess))
    return Zone(name="", info=timezone(offset)) if offset is not None else None


def to_utc(local: datetime, zone: Zone) -> tuple[datetime, str]:
    """Return the instant in UTC, and the zone of origin as an IANA name or an offset such as +02:00.

    `local` is naive. A time that comes twice means the first, one that is skipped is counted with the offset before the
    gap (RFC 5545, 3.3.5).

    Raises:
        OverflowError: if the instant is outside the years 1 to 9999.

    """
    offset = _offset_at(local, zone.info)
    at = (local - offset).replace(tzinfo=UTC)
    if zone.certain and zone.name:
        return at, zone.name
    if zone.name and at.astimezone(zoneinfo.ZoneInfo(zone.name)).utcoffset() == offset:
        return at, zone.name
    return at, offset_name(offset)


def offset_name(offset: timedelta) -> str:
    """Return an offset from UTC as text: +05:30."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _offset_at(local: datetime, info: tzinfo) -> timedelta:
    offset = info.utcoffset(local.replace(tzinfo=info)) or timedelta()
    if isinstance(info, zoneinfo.ZoneInfo):
        return offset  # it already counts a gap with the offset before
    back = (local - offset).replace(tzinfo=UTC).astimezone(info).replace(tzinfo=None)
    if back < local:  # a gap, counted with the offset after it; `back` lies before it
        return info.utcoffset(back.replace(tzinfo=info)) or timedelta()
    return offset


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones() - {"Factory", "localtime"}}


def _iana(name: str) -> str:
    """Return the IANA name in `name`, whole or after a prefix such as /softwarestudio.org/Tzfile/; or nothing."""
    parts = name.strip("/").split("/")
    for start in range(len(parts)):
        found = _names().get("/".join(parts[start:]).casefold(), "")
        if found and (start == 0 or "/" in found):
            return found
    return ""


def _windows(name: str) -> str:
    return WINDOWS_TO_OLSON.get(name, "") or _windows_names().get(name.casefold(), "")


@cache
def _windows_names() -> dict[str, str]:
    return {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@cache
def _cities() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(zoneinfo.available_timezones()):
        continent, _, rest = name.partition("/")
        city = rest.rpartition("/")[2].replace("_", " ").casefold()
        if continent in _CONTINENTS and city not in _NOT_CITIES:
            found.setdefault(city, name)
    return found


def _display_name(name: str) -> str:
    bare = _DECORATION.sub("", name).strip()
    stem = re.sub(r"\s+(?:Standard |Daylight )?Time$", "", bare)
    by_name = _windows(f"{stem} Standard Time") or _iana(bare.replace("-", "/"))
    if by_name:
        return by_name
    cities = (_cities().get(part.strip().casefold(), "") for part in re.split(r"[,;:/]", bare))
    return next((city for city in cities if city), "")


def _offset(name: str) -> timedelta | None:
    written = _OFFSET.search(name)
    if written is None or int(written[2]) > 14 or int(written[3] or 0) > 59:
        return None
    size = timedelta(hours=int(written[2]), minutes=int(written[3] or 0))
    return -size if written[1] == "-" else size


def _usual_offsets(name: str) -> set[timedelta | None]:
    info = zoneinfo.ZoneInfo(name)
    return {datetime(2024, month, 1, tzinfo=info).utcoffset() for month in (1, 7)}
