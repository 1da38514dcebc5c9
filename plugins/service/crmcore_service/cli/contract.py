"""`crm service contract`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS = {
    "add": ("crmcore_service.cli.contract_edit:add", "Add a contract."),
    "edit": ("crmcore_service.cli.contract_edit:edit", "Change a contract, or let it cover more."),
    "renew": ("crmcore_service.cli.contract_edit:renew", "Let another contract follow a contract."),
    "end": ("crmcore_service.cli.contract_edit:end", "End a contract early."),
    "list": ("crmcore_service.cli.contract_show:list_", "List contracts, those that end soon."),
    "show": ("crmcore_service.cli.contract_show:show", "Show a contract, and what it covers."),
    "offer": ("crmcore_service.cli.asset_offer:offer_contracts", "Hand contracts that end over to sales."),
}


@click.group("contract", cls=Commands, lazy=COMMANDS, translate=_)
def contract() -> None:
    """Service contracts: what is promised, on which installed products, until when."""
