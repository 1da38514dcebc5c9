"""`crm sales forecast`: what a quarter will bring, what was said of it before, and how right that was."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore_sales.forecasting.outlook import Outlook

_BY = ("week", "region", "owner", "team", "currency", "product")


@click.group()
def forecast() -> None:
    """Forecast a quarter: committed, likely and at best; each week's forecast is frozen and held to account."""


@forecast.command()
@click.option("--quarter", metavar="2026Q4", help="Default: the present one.")
@click.option("--by", type=click.Choice(_BY), default="week", show_default=True)
@click.option("--week", metavar="W6", help="As it was frozen in this week of the quarter, whatever came later.")
@click.option("--as-of", metavar="DAY", help="As was known at the end of this day, at its exchange rates.")
@click.option("--owner", metavar="LOGIN")
@click.option("--region", default="", metavar="NAME")
@out_option
@as_json
def show(
    quarter: str | None,
    by: str,
    week: str | None,
    as_of: str | None,
    owner: str | None,
    region: str,
    out: Path | None,
    json_: bool,
) -> None:
    """Show the forecast of a quarter, with how far earlier ones were off.

    Committed: won, and open deals with odds from 80% (or a category of their own). Likely: won, and each open deal
    times its odds. At best: won, and open deals with odds from 50%. Corrected: likely, with each rep's odds corrected
    by what became of earlier ones. An open deal counts on the day it is needed by.
    """  # fmt: skip
    from crmcore.api import InvalidInput, day_said, here, session, user_named
    from crmcore_sales.cli.forecast_told import outlook_report, units_report
    from crmcore_sales.forecasting.naming import called
    from crmcore_sales.forecasting.quarters import quarter_of, quarter_said, week_said

    if week and as_of:
        raise InvalidInput(_("Give --week or --as-of, not both."))
    with session() as s, s.read() as reader:
        today = here(reader).today
        day = day_said("--as-of", as_of, today) if as_of else today
        of = quarter_said(quarter) if quarter else quarter_of(day)
        taken = week_said(week) if week else None
        owner_id = user_named(reader, owner).id if owner else None
        if by == "product":
            units = _units(reader, of, taken, day, owner_id, region)
            report = units_report(units, of, called(reader, "product", {one.product_id for one in units}))
        else:
            found = _outlook(reader, of, taken, day, by, owner_id, region)
            past = _past(reader, found)
            report = outlook_report(found, called(reader, by, found.groups), past)
    present(report, json_=json_, out=out)


def _origin(reader: Any, day: Any) -> Any:
    """Return deals as they stand, or as they stood at the end of a past day."""
    from datetime import datetime, time, timedelta

    from crmcore.api import here
    from crmcore_sales.forecasting.cells import NOW, known_before

    place = here(reader)
    if day >= place.today:
        return NOW
    return known_before(datetime.combine(day + timedelta(days=1), time(), place.zone))


def _held(origin: Any, owner_id: int | None, region: str) -> list[Any]:
    from crmcore_sales.tables import opportunity

    conditions = [] if owner_id is None else [origin.owner == owner_id]
    return [*conditions, opportunity.c.region == region] if region else conditions


def _outlook(
    reader: Any, of: Any, taken: int | None, day: Any, by: str, owner_id: int | None, region: str
) -> "Outlook":
    from crmcore_sales.forecasting.frozen import frozen_outlook
    from crmcore_sales.forecasting.outlook import outlook

    if taken is not None:
        return frozen_outlook(reader, of, taken, by, owner_id=owner_id, region=region)
    origin = _origin(reader, day)
    return outlook(reader, of, by, day, _held(origin, owner_id, region), origin=origin)


def _units(reader: Any, of: Any, taken: int | None, day: Any, owner_id: int | None, region: str) -> Any:
    from crmcore.api import InvalidInput
    from crmcore_sales.forecasting.frozen import frozen_units
    from crmcore_sales.forecasting.units import units

    if taken is None:
        origin = _origin(reader, day)
        return units(reader, of, _held(origin, owner_id, region), origin=origin)
    if owner_id is not None or region:
        raise InvalidInput(_("Frozen units are kept for all reps and regions together."))
    return frozen_units(reader, of, taken)


