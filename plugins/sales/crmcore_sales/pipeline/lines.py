"""The lines of an opportunity as people type them: `200 RT-100 @8000`. The amount follows them until it is said."""

import re
from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from crmcore.api import InvalidInput, Transaction, here, money_said
from crmcore_sales.catalogue import prices, products
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.model.opportunity import Line, Opportunity
from crmcore_sales.tables import line

_LINE = re.compile(
    r"(?:(?P<quantity>\d[\d,]*(?:\.\d+)?)\s*(?:[x×*]\s*(?=[^@＠\s])|\s))?\s*"
    r"(?P<what>[^@＠\s][^@＠]*?)\s*(?:[@＠]\s*(?P<price>[^@＠]+))?",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class SaidLine:
    """A line as it was typed: how many, of what (a product's code or name), at what price each."""

    what: str
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    currency: str = ""


def parts(text: str) -> tuple[Decimal | None, str, str]:
    """Return the quantity, product and price of `[QUANTITY] PRODUCT [@PRICE]`; raises `InvalidInput` for no line."""
    found = _LINE.fullmatch(text.strip())
    quantity = Decimal(found["quantity"].replace(",", "")) if found and found["quantity"] else None
    if found is None or quantity == 0:
        raise InvalidInput(_("“{text}” is no line; write 200 RT-100 @8000.").format(text=text))
    return quantity, found["what"], (found["price"] or "").strip()


def line_said(text: str) -> SaidLine:
    """Return the line that `text` says: `[QUANTITY] PRODUCT [@PRICE]`; raises `InvalidInput` for none."""
    quantity, what, said = parts(text)
    price, currency = money_said("price", said) if said else (None, "")
    return SaidLine(what=what, quantity=quantity, unit_price=price, currency=currency)


def total(lines: Sequence[Line]) -> Decimal | None:
    """Return what lines come to, each rounded to the cent; None where there are none, or one has no price."""
    sums = [None if one.unit_price is None else (one.quantity * one.unit_price).quantize(_CENT) for one in lines]
    return None if not sums or None in sums else sum((each for each in sums if each is not None), Decimal(0))


_CENT = Decimal("0.01")


def held(tx: Transaction, record: Opportunity) -> list[Line]:
    """Return the lines of an opportunity, to be changed."""
    return tx.load(Line, line.c.opportunity_id == record.id)


def set_lines(
    tx: Transaction, record: Opportunity, said: Sequence[SaidLine], *, words: bool = False, new: bool = False
) -> list[Line]:
    """Put lines into an opportunity, each product once: said again, its quantity and price are those said last.

    A price that is not said is that of the price list. `words` takes what names no product as a line in words; `new`
    says that the opportunity has no lines yet. Raises `NotFound` for an unknown product, and `InvalidInput` for a
    price in another currency than the opportunity's.
    """
    lines = [] if new else held(tx, record)
    before = total(lines)
    keys = [None] * len(said) if words else _products(tx, said)
    made: list[tuple[Line, SaidLine]] = []
    for one, key in zip(said, keys, strict=True):
        if one.currency and one.currency != record.currency:
            raise InvalidInput(
                _("The price of {what} is in {currency}, the opportunity in {other}.").format(
                    what=one.what, currency=one.currency, other=record.currency
                )
            )
        text = "" if key else one.what
        found = next((each for each in lines if (each.product_id, each.text) == (key, text)), None)
        if found is None:
            found = tx.add(Line(opportunity_id=record.id, product_id=key, text=text))
            lines.append(found)
            if one.quantity is None:
                tx.filled["sales_line", found.id].add("quantity")
        found.quantity = found.quantity if one.quantity is None else one.quantity
        found.unit_price = found.unit_price if one.unit_price is None else one.unit_price
        made.append((found, one))
    _price(tx, record, [each for each, one in made if one.unit_price is None and each.product_id])
    follow(tx, record, before, lines)
    return [each for each, _one in made]


def remove_line(tx: Transaction, record: Opportunity, key: int) -> None:
    """Take a line out of an opportunity; raises `InvalidInput` for one that is not in it."""
    lines = held(tx, record)
    found = next((one for one in lines if one.id == key), None)
    if found is None:
        raise InvalidInput(_("Opportunity {id} has no line {line}.").format(id=record.id, line=key))
    before = total(lines)
    tx.remove(found)
    follow(tx, record, before, [one for one in lines if one is not found])


def follow(tx: Transaction, record: Opportunity, before: Decimal | None, lines: Sequence[Line]) -> None:
    """Let the amount follow the lines where it is what they came to before, or nobody said it."""
    now = total(lines)
    if now is not None and record.amount in (None, before):
        record.amount = now
        tx.filled["sales_opportunity", record.id].add("amount")


def _products(tx: Transaction, said: Sequence[SaidLine]) -> list[int | None]:
    found = products.found(tx, [one.what for one in said])
    return [found[one.what] for one in said]


def _price(tx: Transaction, record: Opportunity, lines: Sequence[Line]) -> None:
    """Give lines the price of the list, of the day and the customer's tier, where one is in force: two statements."""
    if not lines:
        return
    day, tier = here(tx).today, prices.tier(tx, record.customer_id)
    wants = [
        prices.Want(product_id=one.product_id or 0, quantity=one.quantity, currency=record.currency, day=day, tier=tier)
        for one in lines
    ]
    found = prices.in_force(tx, wants, rates(tx, day))
    for one, listed in zip(lines, found, strict=True):
        if listed is not None:
            one.unit_price = listed.unit_price
            tx.filled["sales_line", one.id].add("unit_price")
