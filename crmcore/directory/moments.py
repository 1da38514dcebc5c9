"""Days and moments as people say them at the command line, in the workspace's zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from attrs import frozen

from crmcore.engine.borrowed import PluginReader
from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput
from crmcore.i18n import _

_YEARS = range(2, 9_999)
"""The days of these have a day before and after them, and an instant in every zone."""


@frozen(kw_only=True)
class Here:
    """Where the workspace is: its zone, today's date there, the country of numbers written without one."""

    zone: ZoneInfo
    today: date
    region: str


def here(reader: Reader | PluginReader) -> Here:
    """Return where the workspace is: one statement."""
    known = reader.settings()
    zone = ZoneInfo(str(known.get("zone") or "UTC"))
    return Here(zone=zone, today=reader.now.astimezone(zone).date(), region=str(known.get("region") or ""))


def day_said(field: str, text: str, today: date) -> date:
    """Return the date that `text` says: ISO 8601, or words such as `next Friday` or `下周五`.

    Raises `InvalidInput` that names the field when it says none, or more than one, or one of the years 1 and 9999.
    """
    try:
        found = [date.fromisoformat(text)]
    except ValueError:
        from crmcore.language.dates import find_dates  # only for who writes words

        found = [each.date for each in find_dates(text, today)]
    if len(found) != 1 or found[0].year not in _YEARS:
        raise InvalidInput(_("{field}: “{text}” is not a date; write 2026-11-22.").format(field=field, text=text))
    return found[0]


def moment_said(field: str, text: str, here: Here) -> datetime:
    """Return the instant, in UTC, that `text` says: ISO 8601 with or without an offset, or words with a time of day.

    A time without an offset is one of the workspace's zone; a date alone is its midnight there. Raises `InvalidInput`
    that names the field when it says none, or more than one, or one of the years 1 and 9999.
    """
    try:
        found = [datetime.fromisoformat(text)]
    except ValueError:
        from crmcore.language.dates import find_dates  # only for who writes words

        found = [datetime.combine(each.date, each.time or time()) for each in find_dates(text, here.today)]
    if len(found) != 1 or found[0].year not in _YEARS:
        raise InvalidInput(
            _("{field}: “{text}” is not a point in time; write 2026-11-22T09:00.").format(field=field, text=text)
        )
    (said,) = found
    return (said if said.tzinfo else said.replace(tzinfo=here.zone)).astimezone(UTC)
