"""Which products were bought thanks to campaigns, and which of them nobody bought (row S4-09)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import func, literal, select, type_coerce, union_all

from crmcore.api import Fixed, Outcome, PluginReader, Reader, products
from crmcore_marketing.attribution.crediting import Span, won
from crmcore_marketing.attribution.keys import Keys
from crmcore_marketing.attribution.sums import cents

_MOST = 50_000
_LISTED = 2_000


@frozen(kw_only=True)
class Bought:
    """How often a product was bought: by how many customers, in how many orders, how many, for how much."""

    customers: int = 0
    orders: int = 0
    quantity: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)


NOBODY = Bought()


@frozen(kw_only=True)
class Sold:
    """A product, and who bought it by row; one in words, or no longer sold, is here only where somebody bought it."""

    id: int | None
    code: str
    name: str
    family: str
    bought: Mapping[Any, Bought]

    @property
    def buyers(self) -> int:
        """How many bought it, over all rows."""
        return sum(one.customers for one in self.bought.values())


def sold(
    reader: Reader | PluginReader, kept: Sequence[Outcome], by: Keys, span: Span, touch: str, *conditions: Any
) -> list[Sold]:
    """Return all products with their buyers by row, those bought most first, those nobody bought last.

    Business is credited to its `touch` (first or last). Two statements: products without buyers cost nothing more.
    """
    rows = _bought(reader, kept, by, span, touch, conditions)
    found: dict[Any, dict[Any, Bought]] = defaultdict(dict)
    words: dict[Any, tuple[str, str]] = {}
    for row in rows:
        product = row.product if row.product is not None else row.name
        words[product] = row.name, row.family
        found[product][row.key] = Bought(
            customers=row.customers,
            orders=row.orders,
            quantity=row.quantity or Decimal(0),
            revenue=cents(row.revenue) or Decimal(0),
        )
    listed: list[Sold] = []
    for each in products(reader):
        for row in reader.rows(
            select(each.id.label("id"), each.code.label("code"), each.name.label("name"), each.family.label("family"))
            .select_from(each.source)
            .where(*each.conditions)
            .order_by(each.code)
            .limit(_LISTED)
        ):
            bought = found.pop(row.id, {})
            listed.append(Sold(id=row.id, code=row.code, name=row.name, family=row.family or "", bought=bought))
    for product, bought in found.items():
        name, family = words[product]
        key = product if isinstance(product, int) else None
        listed.append(Sold(id=key, code="", name=name, family=family, bought=bought))
    return sorted(listed, key=lambda one: (-one.buyers, one.code, one.name))


def _bought(
    reader: Reader | PluginReader, kept: Sequence[Outcome], by: Keys, span: Span, touch: str, conditions: Any
) -> Sequence[Any]:
    lined = [one.lines for one in kept if one.lines is not None]
    if not lined:
        return ()
    business, k = won(kept, span, *conditions), by.source.c
    parts = []
    for of in lined:
        family = literal("") if of.family is None else func.coalesce(of.family, "")
        parts.append(
            select(
                k.key, business.c.customer, business.c.record, of.product.label("product"), of.name.label("name"),
                family.label("family"), of.quantity.label("quantity"),
                (of.amount * business.c.rate).label("worth"),
            )
            .select_from(business.join(by.source, k.campaign == business.c[touch]))
            .join(of.source, of.record == business.c.record)
        )  # fmt: skip
    line = union_all(*parts).subquery("line_of")
    return reader.rows(
        select(
            line.c.key, line.c.product, func.max(line.c.name).label("name"), func.max(line.c.family).label("family"),
            func.count(line.c.customer.distinct()).label("customers"),
            func.count(line.c.record.distinct()).label("orders"),
            type_coerce(func.sum(line.c.quantity), Fixed).label("quantity"),
            type_coerce(func.sum(line.c.worth), Fixed).label("revenue"),
        )
        .group_by(line.c.key, line.c.product)
        .limit(_MOST)
    )  # fmt: skip
