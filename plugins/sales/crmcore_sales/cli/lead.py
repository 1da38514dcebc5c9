"""`crm sales lead`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_sales.i18n import _

COMMANDS = {
    "add": ("crmcore_sales.cli.lead_edit:add", "Add a lead."),
    "list": ("crmcore_sales.cli.lead_show:list_", "List leads, those that came last first."),
    "show": ("crmcore_sales.cli.lead_show:show", "Show a lead, and what speaks against contacting them now."),
    "edit": ("crmcore_sales.cli.lead_edit:edit", "Change a lead."),
    "assign": ("crmcore_sales.cli.lead_edit:assign", "Give leads to somebody, or take them yourself."),
    "accept": ("crmcore_sales.cli.lead_decide:accept", "Accept a lead: it becomes an opportunity."),
    "reject": ("crmcore_sales.cli.lead_decide:reject", "Reject a lead, and say why."),
    "return": ("crmcore_sales.cli.lead_decide:return_", "Give a lead back to the pool."),
    "leaks": ("crmcore_sales.cli.lead_report:leaks", "Which leads are nobody's, or without a word of ours."),
    "outcomes": ("crmcore_sales.cli.lead_report:outcomes", "What became of leads, by source or campaign, and why."),
    "clocks": ("crmcore_sales.cli.lead_report:clocks", "How long leads may wait; sets it, too."),
    "remove": ("crmcore_sales.cli.lead_edit:remove", "Remove a lead entered by mistake."),
}


@click.group("lead", cls=Commands, lazy=COMMANDS, translate=_)
def lead() -> None:
    """Handle leads: contacted in time, then accepted or rejected with a reason; none is lost."""
