"""Campaigns side by side, and the products that were bought thanks to each, with those that nobody bought (S4-09)."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from crmcore.reports.report import Cell, Column, Report, percent
from crmcore_marketing.attribution.products import NOBODY, Sold
from crmcore_marketing.attribution.returns import Line, Returns
from crmcore_marketing.attribution.telling import line_data, notes, products_data, rounded, sums_data, touch_words
from crmcore_marketing.i18n import _

_PRODUCTS = 40


def compare_report(found: Returns, lines: Sequence[Line], products: Sequence[Sold], touch: str) -> Report:
    """Return rows of returns as columns, by one kind of touch; below, the customers who bought each product."""
    told: list[tuple[str, Callable[[Line], Cell]]] = [
        (_("spent"), lambda one: rounded(one.spend)),
        (_("members"), lambda one: one.members),
        (_("responses"), lambda one: one.responses),
        (_("leads"), lambda one: one.leads[touch]),
        (_("customers"), lambda one: one.won[touch].customers),
        (_("orders"), lambda one: one.won[touch].orders),
        (_("revenue"), lambda one: rounded(one.won[touch].revenue)),
        (_("margin"), lambda one: rounded(one.won[touch].margin)),
        (_("ROI"), lambda one: percent(one.roi(touch))),
        (_("cost per lead"), lambda one: rounded(one.each(touch, "leads"))),
        (_("cost per customer"), lambda one: rounded(one.each(touch, "customers"))),
        (_("cost per order"), lambda one: rounded(one.each(touch, "orders"))),
    ]
    rows: list[list[Cell]] = [[name, *(value(one) for one in lines)] for name, value in told]
    shown = products[:_PRODUCTS]
    rows += [
        [
            _("customers for {product}").format(product=f"{one.code} {one.name}".strip()),
            *(one.bought.get(line.key, NOBODY).customers for line in lines),
        ]
        for one in shown
    ]
    said = notes(found, [touch])
    if len(products) > len(shown):
        said.append(_("{n} more products; --json has them all.").format(n=len(products) - len(shown)))
    return Report(
        title=_("{names} by {touch}").format(
            names=" | ".join(one.name for one in lines), touch=touch_words()[touch]
        ),
        columns=[Column(""), *(Column(one.name, number=True) for one in lines)],
        rows=rows,
        bars=[(one.name, one.won[touch].revenue) for one in lines],
        notes=said,
        data={
            "touch": touch, "days": found.span.days, "currency": found.currency, "told": found.told,
            "rows": [line_data(one, found) for one in lines],
            "unattributed": {**sums_data(found.nowhere[touch], None, found), "share": found.share[touch]},
            "products": products_data(products, [one.key for one in lines]),
        },
    )  # fmt: skip


def product_report(products: Sequence[Sold], found: Returns, touch: str, limit: int) -> Report:
    """Return each product with who bought it thanks to any campaign, those nobody bought among them."""
    shown = products[:limit]
    totals = [
        (
            one,
            sum(each.orders for each in one.bought.values()),
            sum((each.revenue for each in one.bought.values()), Decimal(0)),
        )
        for one in shown
    ]
    said = notes(found, [touch], more=len(products) - len(shown))
    nobody = sum(not one.buyers for one in products)
    if nobody:
        said.append(_("{n} products were bought by nobody.").format(n=nobody))
    return Report(
        title=_("Bought by product, {touch}").format(touch=touch_words()[touch]),
        columns=[
            Column(_("code")), Column(_("product")), Column(_("family")), Column(_("customers"), number=True),
            Column(_("orders"), number=True), Column(_("revenue"), number=True),
        ],
        rows=[
            (one.code, one.name, one.family, one.buyers, orders, None if found.hidden else rounded(revenue))
            for one, orders, revenue in totals
        ],
        bars=[(one.name, revenue) for one, _orders, revenue in totals if revenue],
        notes=said,
        data={
            "by": "product", "touch": touch, "days": found.span.days, "currency": found.currency, "told": found.told,
            "rows": [
                {"id": one.id, "code": one.code, "name": one.name, "family": one.family, "customers": one.buyers,
                 "orders": orders, "revenue": None if found.hidden else revenue}
                for one, orders, revenue in totals
            ],
            "more": len(products) - len(shown),
        },
    )  # fmt: skip
