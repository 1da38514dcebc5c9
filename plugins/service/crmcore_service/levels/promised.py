"""Service levels as they are read: what is promised for each clock and priority, and what happens on the way."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Calendar, NotFound, PluginReader, Reader, calendar_named
from crmcore_service.tables import level, step, target

SETTING = "service.level"
"""The setting that names the level of tickets for which none is said."""

CUSTOMER = "@customer"
"""Behind a calendar's name: its hours, by the clocks of where the customer is."""


@frozen(kw_only=True)
class Clock:
    """A clock of a ticket: the columns with its due instant, and with when it ended."""

    name: str
    due: str
    end: str


CLOCKS = (
    Clock(name="owner", due="owner_due", end="assigned_at"),
    Clock(name="response", due="response_due", end="responded_at"),
    Clock(name="resolution", due="resolution_due", end="resolved_at"),
)
VISIT = "visit"
"""The clock of a work order."""
USUAL_PAUSES = frozenset({"waiting", "on_hold"})
"""The states in which clocks stand still where nothing else is said."""
NAMES = (*(one.name for one in CLOCKS), VISIT)
PRIORITIES = ("P1", "P2", "P3", "P4")


@frozen(kw_only=True)
class Target:
    """How long a clock may run: minutes, or days of the calendar."""

    id: int
    clock: str
    priority: str
    minutes: int | None
    days: int | None


@frozen(kw_only=True)
class Step:
    """What happens when a clock ran for some minutes, counted from its start, or from when it is due."""

    id: int
    clock: str
    priority: str
    counted: str
    minutes: int
    tells: str
    user_id: int | None
    team: str
    priority_then: str
    assigns: bool


@frozen(kw_only=True)
class Promised:
    """A service level with its targets and steps; what is promised without one has no `id` and no `name`."""

    id: int
    name: str
    calendar: str
    pauses: frozenset[str]
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]

    def target(self, clock: str, priority: str) -> Target | None:
        """Return what is promised for a clock: to the priority, or else to all."""
        found = {one.priority: one for one in self.targets if one.clock == clock}
        return found.get(priority) or found.get("")

    def steps_of(self, clock: str, priority: str) -> tuple[Step, ...]:
        """Return what happens on the way for a priority."""
        return tuple(one for one in self.steps if one.clock == clock and one.priority in ("", priority))


def promised(reader: Reader | PluginReader, ids: Collection[int] | None = None) -> dict[int, Promised]:
    """Return service levels by their ids, all without `ids`: three statements at most."""
    wanted = () if ids is None else (level.c.id.in_(set(ids)),)
    levels = reader.rows(select(level).where(*wanted).order_by(level.c.name))
    if not levels:
        return {}
    among = [row.id for row in levels]
    targets: Mapping[int, list[Target]] = _by_level(reader, target, among, Target)
    steps: Mapping[int, list[Step]] = _by_level(reader, step, among, Step)
    return {
        row.id: Promised(
            id=row.id, name=row.name, calendar=row.calendar, pauses=frozenset(row.pauses),
            targets=tuple(targets[row.id]), steps=tuple(steps[row.id]),
        )
        for row in levels
    }  # fmt: skip


def _by_level(reader: Reader | PluginReader, table: Any, ids: Collection[int], cls: Any) -> Mapping[int, list[Any]]:
    names = [each.name for each in cls.__attrs_attrs__]
    found: dict[int, list[Any]] = defaultdict(list)
    for row in reader.rows(select(table).where(table.c.level_id.in_(ids)).order_by(table.c.id)):
        found[row.level_id].append(cls(**{name: getattr(row, name) for name in names}))
    return found


USUALLY = {"service.owner_minutes": 15, "service.response_minutes": 480, "service.resolution_days": 5}
"""The settings that say what is promised where no level is, with their defaults; 0 promises nothing."""
ESCALATE = "service.escalate"
"""The setting that says whether somebody is told where no level says who."""


def usual(reader: Reader | PluginReader) -> Promised | None:
    """Return what is promised where no level is, by the workspace's calendar, None for nothing: one statement.

    Of a clock that runs out the owner is told, or who answers for him.
    """
    known = reader.settings()
    said = {name: int(str(known.get(name, default))) for name, default in USUALLY.items()}
    targets = tuple(
        Target(
            id=0, clock=name.removeprefix("service.").partition("_")[0], priority="",
            minutes=None if name.endswith("_days") else much, days=much if name.endswith("_days") else None,
        )
        for name, much in said.items()
        if much
    )  # fmt: skip
    steps = tuple(
        Step(
            id=0, clock=clock, priority="", counted="due", minutes=0, tells="owner", user_id=None, team="",
            priority_then="", assigns=False,
        )
        for clock in NAMES
        if known.get(ESCALATE, True)
    )  # fmt: skip
    if not targets and not steps:
        return None
    return Promised(id=0, name="", calendar="", pauses=USUAL_PAUSES, targets=targets, steps=steps)


def default_level(reader: Reader | PluginReader) -> int | None:
    """Return the level of tickets for which none is said, None where the workspace has none: two statements at most."""
    name = str(reader.setting(SETTING))
    return reader.value(select(level.c.id).where(level.c.name == name)) if name else None


def calendar_of(reader: Reader | PluginReader, name: str) -> Calendar:
    """Return a calendar that a level names; the workspace's own, or else `always`, where it is no longer defined.

    Nobody waits for an answer because a definition went; `crm service ticket clock` names the one that counts.
    """
    for known in (name, ""):
        try:
            return calendar_named(reader, known)
        except NotFound:
            continue
    return calendar_named(reader, "always")


def allowance(calendar: Calendar, start: datetime, one: Target) -> timedelta:
    """Return the working time that a target allows from a start: its minutes, or that until so many days later."""
    if one.days:
        return calendar.between(start, calendar.add_days(start, one.days))
    return timedelta(minutes=one.minutes or 0)
