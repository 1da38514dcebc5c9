"""`crm mini-service`: open a ticket."""

import click


@click.group("mini-service")
def commands() -> None:
    """Tickets."""


@commands.command("open")
@click.argument("customer")
@click.argument("text")
@click.option("--contact", default="")
def open_(customer: str, text: str, contact: str) -> None:
    from crmcore.api import party_id, session, tables
    from crmcore_mini_service.plugin import Ticket

    with session() as s, s.write() as tx:
        who = party_id(tx, tables.contact, contact) if contact else None
        tx.add(Ticket(customer_id=party_id(tx, tables.customer, customer), contact_id=who, text=text))
