"""Reckoning with dates: weekdays, months, working days, years not said. Pure arithmetic, no words.

`back` chooses the side: False looks for the date on or after today, True for the one on or before it.
"""

from calendar import monthrange
from datetime import date, timedelta


def shift_days(today: date, days: int) -> date | None:
    """Return `today` moved by `days`, or None outside the years 1 to 9999."""
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def shift_months(today: date, months: int) -> date | None:
    """Return the same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def shift_working_days(today: date, days: int) -> date | None:
    """Return the date `days` working days (Monday to Friday) after `today`. Public holidays are not known."""
    weeks, rest = divmod(days, 5)
    weekday = min(today.weekday(), 4)
    start = shift_days(today, weekday - today.weekday())
    return start and shift_days(start, weeks * 7 + rest + (2 if weekday + rest > 4 else 0))


def nearest_weekday(today: date, weekday: int, *, back: bool) -> date | None:
    """Return the nearest `weekday` (0 is Monday); today itself counts on both sides."""
    return shift_days(today, -((today.weekday() - weekday) % 7) if back else (weekday - today.weekday()) % 7)


def weekday_of_week(today: date, weekday: int, weeks: int) -> date | None:
    """Return the `weekday` of the calendar week (Monday to Sunday) `weeks` after this one."""
    return shift_days(today, weekday - today.weekday() + 7 * weeks)


def month_end(today: date, months: int = 0) -> date | None:
    """Return the last day of the month `months` after this one."""
    there = shift_months(today.replace(day=1), months)
    return there and there.replace(day=monthrange(there.year, there.month)[1])


def year_not_said(today: date, month: int, day: int, *, back: bool) -> date | None:
    """Return the nearest such day; None if there is none (31 June)."""
    for distance in range(9):  # 29 February may be eight years away
        year = today.year - distance if back else today.year + distance
        try:
            there = date(year, month, day)
        except ValueError:
            continue
        if (there <= today) if back else (there >= today):
            return there
    return None


def day_of_month(today: date, day: int, *, back: bool) -> date | None:
    """Return the nearest date with this day of the month."""
    for distance in range(4):
        there = shift_months(today.replace(day=1), -distance if back else distance)
        if there is None or not 1 <= day <= monthrange(there.year, there.month)[1]:
            continue
        there = there.replace(day=day)
        if (there <= today) if back else (there >= today):
            return there
    return None
