"""`crm plugin`: seeing, enabling and disabling plugins."""

from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.cli.plugin_new import new
from crmcore.errors import Denied, NotFound
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.cli.session import Session
    from crmcore.lifecycle.states import State


@click.group()
def plugin() -> None:
    """List, explain, enable and disable plugins."""


plugin.add_command(new)


@plugin.command("list")
@as_json
def list_(json_: bool) -> None:
    """List plugins, installed or enabled: enabled, disabled, incompatible, failed or missing, and why."""
    from crmcore.cli.session import session

    with session() as s:
        found = _states(s)
    if json_:
        print_json(found)
        return
    print_table(
        [_("name"), _("state"), _("version"), _("what for"), _("reason")],
        [(one.name, one.state, one.version, one.summary, one.reason) for one in found],
    )


@plugin.command()
@click.argument("name")
@as_json
def info(name: str, json_: bool) -> None:
    """Tell what a plugin is, what it requires, who requires it, which tables it has and which hooks it implements."""
    from crmcore.cli.session import session
    from crmcore.errors import PluginError
    from crmcore.lifecycle.states import enabled_names
    from crmcore.model.entity import values
    from crmcore.plugins.resolve import dependants, resolve

    with session() as s:
        found = next((one for one in _states(s) if one.name == name), None)
        if found is None:
            raise NotFound(_("Plugin {name} is not installed.").format(name=name))
        with s.app.engine.connect() as connection:
            enabled = enabled_names(connection)
        told = values(found)
        try:
            declared = resolve(name)[-1][1]
            told |= {
                "title": declared.title,
                "requires": list(declared.requires),
                "required_by": dependants(name, enabled),
                "tables": list(declared.tables),
            }
        except (PluginError, NotFound) as error:
            told["reason"] = told["reason"] or str(error)
        told["hooks"] = [hook for hook, _kind, _summary, plugins in s.app.dispatcher.hooks() if name in plugins]
    if json_:
        print_json(told)
    else:
        shown = {key: ", ".join(value) if isinstance(value, list) else value for key, value in told.items()}
        print_table(["", ""], [(_(key), value) for key, value in shown.items() if value])


@plugin.command()
@click.argument("name")
@as_json
def enable(name: str, json_: bool) -> None:
    """Enable a plugin, and all it requires, for everybody in this workspace."""
    from crmcore.cli.session import session
    from crmcore.lifecycle import enabling

    with session() as s:
        _may_manage(s)
        fresh = enabling.enable(s.app.engine, name)
        _record(s, "plugin.enabled", fresh)
    if json_:
        print_json({"enabled": fresh})
    elif fresh:
        tell(_("Enabled: {names}.").format(names=", ".join(fresh)))
    else:
        tell(_("{name} was enabled already.").format(name=name))


@plugin.command()
@click.argument("name")
@as_json
def disable(name: str, json_: bool) -> None:
    """Disable a plugin for everybody in this workspace; its data is kept."""
    from crmcore.cli.session import session
    from crmcore.lifecycle import enabling

    with session() as s:
        _may_manage(s)
        enabling.disable(s.app.engine, name)
        _record(s, "plugin.disabled", [name])
    if json_:
        print_json({"disabled": [name]})
    else:
        tell(_("Disabled: {name}. Its data is kept.").format(name=name))


def _states(s: "Session") -> "list[State]":
    from crmcore.lifecycle.states import states

    with s.app.engine.connect() as connection:
        return states(connection)


def _may_manage(s: "Session") -> None:
    with s.write() as tx:
        if not tx.scope.manages:
            raise Denied(
                _("Only an administrator enables and disables plugins; {login} is {role}.").format(
                    login=s.actor.login, role=s.actor.role
                )
            )


def _record(s: "Session", kind: str, names: list[str]) -> None:
    """Tell the journal who enabled or disabled what; a plugin is no record and has no id."""
    with s.write() as tx:
        for name in names:
            tx.record(kind, "plugin", 0, {"name": name})
