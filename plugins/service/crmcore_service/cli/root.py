"""`crm service`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_service.i18n import _

COMMANDS: dict[str, tuple[str, str]] = {
    "ticket": ("crmcore_service.cli.ticket:ticket", "Requests of customers, until they are resolved."),
    "export": ("crmcore_service.cli.export:export", "Write tickets, or what was said in them, for another system."),
}
"""By name: where the command is, and its one-line help."""


@click.group("service", cls=Commands, lazy=COMMANDS, translate=_)
def service() -> None:
    """No request unanswered: tickets, levels, visits on site, and what service brings."""
