"""`crm sales opportunity`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_sales.i18n import _

COMMANDS = {
    "list": ("crmcore_sales.cli.opportunity_show:list_", "List opportunities by any of what they hold."),
    "show": (
        "crmcore_sales.cli.opportunity_show:show",
        "Show an opportunity, what to do in its stage, and the ways on.",
    ),
    "add": ("crmcore_sales.cli.opportunity_edit:add", "Add an opportunity."),
    "edit": ("crmcore_sales.cli.opportunity_edit:edit", "Change an opportunity."),
    "move": ("crmcore_sales.cli.opportunity_move:move", "Move an opportunity into another stage."),
    "win": ("crmcore_sales.cli.opportunity_move:win", "Close an opportunity as won, and say why."),
    "lose": ("crmcore_sales.cli.opportunity_move:lose", "Close an opportunity as lost: why, and to whom."),
    "line": ("crmcore_sales.cli.opportunity_parts:line", "Put products into an opportunity, or take them out."),
    "role": ("crmcore_sales.cli.opportunity_parts:role", "Say who decides about it, in which role, for us or not."),
    "step": ("crmcore_sales.cli.opportunity_parts:step", "Tick off a step of the stage's check list."),
    "convert": ("crmcore_sales.cli.opportunity_convert:convert", "Make opportunities of notes that carry a tag."),
    "remove": ("crmcore_sales.cli.opportunity_edit:remove", "Remove an opportunity entered by mistake."),
}


@click.group("opportunity", cls=Commands, lazy=COMMANDS, translate=_)
def opportunity() -> None:
    """Keep what somebody may buy from us: for how much, by when, and who decides."""
