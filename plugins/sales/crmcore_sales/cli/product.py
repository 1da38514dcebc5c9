"""`crm sales product`: what is sold."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore_sales.catalogue.products import ProductView


@click.group()
def product() -> None:
    """Add, list, show and change what is sold; it is named by its code, its name or its id."""


@product.command("list")
@click.option("--family", default="", help="Only this family.")
@click.option("--active/--inactive", default=None, help="Default: both.")
@paged
@as_json
def list_(family: str, active: bool | None, limit: int, after: int | None, json_: bool) -> None:
    """List products by their codes."""
    from crmcore.api import session
    from crmcore_sales.catalogue.products import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, family=family, active=active)
    _print(found, json_)


@product.command()
@click.argument("product_", metavar="PRODUCT")
@as_json
def show(product_: str, json_: bool) -> None:
    """Show a product and the prices that hold today."""
    from crmcore.api import here, print_json, print_table, session
    from crmcore.reports.report import money
    from crmcore_sales.catalogue.listing import prices
    from crmcore_sales.catalogue.products import one

    with session() as s, s.read() as reader:
        found = one(reader, product_)
        listed = prices(reader, limit=100, product_id=found.id, on=here(reader).today)
    if json_:
        print_json({**_plain(found), "prices": listed})
        return
    print_table(["", ""], [(_(name), value) for name, value in _plain(found).items() if value not in (None, "", {})])
    print_table(
        [_("price"), _("tier"), _("from quantity"), _("from"), _("until"), _("list")],
        [
            (money(each.unit_price, each.currency), each.tier, each.minimum, each.valid_from, each.valid_until,
             each.price_list)
            for each in listed
        ],
    )  # fmt: skip


@product.command()
@click.argument("code")
@click.argument("name")
@click.option("--family", default="", help="What it belongs to.")
@click.option("--unit", default="", help="Such as pcs or kg.")
@click.option("--cost", metavar="SUM", help="What a unit costs us.")
@click.option("--currency", default="", help="Of the cost (ISO 4217); default: the workspace's.")
@click.option("--floor", type=float, metavar="PERCENT", help="The lowest margin it is sold at; default: 18.")
@click.option("--price", metavar="SUM", help="Its price on the standard list, from today on.")
@click.option("--note", default="")
@as_json
def add(
    code: str,
    name: str,
    family: str,
    unit: str,
    cost: str | None,
    currency: str,
    floor: float | None,
    price: str | None,
    note: str,
    json_: bool,
) -> None:
    """Add a product, with its price if you like."""
    from crmcore.api import here, money_said, session
    from crmcore_sales.catalogue.products import one
    from crmcore_sales.catalogue.rates import base
    from crmcore_sales.model.product import Price, Product

    with session() as s:
        with s.write() as tx:
            spent, said = money_said("--cost", cost) if cost else (None, "")
            own = currency.upper() or said or base(tx)
            made = tx.add(
                Product(
                    code=code.strip(),
                    name=name.strip(),
                    family=family,
                    unit=unit,
                    cost=spent,
                    currency=own,
                    floor=None if floor is None else Decimal(str(floor)),
                    note=note,
                    source=f"entered by {tx.actor.login}",
                )
            )
            if price:
                amount, said = money_said("--price", price)
                tx.add(
                    Price(
                        product_id=made.id, unit_price=amount, currency=said or base(tx), valid_from=here(tx).today
                    )
                )  # fmt: skip
        with s.read() as reader:
            found = one(reader, str(made.id))
    _print([found], json_, single=True)


@product.command()
@click.argument("product_", metavar="PRODUCT")
@click.option("--code")
@click.option("--name")
@click.option("--family")
@click.option("--unit")
@click.option("--cost", metavar="SUM")
@click.option("--currency", help="Of the cost (ISO 4217).")
@click.option("--floor", type=float, metavar="PERCENT", help="The lowest margin it is sold at.")
@click.option("--active/--inactive", default=None, help="Whether it is still sold.")
@click.option("--note")
@as_json
def edit(
    product_: str, cost: str | None, floor: float | None, active: bool | None, json_: bool, **given: str | None
) -> None:
    """Change a product."""
    from crmcore.api import InvalidInput, money_said, session
    from crmcore_sales.catalogue.products import found, one
    from crmcore_sales.model.product import Product

    with session() as s:
        with s.write() as tx:
            wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
            if cost is not None:
                wanted["cost"], said = money_said("--cost", cost)
                wanted.update({"currency": said} if said else {})
            if floor is not None:
                wanted["floor"] = Decimal(str(floor))
            if active is not None:
                wanted["active"] = active
            if not wanted:
                raise InvalidInput(_("Say what to change."))
            record = tx.get(Product, found(tx, [product_])[product_])
            for name, value in wanted.items():
                setattr(record, name, value)
        with s.read() as reader:
            view = one(reader, str(record.id))
    _print([view], json_, single=True)


def _plain(view: "ProductView") -> dict[str, Any]:
    return {name: getattr(view, name) for name in type(view).__annotations__}


def _print(found: "Sequence[ProductView]", json_: bool, *, single: bool = False) -> None:
    from crmcore.api import print_json, print_table
    from crmcore.reports.report import money

    if json_:
        print_json(found[0] if single else found)
        return
    print_table(
        [_("id"), _("code"), _("name"), _("family"), _("unit"), _("cost"), ""],
        [
            (each.id, each.code, each.name, each.family, each.unit, money(each.cost, each.currency),
             "" if each.active else _("no longer sold"))
            for each in found
        ],
    )  # fmt: skip