def _past(reader: Any, found: "Outlook") -> Any:
    """Return the outcomes of forecasts that were frozen in the same week of the last quarters."""
    from crmcore_sales.forecasting.accuracy import HALFWAY, outcomes

    week = found.quarter.week(min(found.day, found.quarter.end)) or HALFWAY
    return outcomes(reader, found.quarter.start, week=found.frozen_in or week, quarters=4)


@forecast.command()
@as_json
def freeze(json_: bool) -> None:
    """Freeze the forecast of the present quarter for its present week; done by itself every Monday."""
    from crmcore.api import NotFound, print_json, session, tell
    from crmcore_sales.forecasting.freezing import freeze_now

    with session() as s:
        s.has_written = True
        with s.app.transaction(cause=f"crm sales forecast freeze ({s.actor.login})") as tx:
            taken = freeze_now(tx)
        if taken is None:
            raise NotFound(_("The forecast of this week is frozen already, and stays as it is."))
    if json_:
        print_json({"quarter": str(taken.quarter), "week": taken.week, "day": taken.day})
        return
    tell(
        _("Frozen: {quarter}, week W{week}, as of {day}.").format(quarter=taken.quarter, week=taken.week, day=taken.day)
    )


@forecast.command("list")
@click.option("--quarter", metavar="2026Q4", help="Default: the present one.")
@out_option
@as_json
def list_(quarter: str | None, out: Path | None, json_: bool) -> None:
    """List the frozen forecasts of a quarter, week by week, beside what was won in it so far."""
    from crmcore.api import here, session
    from crmcore_sales.cli.forecast_told import list_report
    from crmcore_sales.forecasting.frozen import frozen_weeks
    from crmcore_sales.forecasting.quarters import quarter_of, quarter_said

    with session() as s, s.read() as reader:
        of = quarter_said(quarter) if quarter else quarter_of(here(reader).today)
        report = list_report(of, *frozen_weeks(reader, of))
    present(report, json_=json_, out=out)


@forecast.command()
@click.option("--week", metavar="W7", default="W7", show_default=True, help="The week whose forecasts are judged.")
@click.option("--by-rep", is_flag=True, help="Each rep by itself.")
@click.option("--quarters", type=click.IntRange(1, 40), default=8, show_default=True, help="How many past ones.")
@out_option
@as_json
def accuracy(week: str, by_rep: bool, quarters: int, out: Path | None, json_: bool) -> None:
    """Show how far forecasts frozen in a week of past quarters were off, as stated and corrected."""
    from crmcore.api import here, logins, session
    from crmcore_sales.cli.forecast_told import accuracy_report
    from crmcore_sales.forecasting.accuracy import outcomes, rep_outcomes
    from crmcore_sales.forecasting.quarters import week_said

    with session() as s, s.read() as reader:
        reckon = rep_outcomes if by_rep else outcomes
        found = reckon(reader, here(reader).today, week=week_said(week), quarters=quarters)
        names = logins(reader, {one.rep_id for one in found})
    present(accuracy_report(found, names), json_=json_, out=out)


@forecast.command()
@out_option
@as_json
def calibration(out: Path | None, json_: bool) -> None:
    """Show how each rep's stated odds compare with what became of them, and how they are corrected."""
    from crmcore.api import here, logins, session
    from crmcore_sales.cli.forecast_told import calibration_report
    from crmcore_sales.forecasting.calibrating import calibrate
    from crmcore_sales.forecasting.history import stated_odds

    with session() as s, s.read() as reader:
        day = here(reader).today
        made = calibrate(stated_odds(reader, day))
        names = logins(reader, made.reps)
    present(calibration_report(made, names, day), json_=json_, out=out)
