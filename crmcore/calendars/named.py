"""The calendars of a workspace, by their names."""

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crmcore.calendars.calendar import Calendar
from crmcore.calendars.hours import Spans, days, spans, weekdays
from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.model.definitions import WorkingHours

ALWAYS = "always"
"""The calendar of every hour of every day, which is there without definition."""

SETTING = "calendar"
"""The setting that names the calendar that holds where none is named."""

_ALWAYS = WorkingHours(name=ALWAYS, zone="UTC", hours=(("mon-sun", "00:00-24:00"),))
_OFFICE = WorkingHours(name="", hours=(("mon-fri", "09:00-18:00"),))


def calendar_named(reader: Reader | PluginReader, name: str = "") -> Calendar:
    """Return a calendar by its name; without one, that of the workspace: the setting `calendar`, or Monday to Friday.

    `always` is every hour of every day. `office@Europe/Berlin` are the hours of `office` by the clocks of another zone,
    and `@Europe/Berlin` those of the workspace's own. At most one statement; the arithmetic of a calendar is made once
    in a process. Raises `NotFound` for a name that nobody defines, or no zone.
    """
    name, at, elsewhere = name.partition("@")
    if at and not _is_zone(elsewhere):
        raise NotFound(_("“{value}” is no time zone; write one such as Asia/Shanghai.").format(value=elsewhere))
    settings: dict[str, object] = {}
    if not name:
        settings = reader.settings()
        name = str(settings.get(SETTING) or "")
    said = _said(reader, name)
    zone = elsewhere or said.zone or str((settings or reader.settings()).get("zone") or "UTC")
    return _made(said, zone)


def calendars(reader: Reader | PluginReader) -> dict[str, Calendar]:
    """Return all calendars of a workspace by their names, that of the workspace first as “”: two statements at most."""
    names = ["", *(one.name for one in reader.definitions.calendars), ALWAYS]
    return {name: calendar_named(reader, name) for name in names}


def _said(reader: Reader | PluginReader, name: str) -> WorkingHours:
    if name in ("", ALWAYS):
        return _ALWAYS if name else _OFFICE
    for one in reader.definitions.calendars:
        if one.name == name:
            return one
    raise NotFound(_("There is no calendar “{name}”; `crm calendar list` shows them.").format(name=name))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=256)
def _made(said: WorkingHours, zone: str) -> Calendar:
    week: list[Spans] = [()] * 7
    for each, hours in said.hours:
        for day in weekdays(each):
            week[day] = spans(hours)
    return Calendar(
        name=said.name,
        zone=ZoneInfo(zone),
        week=tuple(week),
        holidays=frozenset(day for text in said.holidays for day in days(text)),
        workdays={day: spans(hours) for text, hours in said.workdays for day in days(text)},
    )
