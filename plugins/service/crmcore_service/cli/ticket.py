"""`crm service ticket`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS = {
    "open": ("crmcore_service.cli.ticket_open:open_", "Take in a request: it joins a ticket, or opens one."),
    "list": ("crmcore_service.cli.ticket_show:list_", "List tickets."),
    "show": ("crmcore_service.cli.ticket_show:show", "Show a ticket and all that was said in it."),
    "link": ("crmcore_service.cli.ticket_link:link", "Make the customer's own link to how far it is."),
    "reply": ("crmcore_service.cli.ticket_reply:reply", "Answer the customer by mail."),
}


@click.group("ticket", cls=Commands, lazy=COMMANDS, translate=_)
def ticket() -> None:
    """Take in requests of customers, by whatever channel, and bring them to their end."""
