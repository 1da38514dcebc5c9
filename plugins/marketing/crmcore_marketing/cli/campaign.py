"""`crm marketing campaign`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_marketing.i18n import _

COMMANDS = {
    "list": ("crmcore_marketing.cli.campaign_show:list_", "List campaigns: what they cost, and what came of them."),
    "show": ("crmcore_marketing.cli.campaign_show:show", "Show a campaign."),
    "page": ("crmcore_marketing.cli.campaign_page:page", "All that is known of a campaign on one page."),
    "tree": ("crmcore_marketing.cli.campaign_show:tree", "Show a campaign and those below it, with their sums."),
    "add": ("crmcore_marketing.cli.campaign_edit:add", "Add a campaign."),
    "split": ("crmcore_marketing.cli.campaign_edit:split", "Make campaigns below one, such as the cities of a tour."),
    "edit": ("crmcore_marketing.cli.campaign_edit:edit", "Change a campaign, or say what came of it."),
    "move": ("crmcore_marketing.cli.campaign_edit:move", "Move a campaign into another state."),
    "remove": ("crmcore_marketing.cli.campaign_edit:remove", "Remove a campaign entered by mistake."),
}


@click.group("campaign", cls=Commands, lazy=COMMANDS, translate=_)
def campaign() -> None:
    """Keep what we do so that people hear from us: its plan, cost, members, and what came of it."""
