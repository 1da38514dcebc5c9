"""`crm mini-marketing`: send a mailing."""

import click


@click.group("mini-marketing")
def commands() -> None:
    """Mailings."""


@commands.command()
@click.argument("customer")
@click.argument("campaign")
def send(customer: str, campaign: str) -> None:
    from crmcore.api import party_id, session, tables
    from crmcore_mini_marketing.plugin import Mail

    with session() as s, s.write() as tx:
        tx.add(Mail(customer_id=party_id(tx, tables.customer, customer), campaign=campaign))
