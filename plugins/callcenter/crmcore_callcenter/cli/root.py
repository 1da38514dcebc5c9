"""`crm callcenter`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_callcenter.i18n import _

COMMANDS: dict[str, tuple[str, str]] = {
    "call": ("crmcore_callcenter.cli.call:call", "Calls: who rang whom, who spoke, how it ended."),
    "report": ("crmcore_callcenter.cli.report:report", "Calls in figures: answer time, abandoned, occupancy."),
    "line": ("crmcore_callcenter.cli.line:line", "The telephone systems that are heard, or that post."),
    "listen": ("crmcore_callcenter.cli.listen:listen", "Hear telephone systems, until interrupted."),
    "event": ("crmcore_callcenter.cli.event:event", "What a script tells of calls."),
}
"""By name: where the command is, and its one-line help."""


@click.group("callcenter", cls=Commands, lazy=COMMANDS, translate=_)
def callcenter() -> None:
    """No ring unrecognised: calls, agents, queues, callbacks, and lists of people to call."""
