"""Units of products that are won, likely and possible at best, by week of need: from the lines of deals."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen
from sqlalchemy import ColumnElement, func, select

from crmcore.api import PluginReader, Reader
from crmcore_sales.forecasting.cells import MOST, NOW, Origin
from crmcore_sales.forecasting.quarters import Quarter
from crmcore_sales.forecasting.sums import parts
from crmcore_sales.tables import line, opportunity

_NOTHING, _PLACES = Decimal(0), Decimal("0.0001")


@frozen(kw_only=True)
class Units:
    """Units of a product in a week of need: won, and of open deals times their odds, and of those possible at best."""

    product_id: int
    week: int
    won: Decimal
    weighted: Decimal
    high: Decimal


def units(
    reader: Reader | PluginReader,
    quarter: Quarter,
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    origin: Origin = NOW,
) -> list[Units]:
    """Return the units of each product in each week of a quarter. Two statements."""
    table = origin.table.join(line, line.c.opportunity_id == opportunity.c.id)
    product_id, quantity = line.c.product_id, func.sum(line.c.quantity)
    held = [product_id.is_not(None), *origin.conditions, *conditions]
    alike = [product_id, origin.need_by, origin.probability, origin.category]
    still = reader.rows(
        select(*alike, quantity)
        .select_from(table)
        .where(origin.status == "open", origin.need_by.between(quarter.start, quarter.end), *held)
        .group_by(*alike)
        .limit(MOST)
    )
    won = reader.rows(
        select(product_id, origin.closed_on, quantity)
        .select_from(table)
        .where(origin.status == "won", origin.closed_on.between(quarter.start, quarter.end), *held)
        .group_by(product_id, origin.closed_on)
        .limit(MOST)
    )
    found: dict[tuple[int, int], list[Decimal]] = defaultdict(lambda: [_NOTHING, _NOTHING, _NOTHING])
    for product, day, many in map(tuple, won):
        found[product, quarter.week(day)][0] += many
    for product, day, odds, category, many in map(tuple, still):
        likely, best = parts(many or _NOTHING, odds, category)
        sums = found[product, quarter.week(day)]
        sums[1] += likely
        sums[2] += best
    return [
        Units(product_id=product, week=week, won=a, weighted=b.quantize(_PLACES), high=c)
        for (product, week), (a, b, c) in sorted(found.items())
    ]
