"""`crm service ticket merge|split|move`: what a person corrects."""

import click

from crmcore.command import as_json
from crmcore_service.cli.ticket_said import tickets_said
from crmcore_service.cli.ticket_told import print_changed


@click.command()
@click.argument("into", metavar="TICKET")
@click.argument("tickets", nargs=-1, required=True, metavar="OTHER...")
@as_json
def merge(into: str, tickets: tuple[str, ...], json_: bool) -> None:
    """Let other tickets go on in this one: all that was said in them is in one thread, in its order."""
    from crmcore.api import session
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tickets.correcting import merge as act
    from crmcore_service.tickets.finding import ticket_named

    with session() as s:
        with s.write() as tx:
            winner = tx.get(Ticket, ticket_named(tx, into))
            for key in tickets_said(tx, tickets):
                act(tx, tx.get(Ticket, key), winner)
        print_changed(s, [winner.id], json_=json_)


@click.command()
@click.argument("ticket", metavar="TICKET")
@click.argument("interactions", nargs=-1, required=True, type=click.IntRange(1), metavar="INTERACTION...")
@click.option("--subject", default="", metavar="TEXT")
@as_json
def split(ticket: str, interactions: tuple[int, ...], subject: str, json_: bool) -> None:
    """Make a ticket of its own of some of what was said in one; `show` has the numbers of what was said."""
    from crmcore.api import session
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tickets.correcting import split as act
    from crmcore_service.tickets.finding import ticket_named

    with session() as s:
        with s.write() as tx:
            made = act(tx, tx.get(Ticket, ticket_named(tx, ticket)), list(interactions), subject)
        print_changed(s, [made.id], json_=json_)


@click.command()
@click.argument("interaction", type=click.IntRange(1), metavar="INTERACTION")
@click.argument("ticket", metavar="TICKET")
@as_json
def move(interaction: int, ticket: str, json_: bool) -> None:
    """Put something that was said into another ticket."""
    from crmcore.api import session
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tickets.correcting import put_elsewhere
    from crmcore_service.tickets.finding import ticket_named

    with session() as s:
        with s.write() as tx:
            record = tx.get(Ticket, ticket_named(tx, ticket))
            put_elsewhere(tx, interaction, record)
        print_changed(s, [record.id], json_=json_)
