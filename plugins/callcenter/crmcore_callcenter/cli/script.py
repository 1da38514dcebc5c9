"""`crm callcenter script`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_callcenter.i18n import _

COMMANDS = {
    "add": ("crmcore_callcenter.cli.script_edit:add", "Add a script."),
    "edit": ("crmcore_callcenter.cli.script_edit:edit", "Change a script."),
    "list": ("crmcore_callcenter.cli.script_edit:list_", "List scripts, and the forms that scripts can fill in."),
    "show": ("crmcore_callcenter.cli.script_edit:show", "Show a script: what is said and asked."),
    "run": ("crmcore_callcenter.cli.script_run:run", "Ask somebody, question after question, and keep the answers."),
    "take": ("crmcore_callcenter.cli.script_take:take", "Keep a file of answers."),
}


@click.group("script", cls=Commands, lazy=COMMANDS, translate=_)
def script() -> None:
    """Say and ask on the telephone what a script has; the answers fill in the form of whoever keeps them."""
