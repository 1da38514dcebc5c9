"""Open deals, and won ones, grouped in the database: as they stand now, or as was known on a day."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, Select, case, func, null, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_sales.forecasting.quarters import WEEKS, Quarter
from crmcore_sales.forecasting.sums import Cell
from crmcore_sales.tables import line, opportunity, standing

MOST = 100_000
"""Groups read at most: many times what people look at."""
_NOTHING = Decimal(0)


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


@frozen(kw_only=True)
class Span:
    """From a day to another, both included; None where it is open. Weeks are those of the `quarter`, where one is told.

    Without it a week is told by its days.
    """

    since: date | None = None
    until: date | None = None
    quarter: Quarter | None = None

    def on(self, column: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on a column."""
        first = [] if self.since is None else [column >= self.since]
        return first if self.until is None else [*first, column <= self.until]

    def week(self, column: Any) -> Any:
        """Return the week that a column's day lies in."""
        if self.quarter is None:
            return column
        return _week(column, self.quarter, 1, WEEKS)


def _week(column: Any, quarter: Quarter, first: int, last: int) -> Any:
    """Return the week, `first` to `last`, that a column's day lies in: halved again and again, so few are compared."""
    if first == last:
        return first
    middle = (first + last) // 2
    earlier, later = _week(column, quarter, first, middle), _week(column, quarter, middle + 1, last)
    return case((column < quarter.week_start(middle + 1), earlier), else_=later)


ALWAYS = Span()


def of_quarter(quarter: Quarter) -> Span:
    """Return the span of a quarter, in its own weeks."""
    return Span(since=quarter.start, until=quarter.end, quarter=quarter)


def open_cells(
    reader: Reader | PluginReader,
    by: Sequence[str],
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    needed: Span = ALWAYS,
    origin: Origin = NOW,
    per_rep: bool = False,
) -> list[Cell]:
    """Return the open deals needed in some time, grouped by some of `BY`: each key has a value for each. One statement.

    By product each line counts with its own amount, and a deal without lines with its own. With `per_rep` cells keep
    apart whose they are.
    """
    statement = _open(tuple(by), needed, origin, per_rep)
    if conditions:
        statement = statement.where(*conditions)
    width = len(by)
    return [
        Cell(tuple(row[:width]), row[width], row[width + 1], row[width + 2], row[width + 3], row[width + 4],
             row[width + 5] or _NOTHING)
        for row in reader.rows(statement)
    ]  # fmt: skip


@lru_cache(maxsize=128)  # what readers learn of a statement is kept with it, and the same questions come again
def _open(by: tuple[str, ...], needed: Span, origin: Origin, per_rep: bool) -> Select[Any]:
    table, amount, count = _source(by, origin)
    keys = _keys(by, origin, needed.week(origin.need_by))
    owner: list[Any] = [origin.owner] if per_rep else []
    alike = [origin.currency, origin.probability, origin.category]
    return (
        select(*keys, *(owner or [null()]), *alike, count, func.sum(amount))
        .select_from(table)
        .where(origin.status == "open", *needed.on(origin.need_by), *origin.conditions)
        .group_by(*keys, *owner, *alike)
        .limit(MOST)
    )


def _source(by: Sequence[str], origin: Origin) -> tuple[FromClause, Any, Any]:
    """Return where deals are read from, their amount and their count; with their lines, where those are asked for."""
    if "product" not in by:
        return origin.table, origin.amount, func.count()
    table = origin.table.outerjoin(line, line.c.opportunity_id == opportunity.c.id)
    amount = case((line.c.id.is_(None), origin.amount), else_=line.c.amount)
    return table, amount, func.count(opportunity.c.id.distinct())


def _keys(by: Sequence[str], origin: Origin, week: Any) -> list[Any]:
    user = tables.user_account.alias("owner")
    known: dict[str, Any] = {
        **{one: opportunity.c[one] for one in ("stage", "region", "campaign", "channel")},
        "week": week,
        "owner": origin.owner,
        "currency": origin.currency,
        "product": line.c.product_id,
        "team": select(user.c.team).where(user.c.id == origin.owner).scalar_subquery(),
    }
    return [known[one].label(f"by_{place}") for place, one in enumerate(by)]


class Said(NamedTuple):
    """What a rep's open deals with some odds come to, in a currency; without those omitted from forecasts."""

    rep_id: int | None
    currency: str
    probability: int | None
    amount: Decimal | None


def said_cells(
    reader: Reader | PluginReader,
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    needed: Span = ALWAYS,
    origin: Origin = NOW,
) -> list[Said]:
    """Return what each rep says of the open deals needed in some time: what correcting it takes. One statement."""
    statement = _said(needed, origin)
    if conditions:
        statement = statement.where(*conditions)
    return [Said._make(row) for row in reader.rows(statement)]


@lru_cache(maxsize=128)
def _said(needed: Span, origin: Origin) -> Select[Any]:
    alike = [origin.owner, origin.currency, origin.probability]
    return (
        select(*alike, func.sum(origin.amount))
        .select_from(origin.table)
        .where(origin.status == "open", *needed.on(origin.need_by), origin.category != "omitted", *origin.conditions)
        .group_by(*alike)
        .limit(MOST)
    )


class Won(NamedTuple):
    """Won deals that are alike: closed on a day, in a currency, at a rate (None: that of the day)."""

    key: tuple[Any, ...]
    currency: str
    rate: Decimal | None
    closed_on: date
    deals: int
    amount: Decimal


def won_cells(
    reader: Reader | PluginReader,
    by: Sequence[str],
    closed: Span,
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    origin: Origin = NOW,
) -> list[Won]:
    """Return the deals that were won in some time, grouped; a week is that of the day they were won. One statement."""
    statement = _won(tuple(by), closed, origin)
    if conditions:
        statement = statement.where(*conditions)
    width = len(by)
    return [
        Won(tuple(row[:width]), row[width], row[width + 1], row[width + 2], row[width + 3], row[width + 4] or _NOTHING)
        for row in reader.rows(statement)
    ]


@lru_cache(maxsize=128)
def _won(by: tuple[str, ...], closed: Span, origin: Origin) -> Select[Any]:
    table, amount, count = _source(by, origin)
    keys = _keys(by, origin, closed.week(origin.closed_on))
    alike = [origin.currency, opportunity.c.rate, origin.closed_on]
    return (
        select(*keys, *alike, count, func.sum(amount))
        .select_from(table)
        .where(origin.status == "won", *closed.on(origin.closed_on), *origin.conditions)
        .group_by(*keys, *alike)
        .limit(MOST)
    )
