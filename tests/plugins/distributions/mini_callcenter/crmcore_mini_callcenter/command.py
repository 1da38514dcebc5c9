"""`crm mini-callcenter`: keep a call."""

import click


@click.group("mini-callcenter")
def commands() -> None:
    """Calls."""


@commands.command()
@click.argument("customer")
@click.argument("seconds", type=int)
@click.argument("note")
def took(customer: str, seconds: int, note: str) -> None:
    from crmcore.api import party_id, session, tables
    from crmcore_mini_callcenter.plugin import Call

    with session() as s, s.write() as tx:
        whose = party_id(tx, tables.customer, customer)
        tx.add(Call(customer_id=whose, seconds=seconds, note=note, user_id=tx.actor.user_id))
