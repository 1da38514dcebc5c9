"""Counts of decided deals and what they came to, as columns of a statement and as values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Numeric, case, cast, func, type_coerce

from crmcore.api import Fixed
from crmcore_sales.tables import opportunity


def worth_in(amount: Any, currency: str) -> ColumnElement[Any]:
    """Return an amount in the workspace's currency, at the rate of the day on which the deal was closed."""
    rate = cast(opportunity.c.rate, Numeric)
    return case((opportunity.c.currency == currency, amount), else_=amount * rate)


def sums(worth: ColumnElement[Any], each: Any, currency: str) -> list[ColumnElement[Any]]:
    """Return the columns of a count: what `worth` gives is added up; `each` is counted, or every row (None)."""
    count = func.count() if each is None else func.count(each)
    won, lost = opportunity.c.status == "won", opportunity.c.status == "lost"
    unknown = opportunity.c.amount.is_not(None) & (opportunity.c.currency != currency) & opportunity.c.rate.is_(None)
    return [
        count.filter(won).label("won"),
        count.filter(lost).label("lost"),
        type_coerce(func.sum(worth).filter(won), Fixed).label("won_amount"),
        type_coerce(func.sum(worth).filter(lost), Fixed).label("lost_amount"),
        count.filter(unknown).label("unpriced"),
    ]


@frozen(kw_only=True)
class Counts:
    """Decided deals: how many were won and lost, what they came to, and of how many that is not known."""

    won: int
    lost: int
    won_amount: Decimal
    lost_amount: Decimal
    unpriced: int


def added(rows: Sequence[Any]) -> Counts:
    """Return several counts as one."""
    return Counts(
        won=sum(row.won for row in rows),
        lost=sum(row.lost for row in rows),
        won_amount=sum((row.won_amount or Decimal(0) for row in rows), Decimal(0)),
        lost_amount=sum((row.lost_amount or Decimal(0) for row in rows), Decimal(0)),
        unpriced=sum(row.unpriced for row in rows),
    )


def less(row: Any, some: Counts) -> Counts:
    """Return a count without those that are counted elsewhere."""
    return Counts(
        won=row.won - some.won,
        lost=row.lost - some.lost,
        won_amount=(row.won_amount or Decimal(0)) - some.won_amount,
        lost_amount=(row.lost_amount or Decimal(0)) - some.lost_amount,
        unpriced=row.unpriced - some.unpriced,
    )
