"""`crm service`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS: dict[str, tuple[str, str]] = {
    "ticket": ("crmcore_service.cli.ticket:ticket", "Requests of customers, until they are resolved."),
    "queue": ("crmcore_service.cli.queue:queue", "The lines in which tickets wait."),
    "category": ("crmcore_service.cli.category:category", "What tickets are about."),
    "absence": ("crmcore_service.cli.absence:absence", "Who is away, and gets nothing new."),
    "order": ("crmcore_service.cli.order:order", "Work at customers': planned, promised, visited, done."),
    "technician": ("crmcore_service.cli.technician:technician", "Who visits customers, and which of them is best."),
    "asset": ("crmcore_service.cli.asset:asset", "Installed products, with warranty and place."),
    "contract": ("crmcore_service.cli.contract:contract", "Service contracts, and what they cover."),
    "place": ("crmcore_service.cli.place:place", "Where towns and postal codes lie."),
    "mailbox": ("crmcore_service.cli.mailbox:mailbox", "The mailboxes from which tickets come."),
    "inbox": ("crmcore_service.cli.inbox:inbox", "Mails that are no tickets, and why."),
    "outgoing": ("crmcore_service.cli.outgoing:outgoing", "Mail to customers: sent, waiting, lost."),
    "answer": ("crmcore_service.cli.answer:answer", "Earlier solved tickets that answer a question."),
    "deflection": ("crmcore_service.cli.deflection:deflection", "Questions that took no engineer, and hours saved."),
    "cause": ("crmcore_service.cli.cause:cause", "What was behind tickets: defects, user errors."),
    "survey": ("crmcore_service.cli.survey:survey", "How content customers are, and what is made good."),
    "cost": ("crmcore_service.cli.cost:cost", "What service costs: time, parts, travel."),
    "gain": ("crmcore_service.cli.gain:gain", "What came of tickets: renewals, customers who stayed, sales."),
    "return": ("crmcore_service.cli.returns:returns", "What service cost and brought, side by side."),
    "level": ("crmcore_service.cli.level:level", "What we promise, and how often we keep it."),
    "breach": ("crmcore_service.cli.breach:breach", "Clocks that ran out, or are about to."),
    "export": ("crmcore_service.cli.export:export", "Write tickets, or what was said in them, for another system."),
}
"""By name: where the command is, and its one-line help."""


@click.group("service", cls=Commands, lazy=COMMANDS, translate=_)
def service() -> None:
    """No request unanswered: tickets, levels, visits on site, and what service brings."""
