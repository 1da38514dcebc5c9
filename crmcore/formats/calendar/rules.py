"""VTIMEZONE components: zones a file defines itself (RFC 5545, 3.6.5)."""

import re
from datetime import tzinfo
from functools import lru_cache

from attrs import frozen
from icalendar import Timezone

from crmcore.formats.calendar.blocks import Block
from crmcore.formats.calendar.properties import read_properties

_KEPT = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE", "RDATE")
_START = re.compile(r"\d{8}T\d{6}")
# Zones change once or twice a year. A rule by the second would never come to an end.
_RULE = re.compile(
    r"(?:(?:FREQ=YEARLY|INTERVAL=[1-9]\d{0,2}|COUNT=\d{1,4}|UNTIL=\d{8}(?:T\d{6}Z?)?|WKST=[A-Z]{2}"
    r"|BYMONTH=\d{1,2}|BYMONTHDAY=[-\d,]{1,40}|BYDAY=[-+\dA-Z,]{1,40}|BYSETPOS=-?\d{1,2})(?:;|$))+"
)


@frozen(kw_only=True)
class ZoneRules:
    """What a VTIMEZONE says: the names it goes by, its X-LIC-LOCATION, and its rules as clean iCalendar text."""

    names: tuple[str, ...]
    location: str
    text: str


Rules = tuple[ZoneRules, ...]


def read_rules(block: Block) -> ZoneRules:
    """Read a VTIMEZONE component. Whether the rules make a zone shows only when they are used."""
    names: list[str] = []
    location = ""
    for one in read_properties(block.lines)[0]:
        if one.name == "TZID":
            names.append(one.text.strip().strip('"'))
        elif one.name == "X-LIC-LOCATION":
            location = one.text.strip()
    lines = ["BEGIN:VTIMEZONE", "TZID:own"]
    for part in block.inside:
        if part.name in {"STANDARD", "DAYLIGHT"}:
            lines += [f"BEGIN:{part.name}", *_part(part), f"END:{part.name}"]
    return ZoneRules(names=tuple(names), location=location, text="\n".join([*lines, "END:VTIMEZONE", ""]))


def _part(block: Block) -> list[str]:
    kept = []
    for one in read_properties(block.lines)[0]:
        value = one.value.strip()
        if one.name == "DTSTART":
            value = f"{value}T000000" if re.fullmatch(r"\d{8}", value) else value.removesuffix("Z")
        if one.name in _KEPT and value:
            kept.append(f"{one.name}:{value}")
    return kept


@lru_cache(maxsize=256)
def rules_zone(rules: ZoneRules) -> tzinfo | None:
    """Return a zone that follows `rules`; None if they are broken."""
    for line in rules.text.splitlines():
        name, _, value = line.partition(":")
        if (name == "RRULE" and not _RULE.fullmatch(value)) or (name == "DTSTART" and not _START.fullmatch(value)):
            return None
    try:
        # The library remembers zones by their TZID for the whole process; one name for all keeps files apart.
        component = Timezone.from_ical(rules.text)
        zone = component.to_tz(lookup_tzid=False) if isinstance(component, Timezone) else None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
        return None
    return zone if isinstance(zone, tzinfo) else None
