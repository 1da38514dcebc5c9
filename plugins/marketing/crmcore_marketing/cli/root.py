"""`crm marketing`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_marketing.i18n import _

COMMANDS = {
    "campaign": ("crmcore_marketing.cli.campaign:campaign", "What we do so that people hear from us, as a tree."),
    "export": ("crmcore_marketing.cli.export:export", "Write campaigns or members in Salesforce's layout."),
    "member": ("crmcore_marketing.cli.member:member", "Who is in a campaign, and how far each came."),
    "audience": (
        "crmcore_marketing.cli.audience:audience",
        "Whom we mean to reach: who is in, and who is left out and why.",
    ),
    "interest": ("crmcore_marketing.cli.interest:interest", "What people want to buy, by product line."),
    "form": ("crmcore_marketing.cli.form:form", "Forms of our pages, and what came in by them."),
    "visit": ("crmcore_marketing.cli.visit:visit", "Visits to our pages, counted; known only who agreed."),
    "material": ("crmcore_marketing.cli.material:material", "Brochures and the like, and who got them from whom."),
    "template": ("crmcore_marketing.cli.template:template", "What we write to people, filled in for each."),
    "mailing": ("crmcore_marketing.cli.mailing:mailing", "A template to many people, each asked about when it leaves."),
    "message": ("crmcore_marketing.cli.message:message", "What became of each message."),
    "inbox": ("crmcore_marketing.cli.inbox:inbox", "What comes back by mail, and what it is about."),
    "event": ("crmcore_marketing.cli.event:event", "Seminars and the like: registration, reminders, attendance."),
    "registration": ("crmcore_marketing.cli.event_people:registration", "Who registered for events."),
    "programme": ("crmcore_marketing.cli.programme:programme", "The customers of an industry: keep, develop, win."),
    "survey": ("crmcore_marketing.cli.survey:survey", "What people think, in figures and in their own words."),
    "card": ("crmcore_marketing.cli.card:card", "Business cards by the thousand, and what is done with each."),
    "coverage": ("crmcore_marketing.cli.coverage:coverage", "How many of these people sales already talks to."),
    "spend": ("crmcore_marketing.cli.spend:spend", "What was spent on campaigns."),
    "return": ("crmcore_marketing.cli.returns:returns", "What campaigns brought back for it."),
    "budget": ("crmcore_marketing.cli.budget:budget", "How a budget is best split, by what orders cost in the past."),
    "qualify": ("crmcore_marketing.cli.qualify:qualify", "Keep what people answered: what they need, when, how much."),
    "qualification": ("crmcore_marketing.cli.qualification:qualification", "Who needs something now, later, nothing."),
    "recontact": ("crmcore_marketing.cli.qualification:recontact", "Whom to ask again, on which day."),
    "score": ("crmcore_marketing.cli.score:score", "Who is likely to buy, and by what that is seen."),
    "acceptance": ("crmcore_marketing.cli.acceptance:acceptance", "What sales made of marketing's leads, and why."),
}
"""By name: where the command is, and its one-line help."""


@click.group("marketing", cls=Commands, lazy=COMMANDS, translate=_)
def marketing() -> None:
    """Who should hear from us, who must not, and what came of it."""
