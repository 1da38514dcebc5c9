"""What service does at times, by the worker."""

from collections.abc import Iterable
from typing import Any

from crmcore.api import Schedule, impl


@impl
def crm_schedules() -> Iterable[Schedule]:
    """Declare it."""
    return SCHEDULES


def _offers(tx: Any) -> None:
    """Hand over warranties and contracts that end, and products that are old, to whoever sells."""
    from crmcore_service.assets.offering import renew_all

    renew_all(tx)


def _gains(tx: Any) -> None:
    """Claim what was renewed or bought after tickets."""
    from crmcore_service.returns.proposing import propose

    propose(tx)


def _surveys(tx: Any) -> None:
    """Ask how content the customers of closed tickets are."""
    from crmcore_service.satisfaction.inviting import invite

    invite(tx)


SCHEDULES = (
    Schedule(name="offers", cron="0 6 * * *", run=_offers),
    Schedule(name="gains", cron="30 3 * * *", run=_gains),
    Schedule(name="surveys", cron="*/10 * * * *", run=_surveys),
)
