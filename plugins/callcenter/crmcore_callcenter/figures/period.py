"""Which days a report is of."""

from datetime import date, timedelta

from crmcore.api import InvalidInput, Reader, day_said, here
from crmcore_callcenter.i18n import _


def days(reader: Reader, since: str | None, until: str | None, month: str | None) -> tuple[date, date]:
    """Return the first and the last day of what was said: a month (2026-11), days, or else this month up to today.

    Raises `InvalidInput` for what is no day or month, and for a period that is none.
    """
    today = here(reader).today
    if month:
        try:
            first = day_said("--month", date.fromisoformat(f"{month}-01").isoformat(), today)
        except ValueError:
            raise InvalidInput(_("“{text}” is no month; write 2026-10.").format(text=month)) from None
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    last = day_said("--to", until, today) if until else today
    first = day_said("--from", since, today) if since else min(last, today).replace(day=1)
    if last < first:
        raise InvalidInput(_("The period ends before it begins."))
    return first, last
