"""The root of the command line: which command lives in which module, known without importing it."""

import atexit
import gc
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any

import click

from crmcore import __version__
from crmcore.command import Commands
from crmcore.errors import CrmError, PluginError
from crmcore.i18n import _, speak

COMMANDS = {
    "init": ("crmcore.cli.init:init", "Create or upgrade the workspace."),
    "demo": ("crmcore.cli.demo:demo", "Build a workspace from bundled data and walk through the main job."),
    "import": ("crmcore.cli.import_:import_", "Read address books, mail, calendars and tables; undo; resume."),
    "customer": ("crmcore.cli.customer:customer", "Organisations and individuals we deal with."),
    "contact": ("crmcore.cli.contact:contact", "People: list, show, add, edit, remove, merge, unmerge."),
    "interaction": ("crmcore.cli.interaction:interaction", "What passed between us and them."),
    "task": ("crmcore.cli.task:task", "What is to be done."),
    "user": ("crmcore.cli.user:user", "Our own people."),
    "log": ("crmcore.cli.log:log", "One line becomes an interaction, and a follow-up if it says so."),
    "brief": ("crmcore.cli.brief:brief", "Everything about a customer or contact, newest first."),
    "due": ("crmcore.cli.due:due", "What is due."),
    "search": ("crmcore.cli.search:search", "Find anything by any part of a word."),
    "process": ("crmcore.cli.process:process", "What goes through defined states, and where it stands."),
    "automation": ("crmcore.cli.automation:automation", "What runs by itself, and why it did or did not."),
    "promise": ("crmcore.cli.promise:promise", "Who promised what to whom."),
    "consent": ("crmcore.cli.consent:consent", "What people allow, by channel and purpose."),
    "policy": ("crmcore.cli.policy:policy", "What speaks against an act, and what was decided."),
    "call-list": ("crmcore.cli.call_list:call_list", "Whom to call now, and whom not, and why."),
    "duplicates": ("crmcore.cli.duplicates:duplicates", "Records that may be the same, with evidence."),
    "metric": ("crmcore.cli.metric:metric", "Figures: which there are, and what they are."),
    "quality": ("crmcore.cli.quality:quality", "How good the data is, and what to mend first."),
    "export": ("crmcore.cli.export:export", "Write everything, or contacts as vCard or CSV."),
    "erase": ("crmcore.cli.erase:erase", "Erase a person: what is known of them goes."),
    "backup": ("crmcore.cli.backup:backup", "Save the whole workspace in one file."),
    "restore": ("crmcore.cli.backup:restore", "Bring a saved workspace back."),
    "trail": ("crmcore.cli.trail:trail", "What a record came from, and what became of it."),
    "history": ("crmcore.cli.history:history", "What happened to a record, and who did it."),
    "config": ("crmcore.cli.config:config", "Define fields, processes, automations, roles and calendars."),
    "calendar": ("crmcore.cli.calendar:calendar", "When we work, and when something is due."),
    "setting": ("crmcore.cli.setting:setting", "What this workspace can set, and has set."),
    "term": ("crmcore.cli.term:term", "The words of the common language, and what others mean."),
    "plugin": ("crmcore.cli.plugin:plugin", "See, enable and disable plugins."),
    "worker": ("crmcore.cli.worker:worker", "Tell plugins what happened, and do what is scheduled."),
    "web": ("crmcore.cli.web:web", "Answer links, forms and requests from outside."),
    "delivery": ("crmcore.cli.delivery:delivery", "See, retry and drop what plugins could not be told of."),
    "hook": ("crmcore.cli.hook:hook", "See the places where plugins join in."),
    "doctor": ("crmcore.cli.doctor:doctor", "Check the workspace's health."),
}
"""By name: where the command is, and its one-line help."""

PROVIDER = "crmcore.provider"
"""Where the context keeps the name of the distribution that brought the command that runs."""


class Root(Commands):
    """All commands: the core's, and those that plugins add by the entry-point group `crmcore.commands`."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a refusal becomes one sentence on standard error, and exit code 1."""
        try:
            return super().invoke(ctx)
        except CrmError as error:
            raise click.ClickException(str(error)) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, the core's first."""
        return [*super().list_commands(ctx), *_plugin_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name in COMMANDS:
            return super().get_command(ctx, cmd_name)
        found = _plugin_commands().get(cmd_name, [])
        if len(found) > 1:
            names = ", ".join(distribution for distribution, _summary, _entry in found)
            raise PluginError(
                _("The command {name} is brought by {others}; remove one of them.").format(name=cmd_name, others=names)
            )
        for distribution, _summary, entry in found:
            ctx.meta[PROVIDER] = distribution  # `session` opens the workspace only for an enabled plugin
            return _load(distribution, entry)
        return None

    def summaries(self, ctx: click.Context) -> Iterator[tuple[str, str]]:
        """Yield each command's name and its line of help, a plugin's by what its distribution says of itself."""
        yield from ((name, _(short)) for name, (_path, short) in COMMANDS.items())
        yield from ((name, found[0][1]) for name, found in _plugin_commands().items())


def _plugin_commands() -> dict[str, list[tuple[str, str, EntryPoint]]]:
    """Return by name the commands of plugins that are let in (`CRM_PLUGINS`) and fit this crmcore.

    For each: its distribution, what that is for, and where the command is. The core's commands are the core's: a
    plugin that claims one of them does not get it.
    """
    from crmcore.plugins.discovery import installed

    found: dict[str, dict[str, tuple[str, str, EntryPoint]]] = {}
    for one in installed():
        for entry in one.commands if not one.problem else ():
            if entry.name not in COMMANDS:
                found.setdefault(entry.name, {})[one.distribution] = one.distribution, one.summary, entry
    return {name: list(brought.values()) for name, brought in sorted(found.items())}


def _load(distribution: str, entry: EntryPoint) -> click.Command:
    try:
        command: click.Command = entry.load()
    except (Exception, SystemExit) as error:
        raise PluginError(
            _("The command {name} of {distribution} does not load: {error}").format(
                name=entry.name, distribution=distribution, error=f"{type(error).__name__}: {error}"
            )
        ) from error
    return command


@click.group(
    cls=Root,
    lazy=COMMANDS,
    translate=_,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--db", metavar="URL", envvar="CRM_DATABASE_URL", help="The workspace; default sqlite:///crm.db.")
@click.option("--user", metavar="LOGIN", envvar="CRM_USER", help="In whose name; default: your login here.")
@click.version_option(__version__, prog_name="crm")
@click.pass_context
def crm(ctx: click.Context, db: str | None, user: str | None) -> None:
    """Keep track of who you deal with and what passed between you.

    Start with `crm init` and `crm import FILE`, or look around with `crm demo`.
    """
    ctx.obj = {"db": db or "sqlite:///crm.db", "user": user}


def main() -> None:
    """Run the command line in the user's language; text goes out as UTF-8 whatever the terminal says."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # a text stream
    _collect_seldom()
    speak()
    crm(prog_name="crm")


def _collect_seldom() -> None:
    """Let the garbage collector look seldom, and not once more at the end: a tenth of a short command is spared."""
    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.disable)
