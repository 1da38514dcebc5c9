"""Price lists and rates as they are listed."""

from datetime import date
from decimal import Decimal

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.api import Reader
from crmcore_sales.tables import price, product, rate


@frozen(kw_only=True)
class PriceView:
    """A price as listed."""

    id: int
    product_id: int
    product: str
    unit_price: Decimal | None
    currency: str
    price_list: str
    tier: str
    minimum: Decimal
    valid_from: date
    valid_until: date | None
    version: int


@frozen(kw_only=True)
class RateView:
    """A rate as listed: what one unit is worth in `base` from a day on."""

    id: int
    currency: str
    day: date
    rate: Decimal
    base: str


def prices(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    product_id: int | None = None,
    price_list: str = "",
    currency: str = "",
    tier: str | None = None,
    on: date | None = None,
    price_id: int | None = None,
) -> list[PriceView]:
    """Return prices in the order in which they were entered; `on` leaves out those that do not hold on a day."""
    c = price.c
    statement = (
        select(*(c[name] for name in PriceView.__annotations__ if name in c), product.c.code.label("product"))
        .join_from(price, product, product.c.id == c.product_id)
        .order_by(c.id)
        .limit(limit)
    )
    equal = (
        (c.product_id, product_id), (c.price_list, price_list or None), (c.currency, currency or None),
        (c.tier, tier), (c.id, price_id),
    )  # fmt: skip
    for column, value in equal:
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        statement = statement.where(c.id > after)
    if on is not None:
        statement = statement.where(c.valid_from <= on, or_(c.valid_until.is_(None), c.valid_until >= on))
    return [PriceView(**row._mapping) for row in reader.rows(statement)]


def listed_rates(
    reader: Reader, base: str, *, limit: int, after: int | None = None, currency: str = ""
) -> list[RateView]:
    """Return rates in the order in which they were entered."""
    c = rate.c
    statement = select(c.id, c.currency, c.day, c.rate).order_by(c.id).limit(limit)
    if currency:
        statement = statement.where(c.currency == currency)
    if after is not None:
        statement = statement.where(c.id > after)
    return [RateView(base=base, **row._mapping) for row in reader.rows(statement)]
