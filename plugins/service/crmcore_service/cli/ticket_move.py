"""`crm service ticket wait|resolve|close|reopen`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore_service.cli.ticket_said import tickets_said
from crmcore_service.cli.ticket_told import print_changed

if TYPE_CHECKING:
    from crmcore.api import Transaction
    from crmcore_service.model.ticket import Ticket

named = click.argument("tickets", nargs=-1, required=True, metavar="TICKET...")


def _each(tickets: tuple[str, ...], act: "Callable[[Transaction, Ticket], None]", *, json_: bool) -> None:
    """Do something with each ticket, in one transaction, and print them."""
    from crmcore.api import session
    from crmcore_service.model.ticket import Ticket

    with session() as s:
        with s.write() as tx:
            ids = tickets_said(tx, tickets)
            for key in ids:
                act(tx, tx.get(Ticket, key))
        print_changed(s, ids, json_=json_)


@click.command()
@named
@click.option("--for-us", is_flag=True, help="Not for the customer: on hold for something of ours, such as a part.")
@as_json
def wait(tickets: tuple[str, ...], for_us: bool, json_: bool) -> None:
    """Let tickets wait for the customer: the clocks stand still until the next answer, as the service level says."""
    from crmcore_service.tickets.moving import wait as act

    _each(tickets, lambda tx, one: act(tx, one, for_us=for_us), json_=json_)


@click.command()
@named
@click.option("--resolution", default="", metavar="TEXT", help="What helped.")
@click.option("--cause", default="", metavar="WORD", help="What was behind it, such as user error, defect, wear.")
@as_json
def resolve(tickets: tuple[str, ...], resolution: str, cause: str, json_: bool) -> None:
    """Say that tickets are resolved: `crm service ticket resolve T12 --resolution "New seal" --cause wear`.

    They are closed some days later, and opened again if the customer comes back.
    """
    from crmcore_service.tickets.moving import resolve as act

    _each(tickets, lambda tx, one: act(tx, one, resolution, cause), json_=json_)


@click.command()
@named
@click.option("--cancel", is_flag=True, help="It was none: a mistake, or advertising.")
@as_json
def close(tickets: tuple[str, ...], cancel: bool, json_: bool) -> None:
    """Close tickets now."""
    from crmcore_service.tickets.moving import close as act

    _each(tickets, lambda tx, one: act(tx, one, cancelled=cancel), json_=json_)


@click.command()
@named
@as_json
def reopen(tickets: tuple[str, ...], json_: bool) -> None:
    """Open tickets again that were resolved or closed."""
    from crmcore_service.tickets.moving import reopen as act

    _each(tickets, act, json_=json_)
