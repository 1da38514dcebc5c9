"""One customer, one valid price for a product: which offers contradict each other (row S1-V14)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.api import Denied, PluginReader, Reader
from crmcore_sales.catalogue.rates import Rates
from crmcore_sales.i18n import _
from crmcore_sales.tables import offered

DAYS = 60
"""How long a quote counts whose validity nobody said."""

_MOST = 5_000
_ALIKE = Decimal("0.005")
"""Prices in two currencies, or two quantities, agree when they differ by less than this share."""


@frozen(kw_only=True)
class Offer:
    """A product in a quote to a customer: how many, at what price each; `sent_at` is empty for one not sent yet."""

    quote_id: int
    number: str
    owner_id: int | None
    customer_id: int
    product_id: int
    currency: str
    quantity: Decimal
    list_price: Decimal | None
    unit_price: Decimal
    sent_at: datetime | None = None
    valid_until: date | None = None


@frozen(kw_only=True)
class Conflict:
    """Two offers of a product to one customer at different prices; `percent` is what `later` is below `earlier`."""

    earlier: Offer
    later: Offer
    percent: Decimal


def standing(
    reader: Reader | PluginReader, customer_ids: Iterable[int], today: date, products: Iterable[int] | None = None
) -> list[Offer]:
    """Return what these customers are offered now by anybody: the open quotes that are valid. One statement.

    What the actor may not see of quotes is among it: two reps of two teams must not contradict each other either.
    Raises `Denied` for an actor from whom prices are hidden.
    """
    c = offered.c
    statement = (
        select(*(c[name] for name in Offer.__annotations__))
        .where(c.customer_id.in_(set(customer_ids)), or_(c.valid_until.is_(None), c.valid_until >= today))
        .order_by(c.sent_at, c.id)
        .limit(_MOST)
    )
    if products is not None:
        statement = statement.where(c.product_id.in_(set(products)))
    rows = [row for row in reader.rows(statement) if _counts(row, today)]
    if any(row.unit_price is None for row in rows):
        raise Denied(_("Prices are hidden from you, so you cannot quote: others have quoted this customer."))
    return [Offer(**row._mapping) for row in rows]


def _counts(row: Any, today: date) -> bool:
    return row.valid_until is not None or row.sent_at is None or row.sent_at.date() >= today - timedelta(days=DAYS)


def conflicts(offers: Sequence[Offer], rates: Rates, today: date) -> list[Conflict]:
    """Return the pairs of offers, of different quotes, that give one customer two prices for a product."""
    together: dict[tuple[int, int], list[Offer]] = defaultdict(list)
    for one in offers:
        together[one.customer_id, one.product_id].append(one)
    return [
        Conflict(earlier=earlier, later=later, percent=_below(earlier, later, rates, today))
        for each in together.values()
        for earlier, later in combinations(each, 2)
        if earlier.number != later.number and not _agree(earlier, later, rates, today)
    ]


def _agree(one: Offer, other: Offer, rates: Rates, today: date) -> bool:
    """Return whether two prices are one: equal, or for another quantity equally far below the list."""
    if one.currency == other.currency and one.unit_price == other.unit_price:
        return True
    if one.quantity != other.quantity and one.list_price and other.list_price:
        return abs(one.unit_price / one.list_price - other.unit_price / other.list_price) < _ALIKE
    return one.currency != other.currency and abs(_below(one, other, rates, today)) < _ALIKE * 100


def _below(earlier: Offer, later: Offer, rates: Rates, today: date) -> Decimal:
    """Return how many per cent the later price is below the earlier one; negative where it is above."""
    price, before = later.unit_price, earlier.unit_price
    if later.currency != earlier.currency:
        price, before = (rates.convert(one.unit_price, one.currency, today) for one in (later, earlier))
    return Decimal(0) if not before else ((before - price) / before * 100).quantize(Decimal("0.1"))
