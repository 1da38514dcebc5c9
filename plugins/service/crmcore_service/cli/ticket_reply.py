"""`crm service ticket reply`: answering a customer by mail, in the thread of the ticket."""

from typing import TYPE_CHECKING, TextIO

import click

from crmcore.command import as_json
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_service.replying.views import OutgoingView


@click.command()
@click.argument("ticket_", metavar="TICKET")
@click.argument("text", required=False, default="")
@click.option("--file", "file", type=click.File(encoding="utf-8"), metavar="FILE", help="Take the text from a file.")
@click.option("--from-answer", metavar="TICKET", help="Say what helped in an earlier ticket.")
@click.option("--subject", default="", metavar="TEXT", help="Another subject; the ticket's number is put in.")
@click.option("--to", "to", default="", metavar="CONTACT", help="Somebody else than the ticket's contact.")
@click.option("--no-quote", is_flag=True, help="Leave out what the customer wrote last.")
@click.option("--wait", is_flag=True, help="The ticket then waits for the customer.")
@click.option("--resolve", "resolution", default=None, metavar="TEXT", help="The ticket is resolved: what helped.")
@click.option("--cause", default="", metavar="TEXT", help="What was behind it, with --resolve.")
@as_json
def reply(
    ticket_: str,
    text: str,
    file: TextIO | None,
    from_answer: str | None,
    subject: str,
    to: str,
    no_quote: bool,
    wait: bool,
    resolution: str | None,
    cause: str,
    json_: bool,
) -> None:
    """Answer the customer by mail; it leaves by `crm worker`.

    It is from the address of the ticket's queue, else from service.from, and goes where the customer wrote from last.
    """
    from crmcore.api import InvalidInput, party_id, print_json, session, tables, tell
    from crmcore_service.model.ticket import Ticket
    from crmcore_service.replying.queueing import reply as queued
    from crmcore_service.replying.views import outgoings
    from crmcore_service.tickets.finding import ticket_named
    from crmcore_service.tickets.moving import resolve as resolved
    from crmcore_service.tickets.moving import wait as waits

    if sum(map(bool, (text, file, from_answer))) != 1:
        raise InvalidInput(_("Say what to answer: TEXT, --file or --from-answer."))
    if wait and resolution is not None:
        raise InvalidInput(_("It waits for the customer, or is resolved: not both."))
    with session() as s:
        with s.write() as tx:
            key = ticket_named(tx, ticket_)
            said = _helped(tx, from_answer) if from_answer else text or (file.read() if file else "")
            ticket = tx.get(Ticket, key)
            contact_id = party_id(tx, tables.contact, to) if to else None
            mail = queued(
                tx, key, said, subject=subject, to=contact_id, user_id=s.actor.user_id or None, quote=not no_quote
            )  # fmt: skip
            if wait:
                waits(tx, ticket)
            elif resolution is not None:
                resolved(tx, ticket, resolution, cause)
        with s.read() as reader:
            (found,) = outgoings(reader, limit=1, key=mail)
    if json_:
        print_json(found)
    else:
        tell(_told(found))


def _helped(reader: "Reader", name: str) -> str:
    """Return what helped in an earlier ticket; raises `InvalidInput` where nobody wrote that down."""
    from sqlalchemy import select

    from crmcore.api import InvalidInput
    from crmcore_service.tables import ticket
    from crmcore_service.tickets.finding import ticket_named

    said = reader.value(select(ticket.c.resolution).where(ticket.c.id == ticket_named(reader, name)))
    if not said:
        raise InvalidInput(_("Nobody wrote down what helped in {ticket}.").format(ticket=name))
    return str(said)


def _told(found: "OutgoingView") -> str:
    if found.status == "skipped":
        return _("{ticket}: nothing is sent, {reason}.").format(ticket=found.ticket, reason=found.reason)
    return _("{ticket}: the answer to {address} is on its way (mail {id}).").format(
        ticket=found.ticket, address=found.address, id=found.id
    )
