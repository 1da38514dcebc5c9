"""Whose forecasts were right: what a rep had frozen in the middle of each quarter beside what was won in it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader
from crmcore_sales.catalogue.rates import base
from crmcore_sales.quoting.limits import QUARTERS
from crmcore_sales.tables import freeze, frozen_row, opportunity

WEEK = 7
"""The week of the quarter whose frozen forecast counts; an earlier one where nothing was frozen in it."""
WITHIN = Decimal("0.1")
"""A forecast is right when it is off by no more than this share of what was won."""
_MOST = 10_000


def accurate(reader: Reader | PluginReader, day: date, quarters: int = QUARTERS) -> dict[int, list[str]]:
    """Return, by rep, the quarters in a row before a day's quarter whose forecast was right, the latest first.

    The forecast is what was won by then and the weighted rest at the stated odds, in the workspace's currency. Two
    statements for each quarter.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for place, (name, first, last) in enumerate(_before(day, quarters)):
        stated, won = _stated(reader, name), _won(reader, first, last)
        for rep, forecast in stated.items():
            actual = won.get(rep, Decimal(0))
            if actual and abs(forecast - actual) <= WITHIN * actual and len(found[rep]) == place:
                found[rep].append(name)
    return {rep: names for rep, names in found.items() if names}


def _before(day: date, quarters: int) -> Iterator[tuple[str, date, date]]:
    """Yield the last quarters that are over, the latest first: name, first day, last day."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    for _each in range(quarters):
        last = first - timedelta(days=1)
        first = date(last.year, (last.month - 1) // 3 * 3 + 1, 1)
        yield f"{first.year}Q{(first.month + 2) // 3}", first, last


def _stated(reader: Reader | PluginReader, quarter: str) -> dict[int, Decimal]:
    """Return what each rep had frozen in the middle of a quarter."""
    c = frozen_row.c
    middle = select(func.max(freeze.c.week)).where(freeze.c.quarter == quarter, freeze.c.week <= WEEK).scalar_subquery()
    rows = reader.rows(
        select(c.owner_id, func.sum(c.won).label("won"), func.sum(c.weighted).label("weighted"))
        .join_from(frozen_row, freeze, freeze.c.id == c.freeze_id)
        .where(freeze.c.quarter == quarter, freeze.c.week == middle, c.owner_id.is_not(None))
        .group_by(c.owner_id)
        .limit(_MOST)
    )
    return {row.owner_id: (row.won or Decimal(0)) + (row.weighted or Decimal(0)) for row in rows}


def _won(reader: Reader | PluginReader, first: date, last: date) -> dict[int, Decimal]:
    """Return what each rep won in some time, in the workspace's currency at the rates kept with the deals."""
    c = opportunity.c
    rows = reader.rows(
        select(c.owner_id, c.currency, c.rate, func.sum(c.amount).label("amount"))
        .where(c.status == "won", c.closed_on >= first, c.closed_on <= last, c.owner_id.is_not(None))
        .group_by(c.owner_id, c.currency, c.rate)
        .limit(_MOST)
    )
    own = base(reader)
    found: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[row.owner_id] += (row.amount or Decimal(0)) * (1 if row.currency == own else row.rate or 1)
    return found
