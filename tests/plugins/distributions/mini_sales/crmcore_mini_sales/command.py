"""`crm mini-sales`: open a deal, win it."""

import click


@click.group("mini-sales")
def commands() -> None:
    """Deals."""


@commands.command("open")
@click.argument("customer")
@click.argument("title")
@click.argument("amount")
def open_(customer: str, title: str, amount: str) -> None:
    from decimal import Decimal

    from crmcore.api import party_id, session, tables
    from crmcore_mini_sales.plugin import Deal

    with session() as s, s.write() as tx:
        whose = party_id(tx, tables.customer, customer)
        made = tx.add(Deal(customer_id=whose, title=title, amount=Decimal(amount), owner_id=tx.actor.user_id))
    click.echo(made.id)


@commands.command()
@click.argument("deal", type=int)
def win(deal: int) -> None:
    from crmcore.api import session
    from crmcore_mini_sales.plugin import Deal

    with session() as s, s.write() as tx:
        tx.get(Deal, deal).state = "won"
