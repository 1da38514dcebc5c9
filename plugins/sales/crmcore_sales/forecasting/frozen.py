"""Frozen forecasts: as known then, whatever came later."""

from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import NotFound, Reader, tables
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.forecasting.cells import MOST, of_quarter, won_cells
from crmcore_sales.forecasting.outlook import Figures, Outlook, figures, won_sums
from crmcore_sales.forecasting.quarters import Quarter
from crmcore_sales.forecasting.sums import Sums
from crmcore_sales.forecasting.units import Units
from crmcore_sales.i18n import _
from crmcore_sales.tables import freeze, frozen_row, frozen_unit

BY = ("week", "region", "owner", "team", "currency")
"""What a frozen forecast can be grouped by."""
_NOTHING = Decimal("0.00")


def frozen_outlook(
    reader: Reader, quarter: Quarter, week: int, by: str, *, owner_id: int | None = None, region: str = ""
) -> Outlook:
    """Return the forecast of a quarter as it was frozen in a week, by one of `BY`: two statements.

    Raises `NotFound` with the weeks that were frozen.
    """
    head = _head(reader, quarter, week)
    r = frozen_row.c
    key: Any = {"week": r.week, "region": r.region, "owner": r.owner_id, "currency": r.currency}.get(by)
    if key is None:
        user = tables.user_account
        key = select(user.c.team).where(user.c.id == r.owner_id).scalar_subquery()
    columns = [func.sum(r[name]) for name in ("deals", "won", "low", "high", "weighted", "corrected")]
    statement = select(key.label("key"), *columns).where(r.freeze_id == head.id).group_by(key).limit(MOST)
    if owner_id is not None:
        statement = statement.where(r.owner_id == owner_id)
    if region:
        statement = statement.where(r.region == region)
    won: dict[Any, Decimal] = {}
    still: dict[Any, Sums] = {}
    for one, deals, got, low, high, weighted, corrected in map(tuple, reader.rows(statement)):
        won[one] = got
        still[one] = Sums(deals=int(deals), low=low, high=high, weighted=weighted, corrected=corrected)
    whole = Sums()
    for sums in still.values():
        whole = whole.plus(sums)
    keys = sorted(still, key=lambda one: (one is None, one))
    return Outlook(
        quarter=quarter,
        day=head.day,
        frozen_in=week,
        by=by,
        currency=head.currency,
        rates={code: Decimal(worth) for code, worth in head.rates.items()},
        calibrated_on=head.day,
        groups={one: figures(won[one], still[one]) for one in keys},
        total=figures(sum(won.values(), _NOTHING), whole),
    )


def frozen_units(reader: Reader, quarter: Quarter, week: int) -> list[Units]:
    """Return the units of each product in each week, as they were frozen in a week of the quarter: two statements."""
    head, u = _head(reader, quarter, week), frozen_unit.c
    rows = reader.rows(
        select(u.product_id, u.week, u.won, u.weighted, u.high)
        .where(u.freeze_id == head.id, u.product_id.is_not(None))
        .order_by(u.product_id, u.week)
        .limit(MOST)
    )
    return [
        Units(product_id=row.product_id, week=row.week, won=row.won, weighted=row.weighted, high=row.high)
        for row in rows
    ]


def _head(reader: Reader, quarter: Quarter, week: int) -> Any:
    rows = reader.rows(select(freeze).where(freeze.c.quarter == str(quarter)).order_by(freeze.c.week).limit(MOST))
    for row in rows:
        if row.week == week:
            return row
    known = ", ".join(f"W{row.week}" for row in rows) or _("none")
    raise NotFound(
        _("The forecast of {quarter} was not frozen in week {week}; frozen: {known}.").format(
            quarter=quarter, week=f"W{week}", known=known
        )
    )


@frozen(kw_only=True)
class FrozenWeek:
    """The forecast of a quarter as it was frozen in a week, as a whole."""

    week: int
    day: date
    figures: Figures


def frozen_weeks(reader: Reader, quarter: Quarter) -> tuple[str, list[FrozenWeek], Decimal]:
    """Return the currency, the frozen forecasts of a quarter by week, and what was won in it as known now.

    Five statements.
    """
    r, f = frozen_row.c, freeze.c
    columns = [func.sum(r[name]) for name in ("deals", "won", "low", "high", "weighted", "corrected")]
    statement = (
        select(f.week, f.day, *columns)
        .select_from(freeze.outerjoin(frozen_row, r.freeze_id == f.id))
        .where(f.quarter == str(quarter))
        .group_by(f.week, f.day)
        .order_by(f.week)
        .limit(MOST)
    )
    weeks = []
    for week, day, deals, *sums in map(tuple, reader.rows(statement)):
        won, low, high, weighted, corrected = (one or _NOTHING for one in sums)
        still = Sums(deals=int(deals or 0), low=low, high=high, weighted=weighted, corrected=corrected)
        weeks.append(FrozenWeek(week=week, day=day, figures=figures(won, still)))
    known = rates(reader, quarter.end, quarter.start)
    won_now, _unknown = won_sums(won_cells(reader, (), of_quarter(quarter)), known)
    return known.base, weeks, sum(won_now.values(), _NOTHING)
