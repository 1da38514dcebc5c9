"""What currencies are worth in the workspace's own, from day to day."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Numeric, Select, case, cast, func, literal_column, or_, select

from crmcore.api import BASE, InvalidInput, PluginReader, Reader
from crmcore.api import currency as own_currency
from crmcore_sales.i18n import _
from crmcore_sales.tables import rate

_CENT = Decimal("0.01")
_MOST = 200_000


def base(reader: Reader | PluginReader) -> str:
    """Return the currency the workspace reckons in (ISO 4217)."""
    return own_currency(reader)


@frozen(kw_only=True)
class Rates:
    """The rates of some time, by currency: the days they hold from, in order, and what a unit is worth in `base`."""

    base: str
    days: Mapping[str, Sequence[date]]
    values: Mapping[str, Sequence[Decimal]]

    def on(self, currency: str, day: date) -> Decimal:
        """Return what a unit of a currency is worth on a day; raises `InvalidInput` where no rate is known."""
        if currency == self.base:
            return Decimal(1)
        place = bisect_right(self.days.get(currency, ()), day)
        if not place:
            raise InvalidInput(
                _(
                    "There is no rate of {currency} on {day}; add one: crm sales rate add {currency} RATE --from {day}"
                ).format(currency=currency, day=day.isoformat())
            )
        return self.values[currency][place - 1]

    def convert(self, amount: Decimal, currency: str, day: date, to: str = "") -> Decimal:
        """Return an amount in the base currency, or in `to`, at the rates of a day, rounded to the cent.

        Raises `InvalidInput` where a rate is not known.
        """
        worth = amount * self.on(currency, day)
        if to and to != self.base:
            worth /= self.on(to, day)
        return worth.quantize(_CENT, ROUND_HALF_UP)


def rates(reader: Reader | PluginReader, until: date, since: date | None = None) -> Rates:
    """Return the rates that hold on the days from `since` to `until`, or on that one day. Two statements."""
    found = reader.rows(_between(since or until, until))
    days: dict[str, list[date]] = defaultdict(list)
    values: dict[str, list[Decimal]] = defaultdict(list)
    for row in found:
        days[row.currency].append(row.day)
        values[row.currency].append(row.rate)
    return Rates(base=base(reader), days=days, values=values)


@lru_cache(maxsize=64)  # what readers learn of a statement is kept with it, and the same days are asked again
def _between(first: date, last: date) -> Select[Any]:
    earlier = rate.alias()
    before = (
        select(func.max(earlier.c.day))
        .where(earlier.c.currency == rate.c.currency, earlier.c.day <= first)
        .scalar_subquery()
    )
    return (
        select(rate.c.currency, rate.c.day, rate.c.rate)
        .where(rate.c.day <= last, or_(rate.c.day > first, rate.c.day == before))
        .order_by(rate.c.currency, rate.c.day)
        .limit(_MOST)
    )


def rate_at(currency: Any, at: Any) -> ColumnElement[Decimal]:
    """Return the expression for what a unit of the currency in one column is worth on the day, or at the instant, `at`.

    NULL where no rate is known; 1 for the workspace's own currency, `BASE`.
    """
    held = rate.alias()
    c = held.c
    known = select(cast(c.rate, Numeric)).where(c.currency == currency, c.day <= at).order_by(c.day.desc()).limit(1)
    return case((currency == BASE, literal_column("1")), else_=known.correlate_except(held).scalar_subquery())


def convert(reader: Reader | PluginReader, sums: Iterable[tuple[Decimal, str, date]]) -> list[Decimal]:
    """Return amounts of any currencies, each at the rate of its day, in the workspace's currency: two statements.

    Raises `InvalidInput` where a rate is not known.
    """
    wanted = list(sums)
    if not wanted:
        return []
    known = rates(reader, max(day for _amount, _currency, day in wanted), min(day for _a, _c, day in wanted))
    return [known.convert(amount, currency, day) for amount, currency, day in wanted]
