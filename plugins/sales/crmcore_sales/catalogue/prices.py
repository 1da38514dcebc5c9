"""Which price is in force: for a product, a quantity, a currency, a tier of customers, on a day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.api import PluginReader, Reader
from crmcore_sales.catalogue.rates import Rates
from crmcore_sales.tables import account, price

_MOST = 20_000


@frozen(kw_only=True)
class Want:
    """What somebody would buy."""

    product_id: int
    quantity: Decimal
    currency: str
    day: date
    tier: str = ""


@frozen(kw_only=True)
class InForce:
    """The price of a want in its currency; `origin` is the currency of the list where that had to be converted."""

    unit_price: Decimal
    price_list: str
    price_id: int
    origin: str = ""


def in_force(reader: Reader | PluginReader, wants: Sequence[Want], rates: Rates) -> list[InForce | None]:
    """Return the price in force for each want, in their order, None where no list has one. One statement.

    A price for the customer's tier comes before one for all; then the one of the largest quantity reached; then the
    newest. A list in the workspace's currency is converted at the day's rate where there is none in the wanted one.
    """
    if not wants:
        return []
    c = price.c
    first, last = min(each.day for each in wants), max(each.day for each in wants)
    rows = reader.rows(
        select(price)
        .where(
            c.product_id.in_({each.product_id for each in wants}),
            c.currency.in_({rates.base, *(each.currency for each in wants)}),
            c.tier.in_({"", *(each.tier for each in wants)}),
            c.valid_from <= last,
            or_(c.valid_until.is_(None), c.valid_until >= first),
        )
        .limit(_MOST)
    )
    by_product: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_product[row.product_id].append(row)
    return [_best(by_product[each.product_id], each, rates) for each in wants]


def _best(rows: Sequence[Any], want: Want, rates: Rates) -> InForce | None:
    fitting = [row for row in rows if _fits(row, want)]
    direct = [row for row in fitting if row.currency == want.currency]
    if direct:
        row = max(direct, key=_rank)
        return InForce(unit_price=row.unit_price, price_list=row.price_list, price_id=row.id)
    foreign = [row for row in fitting if row.currency == rates.base]
    if not foreign:
        return None
    row = max(foreign, key=_rank)
    converted = rates.convert(row.unit_price, row.currency, want.day, want.currency)
    return InForce(unit_price=converted, price_list=row.price_list, price_id=row.id, origin=row.currency)


def _fits(row: Any, want: Want) -> bool:
    return (
        row.unit_price is not None  # hidden from the actor
        and row.tier in ("", want.tier)
        and row.minimum <= want.quantity
        and row.valid_from <= want.day
        and (row.valid_until is None or row.valid_until >= want.day)
    )


def _rank(row: Any) -> tuple[bool, Decimal, date, int]:
    return bool(row.tier), row.minimum, row.valid_from, row.id


def tier(reader: Reader | PluginReader, customer_id: int | None) -> str:
    """Return the tier of a customer as an account; empty for one without."""
    if customer_id is None:
        return ""
    return reader.value(select(account.c.tier).where(account.c.customer_id == customer_id)) or ""
