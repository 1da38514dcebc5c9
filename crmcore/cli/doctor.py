"""`crm doctor`: the workspace's health."""

from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.errors import Denied
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session
    from crmcore.health.diagnosis import Diagnosis


@click.command()
@click.option("--forget", metavar="PLUGIN", help="Forget what was found about a plugin; administrators only.")
@as_json
@click.pass_context
def doctor(ctx: click.Context, forget: str | None, json_: bool) -> None:
    """Check the database, plugins, background work and imports; exit code 1 when something is broken.

    Names the plugin to blame for what went wrong in its hooks, and says how much time plugins take.
    """
    found = _examine(forget)
    broken = any(one.severity == "error" for one in found)
    if json_:
        print_json([_told(one) for one in found])
    else:
        print_table(
            [_("severity"), _("plugin"), _("check"), _("message"), _("since")],
            [
                (_(one.severity), one.plugin, one.hook, one.message, f"{one.since:%Y-%m-%d %H:%M}" if one.since else "")
                for one in found
            ],
        )
    ctx.exit(1 if broken else 0)


def _examine(forget: str | None) -> "list[Diagnosis]":
    from crmcore.cli.root import COMMANDS
    from crmcore.cli.session import session
    from crmcore.errors import WorkspaceError
    from crmcore.health.diagnosis import wrong
    from crmcore.health.examine import examine

    try:
        with session() as s:
            if forget is not None:
                _forget(s, forget)
            return examine(s.app, COMMANDS)
    except WorkspaceError as error:
        return [wrong("workspace", str(error))]


def _forget(s: "Session", plugin: str) -> None:
    from crmcore.lifecycle import findings

    with s.write() as tx:
        if not tx.scope.manages:
            raise Denied(
                _("Only an administrator forgets what was found; {login} is {role}.").format(
                    login=s.actor.login, role=s.actor.role
                )
            )
    with s.app.engine.begin() as connection:
        gone = findings.clear(connection, plugin)
    tell(_("{n} findings about {plugin} are forgotten.").format(n=gone, plugin=plugin))


def _told(one: "Diagnosis") -> dict[str, str]:
    return {
        "severity": one.severity,
        "plugin": one.plugin,
        "hook": one.hook,
        "message": one.message,
        "since": one.since.isoformat() if one.since else "",
    }
