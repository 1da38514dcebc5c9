"""`crm service ticket edit|note`."""

from typing import Any

import click

from crmcore.command import as_json
from crmcore_service.cli.ticket_said import details, fields_said, tickets_said
from crmcore_service.cli.ticket_told import print_changed
from crmcore_service.i18n import _


@click.command()
@click.argument("tickets", nargs=-1, required=True, metavar="TICKET...")
@details
@click.option("--subject", metavar="TEXT")
@click.option("--note", metavar="TEXT")
@click.option("--cause", metavar="WORD", help="What was behind it, such as user error, defect, wear.")
@click.option("--resolution", metavar="TEXT", help="What helped.")
@click.option("--at-risk/--not-at-risk", default=None, help="Whether the customer may leave over it.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A field of your workspace's own.")
@click.option("--version", type=int, metavar="N", help="The version you read; what others changed is not overwritten.")
@as_json
def edit(tickets: tuple[str, ...], version: int | None, values: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Change tickets; what is not said stays, an empty text takes a value away."""
    from crmcore.api import Conflict, assign, here, session, values_said
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tickets.editing import edit as change
    from crmcore_service.tickets.states import process_of

    with session() as s:
        with s.write() as tx:
            ids = tickets_said(tx, tickets)
            fields = fields_said(tx, given)
            fields |= {
                name: given[name].strip()
                for name in ("subject", "note", "cause", "resolution")
                if given[name] is not None
            }
            if given["at_risk"] is not None:
                fields["at_risk"] = given["at_risk"]
            process = process_of(tx)
            own = values_said(tx.definitions, tx.entities, process, values, here(tx).region) if values else {}
            for key in ids:
                record = tx.get(Ticket, key)
                if version is not None and version != record.version:
                    raise Conflict(
                        _("Ticket {id} is at version {now}, not {read}: somebody changed it.").format(
                            id=f"T{key}", now=record.version, read=version
                        ),
                        {},
                    )
                change(tx, record, fields)
                if own:
                    assign(tx, process, record, own)
        print_changed(s, ids, json_=json_)


@click.command()
@click.argument("ticket", metavar="TICKET")
@click.argument("text", nargs=-1, required=True)
@as_json
def note(ticket: str, text: tuple[str, ...], json_: bool) -> None:
    """Keep a note of ours in the thread of a ticket; customers never see it."""
    from crmcore.api import session
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.tickets.answering import note as keep
    from crmcore_service.tickets.finding import ticket_named

    with session() as s:
        with s.write() as tx:
            record = tx.get(Ticket, ticket_named(tx, ticket))
            keep(tx, record, " ".join(text), tx.now)
        print_changed(s, [record.id], json_=json_)
