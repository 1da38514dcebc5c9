"""The days that a list of calls is of, as instants."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmcore.api import Reader


def instants(reader: "Reader", since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """Return when the first day begins and the last one is over, in the workspace's zone.

    Raises `InvalidInput` for what is no day, and for a period that ends before it begins.
    """
    from crmcore.api import InvalidInput, day_said, here
    from crmcore_callcenter.i18n import _

    there = here(reader)
    first = day_said("--from", since, there.today) if since else None
    last = day_said("--until", until, there.today) if until else None
    if first is not None and last is not None and last < first:
        raise InvalidInput(_("The period ends before it begins."))
    begin = datetime.combine(first, time(), there.zone) if first is not None else None
    return begin, datetime.combine(last + timedelta(days=1), time(), there.zone) if last is not None else None
