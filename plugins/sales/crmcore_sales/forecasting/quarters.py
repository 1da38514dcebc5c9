"""Quarters of thirteen weeks: the first begins with the quarter, the last takes the days that are left."""

import re
from datetime import date, timedelta

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_sales.i18n import _

WEEKS = 13
_SAID = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_WEEK = re.compile(r"W?(\d{1,2})", re.IGNORECASE)


@frozen(order=True)
class Quarter:
    """A quarter of a calendar year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.next.start - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before it."""
        return quarter_of(self.start - timedelta(days=1))

    def week(self, day: date) -> int:
        """Return the week, 1 to 13, that a day of the quarter lies in; 0 for a day before it."""
        return 0 if day < self.start else min((day - self.start).days // 7 + 1, WEEKS)

    def week_start(self, week: int) -> date:
        """Return the first day of a week."""
        return self.start + timedelta(days=7 * (week - 1))


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_said(text: str) -> Quarter:
    """Return the quarter that `2026Q4` says; raises `InvalidInput`."""
    found = _SAID.fullmatch(text.strip())
    if found is None or not 1 <= int(found[1]) < 9999:
        raise InvalidInput(_("“{text}” is no quarter; write 2026Q4.").format(text=text))
    return Quarter(int(found[1]), int(found[2]))


def week_said(text: str) -> int:
    """Return the week of a quarter that `W6` or `6` says; raises `InvalidInput`."""
    found = _WEEK.fullmatch(text.strip())
    if found is None or not 1 <= int(found[1]) <= WEEKS:
        raise InvalidInput(_("“{text}” is no week of a quarter; write W1 to W13.").format(text=text))
    return int(found[1])
