"""Commands: open, resolve and list tickets."""

import click


@click.group("ticket")
def commands() -> None:
    """Problems of customers."""


@commands.command("open")
@click.argument("customer")
@click.argument("text")
def open_(customer: str, text: str) -> None:
    from crmcore.api import party_id, session, tables
    from crmcore_open_tickets.plugin import Ticket

    with session() as s, s.write() as tx:
        made = tx.add(Ticket(customer_id=party_id(tx, tables.customer, customer), text=text, opened=tx.now))
    click.echo(made.id)


@commands.command()
@click.argument("ticket", type=int)
@click.option("--text")
def resolve(ticket: int, text: str | None) -> None:
    from crmcore.api import session
    from crmcore_open_tickets.plugin import Ticket

    with session() as s, s.write() as tx:
        found = tx.get(Ticket, ticket)
        found.status, found.resolved = "resolved", tx.now
        if text is not None:
            found.text = text


@commands.command("list")
@click.option("--text", default="", help="Those that say this.")
def list_(text: str) -> None:
    from sqlalchemy import select

    from crmcore.api import print_json, session
    from crmcore_open_tickets.plugin import ticket

    found = select(ticket).order_by(ticket.c.id).limit(100)
    if text:
        found = found.where(ticket.c.text.contains(text, autoescape=True))
    with session() as s, s.read() as reader:
        print_json([row._asdict() for row in reader.rows(found)])
