"""Two valid prices that met after they were given: when two customers became one. They are told of, not undone."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import Event, NotifyTransaction, PluginReader, Quality, Reader, here, names, tables
from crmcore_sales.catalogue.products import titles
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.model.quote import Quote
from crmcore_sales.quoting.coherence import Conflict, conflicts, standing
from crmcore_sales.quoting.telling import tell_of_meeting
from crmcore_sales.tables import offered

HEARS = ("customer.merged",)
_MOST = 1_000


@frozen(kw_only=True)
class ConflictView:
    """A customer's two valid prices for a product, and how many per cent the later one is below the earlier."""

    customer_id: int
    customer: str
    product: str
    quote_id: int
    quote: str
    price: str
    other_quote_id: int
    other_quote: str
    other_price: str
    percent: Decimal


def merged(event: Event, tx: NotifyTransaction) -> None:
    """Tell reps and their managers when two customers that became one have two valid prices for a product."""
    if event.type not in HEARS:
        return
    by_quote: dict[int, list[Conflict]] = {}
    for each in _found(tx, [event.subject_id]):
        by_quote.setdefault(each.later.quote_id, []).append(each)
    for key, found in by_quote.items():
        tell_of_meeting(tx, tx.get(Quote, key), found)


def _found(reader: Reader | PluginReader, customer_ids: Iterable[int]) -> Sequence[Conflict]:
    today = here(reader).today
    return conflicts(standing(reader, customer_ids, today), rates(reader, today), today)


def standing_conflicts(reader: Reader | PluginReader) -> list[ConflictView]:
    """Return all customers with two valid prices for a product, as they are now. A few statements."""
    found = _found(reader, _with_several(reader))
    customers = names(reader, tables.customer, (one.later.customer_id for one in found))
    products = titles(reader, (one.later.product_id for one in found))
    return [
        ConflictView(
            customer_id=one.later.customer_id,
            customer=customers.get(one.later.customer_id, ""),
            product=products.get(one.later.product_id, ("", ""))[0],
            quote_id=one.earlier.quote_id,
            quote=one.earlier.number,
            price=f"{one.earlier.unit_price} {one.earlier.currency}",
            other_quote_id=one.later.quote_id,
            other_quote=one.later.number,
            other_price=f"{one.later.unit_price} {one.later.currency}",
            percent=one.percent,
        )
        for one in found
    ]


def _with_several(reader: Reader | PluginReader) -> list[int]:
    """Return the customers that are offered a product in several quotes."""
    c = offered.c
    several = (
        select(c.customer_id)
        .group_by(c.customer_id, c.product_id)
        .having(func.count(c.quote_id.distinct()) > 1)
        .order_by(c.customer_id)
        .limit(_MOST)
    )
    return [row.customer_id for row in reader.rows(several)]


def quality(reader: PluginReader) -> Iterator[Quality]:
    """Yield how many customers with offers have two valid prices for a product."""
    found = standing_conflicts(reader)
    fixes = tuple(
        (
            "customer",
            one.customer_id,
            _("two prices for {product}: {a} in {quote}, {b} in {other}").format(
                product=one.product, a=one.price, quote=one.quote, b=one.other_price, other=one.other_quote
            ),
        )
        for one in found
    )
    yield Quality(
        title=_("Customers with two valid prices for a product"),
        total=reader.value(select(func.count(offered.c.customer_id.distinct()))) or 0,
        bad=len({one.customer_id for one in found}),
        fixes=fixes[:20],
    )
