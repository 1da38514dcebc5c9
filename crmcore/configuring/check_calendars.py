"""Checking calendars: their zone, and that their hours and days can be read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zoneinfo import available_timezones

from crmcore.calendars.hours import days, spans, weekdays
from crmcore.calendars.named import ALWAYS
from crmcore.configuring.expressions import Problem
from crmcore.errors import InvalidInput
from crmcore.i18n import _
from crmcore.model.definitions import WorkingHours


def calendar_problems(said: WorkingHours) -> Iterator[Problem]:
    """Yield what is wrong with a calendar."""
    if said.name == ALWAYS:
        yield (), _("{name} is every hour of every day; that cannot be defined otherwise").format(name=ALWAYS)
    if said.zone and said.zone not in available_timezones():
        yield ("zone",), _("“{value}” is no time zone; write one such as Asia/Shanghai").format(value=said.zone)
    seen: set[int] = set()
    for week, hours in said.hours:
        yield from _tried(("hours", week), lambda text: _once(text, seen), week)
        yield from _tried(("hours", week), spans, hours)
    if not any(hours for _week, hours in said.hours):
        yield ("hours",), _('say when is worked, such as mon-fri = "09:00-18:00"')
    for at, text in enumerate(said.holidays):
        yield from _tried(("holidays", at), days, text)
    for day, hours in said.workdays:
        yield from _tried(("workdays", day), days, day)
        yield from _tried(("workdays", day), spans, hours)


def _once(text: str, seen: set[int]) -> Iterable[int]:
    found = list(weekdays(text))
    if seen & {*found}:
        raise InvalidInput(_("“{text}” has a day that has hours already").format(text=text))
    seen |= {*found}
    return found


def _tried(keys: tuple[str | int, ...], reading: Callable[[str], Iterable[Any]], text: str) -> Iterator[Problem]:
    try:
        list(reading(text))
    except InvalidInput as error:
        yield keys, str(error)
