"""Commands: add, edit and list deals."""

from decimal import Decimal

import click


@click.group("bargain")
def commands() -> None:
    """What is sold."""


@commands.command()
@click.argument("customer")
@click.argument("product")
@click.argument("price")
def add(customer: str, product: str, price: str) -> None:
    from crmcore.api import party_id, session, tables
    from crmcore_bargains.plugin import Deal

    with session() as s, s.write() as tx:
        made = tx.add(Deal(customer_id=party_id(tx, tables.customer, customer), product=product, price=Decimal(price)))
    click.echo(made.id)


@commands.command()
@click.argument("deal", type=int)
@click.option("--product")
@click.option("--price")
def edit(deal: int, product: str | None, price: str | None) -> None:
    from crmcore.api import session
    from crmcore_bargains.plugin import Deal

    with session() as s, s.write() as tx:
        found = tx.get(Deal, deal)
        if product is not None:
            found.product = product
        if price is not None:
            found.price = Decimal(price)


@commands.command("list")
@click.option("--above", help="Those that cost more.")
def list_(above: str | None) -> None:
    from sqlalchemy import select

    from crmcore.api import print_json, session
    from crmcore_bargains.plugin import deal

    found = select(deal).order_by(deal.c.price, deal.c.id).limit(100)
    if above is not None:
        found = found.where(deal.c.price > Decimal(above))
    with session() as s, s.read() as reader:
        print_json([row._asdict() for row in reader.rows(found)])


@commands.command("sum")
def sum_() -> None:
    from sqlalchemy import func, select

    from crmcore.api import print_json, session
    from crmcore_bargains.plugin import deal

    with session() as s, s.read() as reader:
        print_json(reader.first(select(func.count().label("deals"), func.sum(deal.c.price).label("worth")))._asdict())
