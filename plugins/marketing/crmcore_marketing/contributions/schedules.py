"""What marketing does at times, by the worker."""

from collections.abc import Iterable
from typing import Any

from crmcore.api import Schedule, impl


@impl
def crm_schedules() -> Iterable[Schedule]:
    """Declare it."""
    return SCHEDULES


def _reminders(tx: Any) -> None:
    """Remind people of the events that are near."""
    from crmcore_marketing.events.reminding import remind

    remind(tx)


def _programmes(tx: Any) -> None:
    """Note which customers of programmes bought."""
    from crmcore_marketing.programmes.noticing import notice

    notice(tx)


def _scores(tx: Any) -> None:
    """Train all scores anew."""
    from crmcore_marketing.scoring.renewing import renew

    renew(tx)


SCHEDULES = (
    Schedule(name="reminders", cron="*/10 * * * *", run=_reminders),
    Schedule(name="programmes", cron="30 1 * * *", run=_programmes),
    Schedule(name="scores", cron="15 2 * * *", run=_scores),
)
