"""`crm callcenter call`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_callcenter.i18n import _

COMMANDS = {
    "list": ("crmcore_callcenter.cli.call_show:list_", "List calls, the latest first."),
    "show": ("crmcore_callcenter.cli.call_show:show", "Show a call: who rang, who talked, how it ended."),
    "new": ("crmcore_callcenter.cli.call_new:new", "Add whoever calls to the address book."),
    "whose": ("crmcore_callcenter.cli.call_whose:whose", "Say whose a call was."),
}


@click.group("call", cls=Commands, lazy=COMMANDS, translate=_)
def call() -> None:
    """See who called whom, who talked, and how it ended."""
