"""What the past says of each way to spend: how much went into it, and how many orders came of that."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Reader, bought
from crmcore_marketing.attribution.crediting import Span
from crmcore_marketing.attribution.keys import apart, called, words
from crmcore_marketing.attribution.products import Sold, sold
from crmcore_marketing.attribution.sums import credited, spent
from crmcore_marketing.tables import campaign

PRODUCT = "product"
DIMENSIONS = (PRODUCT, "type", "channel", "programme", "campaign")
"""What a budget can be split by; one of them, or several."""
_MOST = 50_000


@frozen(kw_only=True)
class Cell:
    """A way to spend: its key and name by dimension, what was spent on it, and how many orders it is credited with."""

    key: tuple[Any, ...]
    names: tuple[str, ...]
    cost: Decimal
    orders: int


def past(reader: Reader, by: Sequence[str], span: Span, touch: str) -> list[Cell]:
    """Return what was spent by `by`, and the orders that are credited to it by the `touch`: ten statements at most.

    A product's part of what a campaign cost: a campaign that says what it is for costs each of its products the same,
    and only their orders count. One that does not costs its products as their orders are to each other; without any
    order its cost is that of no product.
    """
    rows, kept = apart(), bought(reader)
    cost = spent(reader, rows, span)
    of = {one: words(reader, one) for one in by if one not in (PRODUCT, "campaign")}
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [Decimal(0), 0])
    goods: Sequence[Sold] = ()
    if PRODUCT in by:
        goods = sold(reader, kept, rows, span, touch)
        parts = _by_product(goods, cost, _meant(reader, goods))
    else:
        found = credited(reader, kept, rows, span)[touch].rows
        parts = _whole(cost, {key: one.orders for key, one in found.items()})
    for key, product, share, orders in parts:
        place = tuple(product if one == PRODUCT else key if one == "campaign" else of[one].get(key) for one in by)
        sums[place][0] += share
        sums[place][1] += orders
    names = [_names(reader, one, [place[at] for place in sums], goods) for at, one in enumerate(by)]
    return [
        Cell(
            key=place,
            names=tuple(said.get(each, "") for said, each in zip(names, place, strict=True)),
            cost=share.quantize(Decimal("0.01")),
            orders=orders,
        )
        for place, (share, orders) in sums.items()
    ]


def _names(reader: Reader, by: str, keys: Sequence[Any], goods: Sequence[Sold]) -> Mapping[Any, str]:
    if by == PRODUCT:
        return {one.id or one.name: f"{one.code} {one.name}".strip() for one in goods}
    return called(reader, by, keys)


def _meant(reader: Reader, goods: Sequence[Sold]) -> dict[int, list[Any]]:
    """Return the products that campaigns are for, where they say so, by campaign: a code or a name each."""
    known = {word.lower(): one.id or one.name for one in goods for word in (one.name, one.code) if word}
    rows = reader.rows(select(campaign.c.id, campaign.c.products).limit(_MOST))
    return {row.id: [known.get(str(each).lower(), str(each)) for each in row.products] for row in rows if row.products}


def _whole(cost: Mapping[int, Decimal], orders: Mapping[int, int]) -> Iterator[tuple[int, Any, Decimal, int]]:
    """Yield (campaign, no product, what it cost, its orders)."""
    for key in {*cost, *orders}:
        yield key, None, cost.get(key, Decimal(0)), orders.get(key, 0)


def _by_product(
    goods: Sequence[Sold], cost: Mapping[int, Decimal], meant: Mapping[int, list[Any]]
) -> Iterator[tuple[int, Any, Decimal, int]]:
    """Yield (campaign, product, its part of the cost, its orders)."""
    orders: dict[int, dict[Any, int]] = defaultdict(dict)
    for one in goods:
        for key, each in one.bought.items():
            orders[key][one.id or one.name] = each.orders
    for key in {*cost, *orders}:
        whole, came = cost.get(key, Decimal(0)), orders.get(key, {})
        if key in meant:
            for product in meant[key]:
                yield key, product, whole / len(meant[key]), came.get(product, 0)
        elif came:
            for product, n in came.items():
                yield key, product, whole * n / sum(came.values()), n
        else:
            yield key, None, whole, 0
