"""The lines of a quote: as people type them, and with the prices that are not typed."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, Reader, money_said
from crmcore_sales.catalogue.prices import Want, in_force, tier
from crmcore_sales.catalogue.products import found
from crmcore_sales.catalogue.rates import Rates
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.lines import parts
from crmcore_sales.tables import product

FLOOR = Decimal(18)
"""The lowest margin that anything is sold at without somebody's approval, in per cent of the price."""

_CENT, _TENTH = Decimal("0.01"), Decimal("0.1")
_OFF = re.compile(r"-\s*(?P<percent>\d+(?:\.\d+)?)\s*[%％]")


@frozen(kw_only=True)
class Typed:
    """A line as it was typed: without a price, or `off` per cent below the list, it has the price in force."""

    product_id: int | None
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    off: Decimal | None = None
    currency: str = ""
    text: str = ""


@frozen(kw_only=True)
class Priced:
    """A line with its prices in the currency of the quote; `cost` and `list_price` are empty where nobody knows them.

    `floor` is the lowest margin of its product, in per cent.
    """

    product_id: int | None
    code: str
    text: str
    quantity: Decimal
    list_price: Decimal | None
    unit_price: Decimal
    cost: Decimal | None
    floor: Decimal

    @property
    def amount(self) -> Decimal:
        """What the line comes to, rounded to the cent."""
        return (self.quantity * self.unit_price).quantize(_CENT)

    @property
    def discount(self) -> Decimal:
        """How many per cent the price is below the list; nothing where it is above, or no list has one."""
        return below(self.list_price, self.unit_price)

    @property
    def margin(self) -> Decimal | None:
        """What we keep of the price, in per cent; None where the cost is not known."""
        if self.cost is None or not self.unit_price:
            return None
        return ((self.unit_price - self.cost) / self.unit_price * 100).quantize(_TENTH)


def below(list_price: Decimal | None, price: Decimal) -> Decimal:
    """Return how many per cent a price is below the list, with two decimals; nothing where it is not."""
    if not list_price or price >= list_price:
        return Decimal(0)
    return ((list_price - price) / list_price * 100).quantize(_CENT)


def said(reader: Reader, texts: Iterable[str]) -> list[Typed]:
    """Return the lines that were typed as `[QUANTITY] PRODUCT [@PRICE]`; one statement for all products.

    The quantity is 1 and the price that in force where they are left out; a price of -5% is so much below it. Raises
    `InvalidInput` for what is no line, and as `products.found` does.
    """
    split = [parts(text) for text in texts]
    known = found(reader, [name for _quantity, name, _price in split])
    lines = []
    for quantity, name, price in split:
        off = _OFF.fullmatch(price)
        amount, currency = (None, "") if not price or off else money_said(_("price"), price)
        lines.append(
            Typed(
                product_id=known[name],
                quantity=Decimal(1) if quantity is None else quantity,
                unit_price=amount,
                off=Decimal(off["percent"]) if off else None,
                currency=currency,
            )
        )
    return lines


def priced(
    reader: Reader, typed: Sequence[Typed], *, customer_id: int | None, currency: str, day: date, rates: Rates
) -> list[Priced]:
    """Return the lines with all prices: three statements, however many there are.

    Raises `InvalidInput` for a product that no list has a price of and none was typed for, for a price typed in another
    currency than the quote's, and where a rate is missing.
    """
    ids = {each.product_id for each in typed if each.product_id is not None}
    products = {row.id: row for row in reader.rows(select(product).where(product.c.id.in_(ids)))}
    group = tier(reader, customer_id)
    listed = [each for each in typed if each.product_id is not None]
    wants = [
        Want(product_id=each.product_id or 0, quantity=each.quantity, currency=currency, day=day, tier=group)
        for each in listed
    ]
    prices = dict(zip(map(id, listed), in_force(reader, wants, rates), strict=True))
    made = []
    for each in typed:
        row, price = products.get(each.product_id or 0), prices.get(id(each))
        code = row.code if row else each.text
        if each.currency and each.currency != currency:
            raise InvalidInput(
                _("The price of {product} is in {other}, the quote in {currency}.").format(
                    product=code, other=each.currency, currency=currency
                )
            )
        list_price = price.unit_price if price else None
        made.append(
            Priced(
                product_id=each.product_id,
                code=code,
                text=each.text or (row.name if row else ""),
                quantity=each.quantity,
                list_price=list_price,
                unit_price=_unit_price(each, list_price, code, currency, day),
                cost=_cost(row, currency, day, rates),
                floor=FLOOR if row is None or row.floor is None else row.floor,
            )
        )
    return made


def _unit_price(typed: Typed, list_price: Decimal | None, code: str, currency: str, day: date) -> Decimal:
    if typed.unit_price is not None:
        return typed.unit_price
    if list_price is None:
        raise InvalidInput(
            _("No list has a price of {product} in {currency} for {quantity} on {day}; say its price after @").format(
                product=code, currency=currency, quantity=f"{typed.quantity.normalize():f}", day=day.isoformat()
            )
        )
    return (list_price * (100 - (typed.off or 0)) / 100).quantize(_CENT, ROUND_HALF_UP)


def _cost(row: object, currency: str, day: date, rates: Rates) -> Decimal | None:
    cost: Decimal | None = getattr(row, "cost", None)
    if cost is None:
        return None
    own: str = getattr(row, "currency", currency)
    return cost if own == currency else rates.convert(cost, own, day, currency)


def totals(lines: Sequence[Priced]) -> tuple[Decimal, Decimal]:
    """Return what a quote comes to, and how many per cent that is below the list."""
    amount = sum((each.amount for each in lines), Decimal(0))
    full = sum((each.quantity * (each.list_price or each.unit_price) for each in lines), Decimal(0))
    return amount, below(full, amount)
