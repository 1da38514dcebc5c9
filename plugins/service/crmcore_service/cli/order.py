"""`crm service order`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS = {
    "add": ("crmcore_service.cli.order_edit:add", "Add a work order, for a ticket, a product, or what was sold."),
    "edit": ("crmcore_service.cli.order_edit:edit", "Change a work order."),
    "plan": ("crmcore_service.cli.order_plan:plan", "Say who comes when, and promise the day."),
    "start": ("crmcore_service.cli.order_do:start", "The technician is there."),
    "done": ("crmcore_service.cli.order_do:done", "Say what was done; what is not fixed needs another visit."),
    "part": ("crmcore_service.cli.order_do:part", "Note a part that was used."),
    "cancel": ("crmcore_service.cli.order_do:cancel", "Call a work order off."),
    "list": ("crmcore_service.cli.order_show:list_", "List work orders."),
    "show": ("crmcore_service.cli.order_show:show", "Show a work order, its visits and parts."),
    "late": ("crmcore_service.cli.order_show:late", "To which nobody came, by the level or the promised day."),
    "due": ("crmcore_service.cli.order_show:due", "What was sold and is not installed yet."),
}


@click.group("order", cls=Commands, lazy=COMMANDS, translate=_)
def order() -> None:
    """Work at customers': planned, promised, visited, done."""
