"""`crm service ticket`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS = {
    "open": ("crmcore_service.cli.ticket_open:open_", "Take in a request: it joins a ticket, or opens one."),
    "list": ("crmcore_service.cli.ticket_show:list_", "List tickets."),
    "show": ("crmcore_service.cli.ticket_show:show", "Show a ticket and all that was said in it."),
    "edit": ("crmcore_service.cli.ticket_edit:edit", "Change tickets."),
    "assign": ("crmcore_service.cli.ticket_assign:assign", "Give tickets to somebody, or see who fits them best."),
    "take": ("crmcore_service.cli.ticket_assign:take", "Take tickets yourself."),
    "reply": ("crmcore_service.cli.ticket_reply:reply", "Answer the customer by mail."),
    "note": ("crmcore_service.cli.ticket_edit:note", "Keep a note of ours, which customers never see."),
    "wait": ("crmcore_service.cli.ticket_move:wait", "Let tickets wait for the customer, or for us."),
    "resolve": ("crmcore_service.cli.ticket_move:resolve", "Say that tickets are resolved."),
    "close": ("crmcore_service.cli.ticket_move:close", "Close tickets now, or cancel them."),
    "reopen": ("crmcore_service.cli.ticket_move:reopen", "Open tickets again."),
    "merge": ("crmcore_service.cli.ticket_thread:merge", "Let other tickets go on in this one."),
    "split": ("crmcore_service.cli.ticket_thread:split", "Make a ticket of its own of some of what was said."),
    "move": ("crmcore_service.cli.ticket_thread:move", "Put something that was said into another ticket."),
    "clock": ("crmcore_service.cli.ticket_clock:clock", "Explain the clocks of a ticket."),
    "link": ("crmcore_service.cli.ticket_link:link", "Make the customer's own link to how far it is."),
    "work": ("crmcore_service.cli.cost:work", "Note time worked on a ticket."),
}


@click.group("ticket", cls=Commands, lazy=COMMANDS, translate=_)
def ticket() -> None:
    """Take in requests of customers, by whatever channel, and bring them to their end."""
