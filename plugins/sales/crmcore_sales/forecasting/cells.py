"""Open deals, and won ones, grouped in the database: as they stand now, or as was known on a day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, Select, case, func, null, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_sales.forecasting.sums import Cell
from crmcore_sales.tables import line, opportunity, standing

MOST = 100_000
"""Groups read at most: many times what people look at."""


@frozen(kw_only=True, eq=False)
class Origin:
    """Where deals are read from: `table`, and the columns of what is stated of them.

    `o` has the columns of opportunities, for what does not change as they stand.
    """

    table: FromClause
    owner: Any
    status: Any
    amount: Any
    currency: Any
    probability: Any
    category: Any
    need_by: Any
    closed_on: Any
    conditions: tuple[ColumnElement[bool], ...] = ()


_o = opportunity.c
NOW = Origin(
    table=opportunity, owner=_o.owner_id, status=_o.status, amount=_o.amount, currency=_o.currency,
    probability=_o.probability, category=_o.category, need_by=_o.need_by, closed_on=_o.closed_on,
)  # fmt: skip
"""Deals as they stand now."""


def known_before(instant: Any) -> Origin:
    """Return deals as they stood before an instant, as far as was known then; removed ones are not among them."""
    last = select(func.max(standing.c.id)).where(standing.c.at < instant).group_by(standing.c.opportunity_id)
    s = standing.c
    return Origin(
        table=standing.join(opportunity, s.opportunity_id == opportunity.c.id),
        owner=s.rep_id, status=s.status, amount=s.amount, currency=s.currency, probability=s.probability,
        category=s.category, need_by=s.need_by, closed_on=s.closed_on, conditions=(s.id.in_(last),),
    )  # fmt: skip


BY = ("stage", "week", "region", "owner", "team", "product", "currency", "campaign", "channel")
"""What deals can be grouped by; a week is one of need."""


def key_of(origin: Origin, by: str) -> Any:
    """Return the column to group by; for weeks the day of need."""
    match by:
        case "week":
            return origin.need_by
        case "owner":
            return origin.owner
        case "currency":
            return origin.currency
        case "product":
            return line.c.product_id
        case "team":
            user = tables.user_account.alias("owner")
            return select(user.c.team).where(user.c.id == origin.owner).scalar_subquery()
    return opportunity.c[by]


def open_cells(
    reader: Reader | PluginReader,
    by: Sequence[str],
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    origin: Origin = NOW,
    per_rep: bool = False,
) -> list[Cell]:
    """Return the open deals grouped by some of `BY`; each cell's key has a value for each. One statement.

    By product each line counts with its own amount, and a deal without lines with its own. With `per_rep` cells keep
    apart whose they are.
    """
    if origin is NOW and not conditions:
        statement = _kept(tuple(by), per_rep)
    else:
        statement = _statement(tuple(by), origin, per_rep).where(*conditions)
    width = len(by)
    return [
        Cell(
            key=row[:width], rep_id=row[width], currency=row[width + 1], probability=row[width + 2],
            category=row[width + 3], deals=row[width + 4], amount=row[width + 5] or Decimal(0),
        )
        for row in map(tuple, reader.rows(statement))
    ]  # fmt: skip


def _statement(by: tuple[str, ...], origin: Origin, per_rep: bool) -> Select[Any]:
    table, amount, count = origin.table, origin.amount, func.count()
    if "product" in by:
        table = table.outerjoin(line, line.c.opportunity_id == opportunity.c.id)
        amount = case((line.c.id.is_(None), amount), else_=line.c.amount)
        count = func.count(opportunity.c.id.distinct())
    keys = [key_of(origin, one).label(f"by_{place}") for place, one in enumerate(by)]
    owner: list[Any] = [origin.owner] if per_rep else []
    alike = [origin.currency, origin.probability, origin.category]
    return (
        select(*keys, *(owner or [null()]), *alike, count, func.sum(amount))
        .select_from(table)
        .where(origin.status == "open", *origin.conditions)
        .group_by(*keys, *owner, *alike)
        .limit(MOST)
    )


@lru_cache(maxsize=64)
def _kept(by: tuple[str, ...], per_rep: bool) -> Select[Any]:
    """Return the statement for all open deals as they stand: made once, as it is asked often."""
    return _statement(by, NOW, per_rep)


@frozen(kw_only=True)
class Won:
    """Won deals that are alike: closed on a day, in a currency, at a rate (None: that of the day)."""

    key: Any
    rep_id: int | None
    currency: str
    rate: Decimal | None
    closed_on: date
    deals: int
    amount: Decimal


def won_cells(
    reader: Reader | PluginReader,
    by: Sequence[str],
    since: date,
    until: date,
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    origin: Origin = NOW,
    per_rep: bool = False,
) -> list[Won]:
    """Return the deals that were won on days between two (included), grouped. One statement."""
    table, amount, count = origin.table, origin.amount, func.count()
    if "product" in by:
        table = table.outerjoin(line, line.c.opportunity_id == opportunity.c.id)
        amount = case((line.c.id.is_(None), amount), else_=line.c.amount)
        count = func.count(opportunity.c.id.distinct())
    keys = [(origin.closed_on if one == "week" else key_of(origin, one)).label(f"by_{n}") for n, one in enumerate(by)]
    owner: list[Any] = [origin.owner] if per_rep else []
    alike = [origin.currency, opportunity.c.rate, origin.closed_on]
    statement = (
        select(*keys, *(owner or [null()]), *alike, count, func.sum(amount))
        .select_from(table)
        .where(origin.status == "won", origin.closed_on.between(since, until), *origin.conditions, *conditions)
        .group_by(*keys, *owner, *alike)
        .limit(MOST)
    )
    width = len(by)
    return [
        Won(
            key=row[:width], rep_id=row[width], currency=row[width + 1], rate=row[width + 2], closed_on=row[width + 3],
            deals=row[width + 4], amount=row[width + 5] or Decimal(0),
        )
        for row in map(tuple, reader.rows(statement))
    ]  # fmt: skip
