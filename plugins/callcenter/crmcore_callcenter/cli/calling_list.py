"""`crm callcenter list`: which of its commands lies in which module."""

import click

from crmcore.command import Commands
from crmcore_callcenter.i18n import _

COMMANDS = {
    "add": ("crmcore_callcenter.cli.list_edit:add", "Add a calling list."),
    "edit": ("crmcore_callcenter.cli.list_edit:edit", "Change a calling list."),
    "add-people": ("crmcore_callcenter.cli.list_people:add_people", "Put people on a calling list."),
    "list": ("crmcore_callcenter.cli.list_show:list_", "List calling lists."),
    "show": ("crmcore_callcenter.cli.list_show:show", "Show a calling list, and who is on it."),
    "pause": ("crmcore_callcenter.cli.list_edit:pause", "Let nobody of a list be called for now."),
    "resume": ("crmcore_callcenter.cli.list_edit:resume", "Let those of a list be called again."),
    "close": ("crmcore_callcenter.cli.list_edit:close", "End a calling list."),
    "next": ("crmcore_callcenter.cli.list_call:next_", "Take the next to call who may be called now."),
    "done": ("crmcore_callcenter.cli.list_call:done", "Say what became of calling somebody."),
    "names": ("crmcore_callcenter.cli.list_people:names_", "List what conditions can ask."),
    "report": ("crmcore_callcenter.cli.list_show:report", "Count who was called, reached, answered what; by agent."),
}


@click.group("list", cls=Commands, lazy=COMMANDS, translate=_)
def calling_list() -> None:
    """Call the people of a list, one after the other, when policy lets them be called."""
