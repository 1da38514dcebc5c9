"""What sales does at times, by the worker."""

from collections.abc import Iterable
from typing import Any

from crmcore.api import Schedule, impl


@impl
def crm_schedules() -> Iterable[Schedule]:
    """Declare it."""
    return SCHEDULES


def _letters(tx: Any) -> None:
    """Plan letters to the accounts that no person writes to."""
    from crmcore_sales.accounts.letters import plan_due

    plan_due(tx)


def _leads(tx: Any) -> None:
    """Give nobody's leads to reps, and tell managers of those that nobody contacted."""
    from crmcore_sales.leads.watching import watch

    watch(tx)


def _forecast(tx: Any) -> None:
    """Freeze the forecast of the quarter, once in each of its weeks."""
    from crmcore_sales.forecasting.freezing import freeze_now

    freeze_now(tx)


def _quotes(tx: Any) -> None:
    """Close the quotes that are no longer valid."""
    from crmcore_sales.quoting.closing import expire

    expire(tx)


def _limits(tx: Any) -> None:
    """Raise the limits of reps whose forecasts were right, when a quarter has begun."""
    from crmcore.api import here
    from crmcore_sales.forecasting.accuracy import accurate
    from crmcore_sales.quoting.limits import QUARTERS, earn

    today = here(tx).today
    earn(tx, accurate(tx, today, QUARTERS), today)


def _visits(tx: Any) -> None:
    """Note visits that have taken place, and close the programmes of visits that ended."""
    from crmcore_sales.guiding.programmes import close_ended
    from crmcore_sales.guiding.visiting import catch_up

    catch_up(tx)
    close_ended(tx)


def _mustwin(tx: Any) -> None:
    """Tell owners and sponsors of must-wins that slipped."""
    from crmcore_sales.forecasting.slipping import alert

    alert(tx)


SCHEDULES = (
    Schedule(name="mustwin", cron="0 7 * * *", run=_mustwin),
    Schedule(name="quotes", cron="5 0 * * *", run=_quotes),
    Schedule(name="limits", cron="0 2 1 1,4,7,10 *", run=_limits),
    Schedule(name="forecast", cron="5 0 * * 1", run=_forecast),
    Schedule(name="letters", cron="0 6 * * *", run=_letters),
    Schedule(name="leads", cron="*/10 * * * *", run=_leads),
    Schedule(name="visits", cron="5 * * * *", run=_visits),
)
