"""`crm marketing`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_marketing.i18n import _

COMMANDS: dict[str, tuple[str, str]] = {}
"""By name: where the command is, and its one-line help."""


@click.group("marketing", cls=Commands, lazy=COMMANDS, translate=_)
def marketing() -> None:
    """Who should hear from us, who must not, and what came of it."""
