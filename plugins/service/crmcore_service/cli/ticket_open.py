"""`crm service ticket open`."""

from typing import Any

import click

from crmcore.command import as_json
from crmcore_service.cli.ticket_said import details, fields_said
from crmcore_service.cli.ticket_told import data, line
from crmcore_service.i18n import _


@click.command("open")
@click.argument("text", nargs=-1, required=True)
@details
@click.option("--subject", default="", metavar="TEXT", help="Default: the first line of what is said.")
@click.option("--channel", default="call", show_default=True, metavar="NAME", help="How it came: call, chat, fax, …")
@click.option("--name", default="", metavar="TEXT", help="Who asks, where the address book may not have them.")
@click.option("--email", default="", metavar="ADDRESS")
@click.option("--phone", default="", metavar="NUMBER")
@click.option("--company", default="", metavar="NAME")
@click.option("--at", "at_said", metavar="TIME", help="When it was asked; default: now.")
@click.option("--owner", metavar="LOGIN", help="Whose it is.")
@click.option("--take", is_flag=True, help="It is your own.")
@click.option("--new", is_flag=True, help="Open a new ticket, whatever was asked before.")
@click.option("--note", default="", metavar="TEXT")
@as_json
def open_(text: tuple[str, ...], json_: bool, **given: Any) -> None:
    """Take in a request that somebody made: it joins the person's open ticket about the same matter, or opens one.

    The text may begin with the name of a contact: `crm service ticket open "Li Wei" "The pump leaks"`. Somebody who is
    not in the address book is said by --name, --email or --phone; nobody is stored twice.
    """
    from crmcore.api import here, moment_said, owner_named, print_json, session, tell
    from crmcore_service.tickets.persons import caller, person
    from crmcore_service.tickets.receiving import Request, receive
    from crmcore_service.tickets.views import view

    with session() as s:
        with s.write() as tx:
            said = fields_said(tx, given)
            if said.get("contact_id") is None and any(given[one] for one in ("name", "email", "phone")):
                said["contact_id"] = person(tx, **{one: given[one] for one in ("name", "email", "phone", "company")})
            words = " ".join(text)
            if "contact_id" not in said:
                said["contact_id"], words = caller(tx, text)
            owner_id = owner_named(tx, given["owner"]) if given["owner"] else s.actor.user_id if given["take"] else None
            received = receive(
                tx,
                Request(
                    channel=given["channel"].strip().lower(), text=words, subject=given["subject"],
                    at=moment_said("--at", given["at_said"], here(tx)) if given["at_said"] else tx.now,
                    user_id=s.actor.user_id or None, owner_id=owner_id, new=given["new"], note=given["note"], **said,
                ),
            )  # fmt: skip
        with s.read() as reader:
            found = view(reader, received.ticket_id)
    if json_:
        print_json({**data(found), "new": received.new, "why": received.why, "interaction": received.interaction_id})
        return
    click.echo(line(found))
    if not received.new:
        tell(_("It joined {ticket}: {why}.").format(ticket=found.number, why=received.why))
    elif found.note:
        tell(found.note)
    if found.contact is None and found.customer is None:
        tell(_("It is nobody's; crm service ticket edit {ticket} --contact NAME.").format(ticket=found.number))
