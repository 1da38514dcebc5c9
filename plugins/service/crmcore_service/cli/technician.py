"""`crm service technician`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS = {
    "add": ("crmcore_service.cli.technician_edit:add", "Make a user a technician."),
    "edit": ("crmcore_service.cli.technician_edit:edit", "Change from where and by which calendar they come."),
    "skill": ("crmcore_service.cli.technician_edit:skill", "Say what a technician can do, how well, until when."),
    "list": ("crmcore_service.cli.technician_edit:list_", "List technicians."),
    "show": ("crmcore_service.cli.technician_edit:show", "Show a technician."),
    "find": (
        "crmcore_service.cli.technician_find:find",
        "Who can do it, is free, and near enough; and why not others.",
    ),
}


@click.group("technician", cls=Commands, lazy=COMMANDS, translate=_)
def technician() -> None:
    """Who visits customers: what they can do, from where they come, when they are free."""
