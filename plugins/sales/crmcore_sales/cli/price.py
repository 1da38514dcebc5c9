"""`crm sales price`: price lists, by currency, tier of customers and quantity, from day to day."""

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore_sales.catalogue.listing import PriceView


@click.group()
def price() -> None:
    """Add, list, change and ask for prices: of a product, for a tier of customers, a quantity, a currency, a day."""


@price.command("list")
@click.argument("product", required=False)
@click.option("--list", "price_list", default="", metavar="NAME", help="Only this price list.")
@click.option("--currency", default="", help="Only this currency.")
@click.option("--tier", help="Only this tier; empty: those for all.")
@click.option("--on", metavar="DATE", help="Only those that hold on this day.")
@paged
@as_json
def list_(
    product: str | None,
    price_list: str,
    currency: str,
    tier: str | None,
    on: str | None,
    limit: int,
    after: int | None,
    json_: bool,
) -> None:
    """List prices."""
    from crmcore.api import day_said, here, session
    from crmcore_sales.catalogue.listing import prices
    from crmcore_sales.catalogue.products import found

    with session() as s, s.read() as reader:
        listed = prices(
            reader,
            limit=limit,
            after=after,
            product_id=found(reader, [product])[product] if product else None,
            price_list=price_list,
            currency=currency.upper(),
            tier=tier,
            on=day_said("--on", on, here(reader).today) if on else None,
        )
    _print(listed, json_)


@price.command()
@click.argument("product")
@click.argument("amount", metavar="SUM")
@click.option("--currency", default="", help="ISO 4217; default: as in the sum, else the workspace's.")
@click.option("--tier", default="", help="Only for customers of this tier.")
@click.option("--from-quantity", "minimum", type=float, default=0, help="From this quantity on.")
@click.option("--from", "since", metavar="DATE", help="Default: today.")
@click.option("--until", metavar="DATE", help="Its last day.")
@click.option("--list", "price_list", default="standard", show_default=True, metavar="NAME")
@as_json
def add(
    product: str,
    amount: str,
    currency: str,
    tier: str,
    minimum: float,
    since: str | None,
    until: str | None,
    price_list: str,
    json_: bool,
) -> None:
    """Add a price; from its day on it takes the place of an earlier one for the same tier, quantity and currency."""
    from crmcore.api import InvalidInput, day_said, here, money_said, session
    from crmcore_sales.catalogue.listing import prices
    from crmcore_sales.catalogue.products import found
    from crmcore_sales.catalogue.rates import base
    from crmcore_sales.model.product import Price

    with session() as s:
        with s.write() as tx:
            today = here(tx).today
            value, said = money_said("SUM", amount)
            first = day_said("--from", since, today) if since else today
            last = day_said("--until", until, today) if until else None
            if last is not None and last < first:
                raise InvalidInput(_("A price does not end before it begins: {day}.").format(day=last))
            made = tx.add(
                Price(
                    product_id=found(tx, [product])[product],
                    unit_price=value,
                    currency=currency.upper() or said or base(tx),
                    tier=tier.strip(),
                    minimum=Decimal(str(minimum)),
                    valid_from=first,
                    valid_until=last,
                    price_list=price_list,
                    source=f"entered by {tx.actor.login}",
                )
            )
        with s.read() as reader:
            listed = prices(reader, limit=1, price_id=made.id)
    _print(listed, json_, single=True)


@price.command()
@click.argument("price_id", type=RECORD_ID, metavar="ID")
@click.option("--price", "amount", metavar="SUM")
@click.option("--until", metavar="DATE", help="Its last day; empty: none.")
@as_json
def edit(price_id: int, amount: str | None, until: str | None, json_: bool) -> None:
    """Correct a price, or end it. A price that changes is a new one, added from its day on."""
    from crmcore.api import InvalidInput, day_said, here, money_said, session
    from crmcore_sales.catalogue.listing import prices
    from crmcore_sales.model.product import Price

    if amount is None and until is None:
        raise InvalidInput(_("Say what to change."))
    with session() as s:
        with s.write() as tx:
            record = tx.get(Price, price_id)
            if amount is not None:
                record.unit_price, said = money_said("--price", amount)
                if said and said != record.currency:
                    raise InvalidInput(_("This price is in {currency}.").format(currency=record.currency))
            if until is not None:
                record.valid_until = day_said("--until", until, here(tx).today) if until else None
        with s.read() as reader:
            listed = prices(reader, limit=1, price_id=price_id)
    _print(listed, json_, single=True)


@price.command()
@click.argument("price_id", type=RECORD_ID, metavar="ID")
@as_json
def show(price_id: int, json_: bool) -> None:
    """Show a price of a list."""
    from crmcore.api import NotFound, session
    from crmcore_sales.catalogue.listing import prices

    with session() as s, s.read() as reader:
        listed = prices(reader, limit=1, price_id=price_id)
    if not listed:
        raise NotFound(_("There is no price {id}.").format(id=price_id))
    _print(listed, json_, single=True)


@price.command("of")
@click.argument("product")
@click.argument("customer", required=False)
@click.option("--quantity", type=float, default=1, show_default=True)
@click.option("--currency", default="", help="Default: the workspace's.")
@click.option("--on", metavar="DATE", help="Default: today.")
@as_json
def of(product: str, customer: str | None, quantity: float, currency: str, on: str | None, json_: bool) -> None:
    """Show the price in force of a product, for a customer, a quantity and a day."""
    from crmcore.api import NotFound, day_said, here, party_id, print_json, session, tables, tell
    from crmcore.reports.report import money
    from crmcore_sales.catalogue import prices
    from crmcore_sales.catalogue.products import found
    from crmcore_sales.catalogue.rates import rates

    with session() as s, s.read() as reader:
        today = here(reader).today
        day = day_said("--on", on, today) if on else today
        known = rates(reader, day)
        customer_id = party_id(reader, tables.customer, customer) if customer else None
        want = prices.Want(
            product_id=found(reader, [product])[product],
            quantity=Decimal(str(quantity)),
            currency=currency.upper() or known.base,
            day=day,
            tier=prices.tier(reader, customer_id),
        )
        held = prices.in_force(reader, [want], known)[0]
    if held is None:
        raise NotFound(
            _("No list has a price of {product} in {currency} for {quantity} on {day}.").format(
                product=product, currency=want.currency, quantity=f"{want.quantity.normalize():f}", day=day
            )
        )
    if json_:
        print_json(
            {
                "product": product, "quantity": want.quantity, "currency": want.currency, "day": day, "tier": want.tier,
                "unit_price": held.unit_price, "price_list": held.price_list, "price_id": held.price_id,
                "converted_from": held.origin or None,
            }
        )  # fmt: skip
        return
    click.echo(money(held.unit_price, want.currency))
    tell(
        _("list {name}, from {origin}").format(name=held.price_list, origin=held.origin)
        if held.origin
        else _("list {name}").format(name=held.price_list)
    )


def _print(found: "Sequence[PriceView]", json_: bool, *, single: bool = False) -> None:
    from crmcore.api import print_json, print_table
    from crmcore.reports.report import money

    if json_:
        print_json(found[0] if single else found)
        return
    print_table(
        [_("id"), _("product"), _("price"), _("tier"), _("from quantity"), _("from"), _("until"), _("list")],
        [
            (each.id, each.product, money(each.unit_price, each.currency), each.tier, f"{each.minimum.normalize():f}",
             each.valid_from, each.valid_until, each.price_list)
            for each in found
        ],
    )  # fmt: skip
