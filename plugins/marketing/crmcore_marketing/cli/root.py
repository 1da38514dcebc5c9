"""`crm marketing`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_marketing.i18n import _

COMMANDS = {
    "material": ("crmcore_marketing.cli.material:material", "Brochures and the like, and who got them from whom."),
    "survey": ("crmcore_marketing.cli.survey:survey", "What people think, in figures and in their own words."),
    "coverage": ("crmcore_marketing.cli.coverage:coverage", "How many of these people sales already talks to."),
    "spend": ("crmcore_marketing.cli.spend:spend", "What was spent on campaigns."),
    "return": ("crmcore_marketing.cli.returns:returns", "What campaigns brought back for it."),
    "budget": ("crmcore_marketing.cli.budget:budget", "How a budget is best split, by what orders cost in the past."),
}
"""By name: where the command is, and its one-line help."""


@click.group("marketing", cls=Commands, lazy=COMMANDS, translate=_)
def marketing() -> None:
    """Who should hear from us, who must not, and what came of it."""
