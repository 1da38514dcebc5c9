"""The weighted pipeline: what open deals come to by stage, region, owner, product or currency (row S4-12)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from crmcore.api import Reader
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.forecasting.cells import open_cells
from crmcore_sales.forecasting.outlook import used
from crmcore_sales.forecasting.sums import Sums, fold
from crmcore_sales.pipeline.finding import Asked, conditions


@frozen(kw_only=True)
class Pipeline:
    """Open deals, as a whole and by some of `cells.BY`: each key has a value for each of `by`.

    Amounts are in `currency`, at the `rates` of the day `rated_on`; `unpriced` counts by currency the deals that are in
    no figure, as no rate is known.
    """

    by: Sequence[str]
    currency: str
    rated_on: date
    rates: Mapping[str, Decimal]
    groups: Mapping[tuple[Any, ...], Sums]
    total: Sums
    unpriced: Mapping[str, int]


def weighted(reader: Reader, by: Sequence[str], asked: Asked, rated_on: date) -> Pipeline:
    """Return the open deals that are asked for: five statements at most, whatever there is."""
    known, held = rates(reader, rated_on), conditions(asked)
    week = by.index("week") if "week" in by else None
    key = None if week is None else lambda one: (*one[:week], _week(one[week]), *one[week + 1 :])
    folded = fold(open_cells(reader, by, held), known, rated_on, key=key)
    # A deal with several products is in several groups, and once in the whole.
    whole = fold(open_cells(reader, (), held), known, rated_on) if "product" in by else folded
    return Pipeline(
        by=by,
        currency=known.base,
        rated_on=rated_on,
        rates=used(known, rated_on),
        groups=folded.groups,
        total=whole.total,
        unpriced=whole.unpriced,
    )


def _week(day: date | None) -> str:
    """Return the week of a day as ISO 8601 writes it: 2026-W48."""
    if day is None:
        return ""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"
