"""What to quote: the prices paid, the lowest margin, the risk of losing them, and a band with its evidence (S1-V03)."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from attrs import frozen
from sqlalchemy import select

from crmcore.api import InvalidInput, PluginReader, Reader, here
from crmcore_sales.catalogue.prices import Want, in_force, tier
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.quoting.churn import Churn, churn
from crmcore_sales.quoting.evidence import Evidence, evidence
from crmcore_sales.quoting.history import Paid, last_paid
from crmcore_sales.quoting.limits import limits
from crmcore_sales.quoting.lines import FLOOR
from crmcore_sales.tables import product

_CENT = Decimal("0.01")


@frozen(kw_only=True)
class Offer:
    """What to quote a customer for a product; prices are of a unit, in `currency`.

    `low_percent` to `high_percent` below the list is what similar deals were won at, `lowest` to `highest` the prices
    of it; they never go below `floor_price`, which leaves the margin `floor_percent`. Without enough similar deals
    there is no band. `limit` is the rep's own; beyond the discount `approval_above` somebody is asked.
    """

    customer_id: int
    product: str
    quantity: Decimal
    currency: str
    list_price: Decimal
    paid: Sequence[Paid]
    floor_percent: Decimal
    floor_price: Decimal | None
    churn: Churn
    evidence: Evidence | None
    low_percent: int | None
    high_percent: int | None
    lowest: Decimal | None
    highest: Decimal | None
    limit: Decimal
    approval_above: Decimal


def offer(
    reader: Reader,
    customer_id: int,
    product_id: int,
    *,
    quantity: Decimal = Decimal(1),
    currency: str = "",
    besides: int | None = None,
) -> Offer:
    """Return what to quote. Raises `InvalidInput` where no list has a price. About fifteen statements."""
    today = here(reader).today
    known = rates(reader, today)
    row = reader.rows(select(product).where(product.c.id == product_id))[0]
    paid = last_paid(reader, customer_id, product_id)
    currency = currency or (paid[0].currency if paid else known.base)
    group = tier(reader, customer_id)
    want = Want(product_id=product_id, quantity=quantity, currency=currency, day=today, tier=group)
    price = in_force(reader, [want], known)[0]
    if price is None:
        raise InvalidInput(
            _("No list has a price of {product} in {currency} for {quantity} on {day}.").format(
                product=row.code, currency=currency, quantity=f"{quantity.normalize():f}", day=today.isoformat()
            )
        )
    cost = None if row.cost is None else known.convert(row.cost, row.currency, today, currency)
    floor = FLOOR if row.floor is None else row.floor
    lowest_allowed = None if cost is None else (cost / (1 - floor / 100)).quantize(_CENT, ROUND_CEILING)
    found = evidence(
        reader, product_id=product_id, quantity=quantity, tier=group, today=today, besides=besides
    )  # fmt: skip
    limit = limits(reader, [reader.actor.user_id], today).get(reader.actor.user_id, Decimal(0))
    top = _capped(found.high, price.unit_price, lowest_allowed) if found else None
    low = min(found.low, top) if found and top is not None else None
    return Offer(
        customer_id=customer_id,
        product=row.code,
        quantity=quantity,
        currency=currency,
        list_price=price.unit_price,
        paid=paid,
        floor_percent=floor,
        floor_price=lowest_allowed,
        churn=churn(reader, customer_id, today),
        evidence=found,
        low_percent=low,
        high_percent=top,
        lowest=_at(price.unit_price, top),
        highest=_at(price.unit_price, low),
        limit=limit,
        approval_above=max(limit, Decimal(top)) if paid and top is not None else limit,
    )


def _capped(percent: int, list_price: Decimal, lowest: Decimal | None) -> int:
    """Return the discount, or the largest whole one that leaves the lowest margin."""
    if lowest is None or list_price <= 0:
        return percent
    return max(0, min(percent, int((list_price - lowest) / list_price * 100)))


def _at(list_price: Decimal, percent: int | None) -> Decimal | None:
    return None if percent is None else (list_price * (100 - percent) / 100).quantize(_CENT, ROUND_HALF_UP)


def band_top(reader: Reader | PluginReader, customer_id: int, product_id: int, quantity: Decimal) -> Decimal:
    """Return the top of the band for a customer who bought the product before, in per cent; 0 where there is none."""
    today = here(reader).today
    if not last_paid(reader, customer_id, product_id, limit=1):
        return Decimal(0)
    group = tier(reader, customer_id)
    found = evidence(reader, product_id=product_id, quantity=quantity, tier=group, today=today)
    return Decimal(found.high) if found else Decimal(0)
