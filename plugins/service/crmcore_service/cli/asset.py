"""`crm service asset`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS = {
    "add": ("crmcore_service.cli.asset_edit:add", "Add an installed product."),
    "edit": ("crmcore_service.cli.asset_edit:edit", "Change an installed product."),
    "retire": ("crmcore_service.cli.asset_edit:retire", "Take an installed product out of service."),
    "import": ("crmcore_service.cli.asset_edit:import_", "Take installed products from a table."),
    "list": ("crmcore_service.cli.asset_show:list_", "List installed products, those whose warranty ends."),
    "show": ("crmcore_service.cli.asset_show:show", "Show an installed product, its contracts and work orders."),
    "ending": ("crmcore_service.cli.asset_offer:ending", "Which warranties and contracts end, or products are old."),
    "offer": ("crmcore_service.cli.asset_offer:offer", "Hand installed products over to sales."),
}


@click.group("asset", cls=Commands, lazy=COMMANDS, translate=_)
def asset() -> None:
    """Installed products of customers, with serial numbers, warranty and place."""
