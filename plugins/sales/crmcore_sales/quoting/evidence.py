"""What similar deals tell: at which discounts they were won, and how much more often (row S2-Q2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import quantiles

from attrs import frozen
from sqlalchemy import select

from crmcore.api import PluginReader, Reader
from crmcore_sales.catalogue.prices import Want, in_force
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.quoting.history import Closed, closed
from crmcore_sales.quoting.lines import below
from crmcore_sales.tables import account

ENOUGH = 8
"""Fewer similar deals tell nothing."""
DAYS = 730
"""How far back deals are similar."""
_SIZE = 3


@frozen(kw_only=True)
class Rate:
    """How many deals there were, and how many of them were won."""

    n: int
    won: int

    @property
    def share(self) -> float | None:
        """The share that was won; None over no deals."""
        return self.won / self.n if self.n else None


@frozen(kw_only=True)
class Evidence:
    """What similar deals tell. `low` and `high` are the band, in whole per cent below the list: in it lies the middle
    half of those that were won. `below`, `within` and `above` are the deals there; `alike` says how they are similar.

    `change` is how many points more often deals in the band were won than those with less discount; None where either
    are too few.
    """

    alike: str
    n: int
    won: int
    low: int
    high: int
    below: Rate
    within: Rate
    above: Rate
    change: int | None


def evidence(
    reader: Reader | PluginReader,
    *,
    product_id: int,
    quantity: Decimal,
    tier: str,
    today: date,
    besides: int | None = None,
) -> Evidence | None:
    """Return what deals about a product tell that are most like one; None where there are too few. Five statements."""
    deals = closed(reader, product_id, today - timedelta(days=DAYS), besides)
    tiers = _tiers(reader, deals) if tier else {}
    sized = [one for one in deals if quantity / _SIZE <= one.quantity <= quantity * _SIZE]
    small, large = (quantity / _SIZE).quantize(Decimal(1)), (quantity * _SIZE).quantize(Decimal(1))
    size = _("same product, quantity {small} to {large}").format(small=small, large=large)
    group = _("of tier {tier}").format(tier=tier)
    for alike, said in (
        ([one for one in sized if tier and tiers.get(one.customer_id or 0) == tier], f"{size}, {group}"),
        (sized, size),
        (deals, _("same product")),
    ):
        found = _told(reader, product_id, alike, said)
        if found is not None:
            return found
    return None


def _told(reader: Reader | PluginReader, product_id: int, deals: Sequence[Closed], alike: str) -> Evidence | None:
    if len(deals) < ENOUGH:
        return None
    known = rates(reader, max(one.day for one in deals), min(one.day for one in deals))
    wants = [
        Want(product_id=product_id, quantity=one.quantity, currency=one.currency, day=one.day) for one in deals
    ]  # fmt: skip
    listed = in_force(reader, wants, known)
    off = [
        (float(below(price.unit_price, one.unit_price)), one.won)
        for one, price in zip(deals, listed, strict=True)
        if price is not None
    ]
    won = [percent for percent, was_won in off if was_won]
    if len(off) < ENOUGH or len(won) < 2:
        return None
    first, _middle, third = quantiles(won, n=4, method="inclusive")
    low, high = int(first), -int(-third // 1)
    less = _rate([one for one in off if one[0] < low])
    within = _rate([one for one in off if low <= one[0] <= high])
    above = _rate([one for one in off if one[0] > high])
    change = None
    if less.share is not None and within.share is not None:
        change = round((within.share - less.share) * 100)
    return Evidence(
        alike=alike, n=len(off), won=len(won), low=low, high=high, below=less, within=within, above=above, change=change
    )


def _rate(deals: Sequence[tuple[float, bool]]) -> Rate:
    return Rate(n=len(deals), won=sum(won for _percent, won in deals))


def _tiers(reader: Reader | PluginReader, deals: Sequence[Closed]) -> dict[int, str]:
    c = account.c
    customers = {one.customer_id for one in deals if one.customer_id is not None}
    return {
        row.customer_id: row.tier
        for row in reader.rows(select(c.customer_id, c.tier).where(c.customer_id.in_(customers)))
    }
