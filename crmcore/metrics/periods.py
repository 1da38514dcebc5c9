"""Periods: a month, a quarter, a year, or from one date to another; in the workspace's zone."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _

MONTH, QUARTER, YEAR = "month", "quarter", "year"
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
_SAID = {
    MONTH: re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)"),
    QUARTER: re.compile(r"(?P<year>\d{4})-?[Qq](?P<quarter>[1-4])"),
    YEAR: re.compile(r"(?P<year>\d{4})"),
}
_EXAMPLES = {MONTH: "2026-11", QUARTER: "2026-Q4", YEAR: "2026"}


@frozen(kw_only=True)
class Period:
    """From `start` to the day before `end`; either may be open. `kind` is month, quarter, year, or empty."""

    start: date | None = None
    end: date | None = None
    kind: str = ""

    @property
    def label(self) -> str:
        """Return how the period is called."""
        if self.kind and self.start is not None:
            return bucket_label(self.kind, self.start)
        if self.start is None and self.end is None:
            return _("all time")
        last = self.end - timedelta(days=1) if self.end else None
        return f"{self.start or '…'} – {last or '…'}"

    def instants(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """Return when the period begins and ends in a zone, in UTC."""
        return midnight(self.start, zone), midnight(self.end, zone)


def midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    """Return when a day begins in a zone, in UTC."""
    return None if day is None else datetime.combine(day, time(), zone).astimezone(UTC)


def period(kind: str, said: str, today: date) -> Period:
    """Return the period that a text says (`2026-11`, `2026-Q4`, `2026`); an empty one means the present one.

    Raises `InvalidInput` for a text that says none.
    """
    if not said:
        return containing(kind, today)
    found = _SAID[kind].fullmatch(said)
    try:
        if found is None:
            raise ValueError(said)
        told = found.groupdict()
        month = int(told.get("month") or (int(told.get("quarter") or 1) * 3 - 2))
        return containing(kind, date(int(told["year"]), month, 1))
    except ValueError:
        raise InvalidInput(
            _("“{said}” is no {kind}; write it as {example}.").format(said=said, kind=_(kind), example=_EXAMPLES[kind])
        ) from None


def containing(kind: str, day: date) -> Period:
    """Return the month, quarter or year that a day is in."""
    length = _MONTHS[kind]
    months = day.year * 12 + (day.month - 1) // length * length
    after = months + length
    return Period(kind=kind, start=date(months // 12, months % 12 + 1, 1), end=_first(after))


def _first(months: int) -> date | None:
    return date(months // 12, months % 12 + 1, 1) if months // 12 <= date.max.year else None


def bucket_label(kind: str, start: date) -> str:
    """Return how the day, week, month, quarter or year that begins on a date is called (ISO 8601 where it says)."""
    match kind:
        case "week":
            year, week, _day = start.isocalendar()
            return f"{year}-W{week:02}"
        case "month":
            return f"{start:%Y-%m}"
        case "quarter":
            return f"{start.year}-Q{(start.month + 2) // 3}"
        case "year":
            return str(start.year)
        case _:
            return start.isoformat()
