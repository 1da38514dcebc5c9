"""What a calendar says for all its components: METHOD, its zone, its VTIMEZONEs."""

from collections.abc import Iterator

from attrs import evolve, frozen

from crmcore.formats.calendar.blocks import Block
from crmcore.formats.calendar.lines import Line
from crmcore.formats.calendar.properties import read_properties
from crmcore.formats.calendar.rules import Rules, read_rules

_OF_THE_FILE = frozenset({"VERSION", "PRODID", "CALSCALE", "METHOD"})


@frozen(kw_only=True)
class Scope:
    """One VCALENDAR: `zone` is X-WR-TIMEZONE or the TZ of vCalendar 1.0, `about` what else it says of itself."""

    method: str = ""
    zone: str = ""
    rules: Rules = ()
    about: tuple[tuple[str, str], ...] = ()


def read_scopes(parts: Iterator[Block | Line]) -> list[Scope]:
    """Read the scope of each calendar of a file, by its number.

    This is a pass of its own, because a VTIMEZONE and the properties of the calendar may stand after the events. Equal
    scopes are one object: a file of many small calendars stays small in memory.
    """
    scopes: list[Scope] = []
    same: dict[Scope, Scope] = {}
    pending: list[Block] = []
    for part in parts:
        if isinstance(part, Line):
            continue
        if part.name == "VTIMEZONE" and part.calendar >= 0:
            pending.append(part)
        elif part.name == "VCALENDAR":
            scope = evolve(_header(part), rules=tuple(read_rules(block) for block in pending))
            scopes.append(same.setdefault(scope, scope))
            pending = []
    return scopes


def _header(block: Block) -> Scope:
    found = {one.name: one.text.strip() for one in read_properties(block.lines)[0]}
    offset = found.get("TZ", "")
    if found.get("DAYLIGHT", "FALSE").upper().startswith("TRUE"):
        offset = ""  # the offset holds only half the year; the rule stays in `about`
    return Scope(
        method=found.get("METHOD", "").upper(),
        zone=found.get("X-WR-TIMEZONE", "") or (f"UTC{offset}" if offset else ""),
        about=tuple((f"calendar.{name.lower()}", text) for name, text in found.items() if name not in _OF_THE_FILE),
    )
