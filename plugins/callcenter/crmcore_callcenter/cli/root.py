"""`crm callcenter`: which command lies in which module, known without importing it."""

import click

from crmcore.command import Commands
from crmcore_callcenter.i18n import _

COMMANDS: dict[str, tuple[str, str]] = {
    "call": ("crmcore_callcenter.cli.call:call", "Calls: who rang whom, who spoke, how it ended."),
    "report": ("crmcore_callcenter.cli.report:report", "Calls in figures: answer time, abandoned, occupancy."),
    "line": ("crmcore_callcenter.cli.line:line", "The telephone systems that are heard, or that post."),
    "listen": ("crmcore_callcenter.cli.listen:listen", "Hear telephone systems, until interrupted."),
    "dial": ("crmcore_callcenter.cli.dial:dial", "Call a contact, if they may be called now."),
    "event": ("crmcore_callcenter.cli.event:event", "What a script tells of calls."),
    "queue": ("crmcore_callcenter.cli.queue:queue", "Keep the lines in which callers wait, and who answers them."),
    "agent": ("crmcore_callcenter.cli.agent:agent", "Keep who takes calls, and by what telephone systems know them."),
    "presence": ("crmcore_callcenter.cli.presence:presence", "Say whether you take calls, and see what agents do."),
    "wrap-code": ("crmcore_callcenter.cli.wrap_code:wrap_code", "Keep the codes by which agents sum up calls."),
    "callback": ("crmcore_callcenter.cli.callback:callback", "Call back who gave up waiting, in time."),
    "script": ("crmcore_callcenter.cli.script:script", "Ask on the telephone by a script, and keep the answers."),
    "list": ("crmcore_callcenter.cli.calling_list:calling_list", "Call the people of a list, as policy lets them be."),
    "board": ("crmcore_callcenter.cli.board:board", "See what is going on at the telephones, live."),
    "desk": ("crmcore_callcenter.cli.desk:desk", "Your screen: who rings, and what to do, one key each."),
    "ring": ("crmcore_callcenter.cli.ring:ring", "Show who rings, and all there is to know of them."),
    "wrap": ("crmcore_callcenter.cli.wrap:wrap", "Sum up a call: how it ended, what is to be done."),
}
"""By name: where the command is, and its one-line help."""


@click.group("callcenter", cls=Commands, lazy=COMMANDS, translate=_)
def callcenter() -> None:
    """No ring unrecognised: calls, agents, queues, callbacks, and lists of people to call."""
