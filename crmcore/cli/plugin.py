"""`crm plugin`: seeing, enabling, disabling and purging plugins."""

from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.cli.plugin_check import check
from crmcore.cli.plugin_new import new
from crmcore.cli.plugin_replay import replay
from crmcore.errors import Denied, NotFound
from crmcore.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from crmcore.cli.session import Session
    from crmcore.lifecycle.purging import Purge
    from crmcore.lifecycle.states import State


@click.group()
def plugin() -> None:
    """List, explain, enable, disable and purge plugins; replay history through one; begin and check one's own."""


plugin.add_command(new)
plugin.add_command(check)
plugin.add_command(replay)


@plugin.command("list")
@as_json
def list_(json_: bool) -> None:
    """List plugins, installed or enabled, with their state and why.

    States: enabled, disabled, incompatible, failed, missing (enabled, but not installed) and quarantined (enabled, but
    not asked, since it kept failing).
    """
    from crmcore.cli.session import session

    with session() as s:
        found = _states(s)
    if json_:
        print_json(found)
        return
    print_table(
        [_("name"), _("state"), _("version"), _("requires"), _("what for"), _("reason")],
        [(one.name, one.state, one.version, ", ".join(one.requires), one.summary, one.reason) for one in found],
    )


@plugin.command()
@click.argument("name")
@as_json
def info(name: str, json_: bool) -> None:
    """Tell what a plugin is, what it requires and who requires it, its tables, entities, commands and hooks."""
    from crmcore.cli.session import session

    with session() as s:
        told = _told(s, name)
    if json_:
        print_json(told)
    else:
        shown = {key: ", ".join(value) if isinstance(value, list) else value for key, value in told.items()}
        print_table(["", ""], [(_(key.replace("_", " ")), value) for key, value in shown.items() if value])


def _told(s: "Session", name: str) -> dict[str, Any]:
    from crmcore.errors import PluginError
    from crmcore.lifecycle import enabling
    from crmcore.lifecycle.states import recorded
    from crmcore.model.entity import values
    from crmcore.plugins.discovery import commands_of, installed
    from crmcore.plugins.resolve import resolve

    found = next((one for one in _states(s) if one.name == name), None)
    if found is None:
        raise NotFound(_("Plugin {name} is not installed.").format(name=name))
    with s.app.engine.connect() as connection:
        known = recorded(connection)
    told = values(found) | {"requires": list(found.requires)}
    told["distribution"] = next((one.distribution for one in installed() if one.name == name), "")
    told["required_by"] = enabling.dependants(name, {one.name: one for one in known.values() if one.enabled})
    if name in known:
        told |= {"tables": list(known[name].tables), "entities": list(known[name].entities)}
        told["distribution"] = told["distribution"] or known[name].distribution
    try:
        declared = resolve(name)[-1][1]
        told |= {"title": declared.title, "tables": list(declared.tables), "hears": list(declared.hears)}
    except (PluginError, NotFound) as error:
        told["reason"] = told["reason"] or str(error)
    told["commands"] = commands_of(told["distribution"])
    told["hooks"] = [each.name for each in s.app.dispatcher.hooks() if name in each.implemented_by]
    return told


@plugin.command()
@click.argument("name")
@as_json
def enable(name: str, json_: bool) -> None:
    """Enable a plugin, and all it requires, for everybody in this workspace.

    Its tables are made or upgraded; what was held against it (quarantine, findings) is forgotten.
    """
    from crmcore.cli.root import COMMANDS
    from crmcore.cli.session import session
    from crmcore.lifecycle import enabling
    from crmcore.search.index import complete

    with session() as s:
        _may_manage(s)
        fresh = enabling.enable(s.app.engine, name, by=s.actor.login, core_commands=COMMANDS, check=_must_fit_budget)
        if fresh:
            with s.app.transaction(cause="crm plugin enable") as tx:
                tx.begin()
                complete(tx.connection, tx.entities.of_plugins)
    if json_:
        print_json({"enabled": fresh})
    elif not fresh:
        tell(_("{name} was enabled already.").format(name=name))
    else:
        tell(_("Enabled: {names}.").format(names=", ".join(fresh)))
        if fresh != [name]:
            tell(
                _("{name} requires {others}.").format(
                    name=name, others=", ".join(each for each in fresh if each != name)
                )
            )


@plugin.command()
@click.argument("name")
@click.option("--with-dependants", is_flag=True, help="Disable the plugins that require it, too.")
@as_json
def disable(name: str, with_dependants: bool, json_: bool) -> None:
    """Disable a plugin for everybody in this workspace; its data is kept, and it contributes nothing."""
    from crmcore.cli.session import session
    from crmcore.lifecycle import enabling

    with session() as s:
        _may_manage(s)
        names = enabling.disable(s.app.engine, name, by=s.actor.login, with_dependants=with_dependants)
    if json_:
        print_json({"disabled": names})
    else:
        tell(_("Disabled: {names}. The data is kept.").format(names=", ".join(names)))


@plugin.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do it; without this, nothing is changed.")
@as_json
def purge(name: str, yes: bool, json_: bool) -> None:
    """Remove what a disabled plugin left in this workspace: its tables with all rows, and what was kept about it.

    Shows first what would go; --yes does it. It works after the plugin's package is gone. The journal is kept.
    """
    from crmcore.cli.session import session
    from crmcore.lifecycle import purging

    with session() as s:
        _may_manage(s)
        if yes:
            found = purging.purge(s.app.engine, name, by=s.actor.login)
        else:
            with s.app.engine.connect() as connection:
                found = purging.plan(connection, name)
    if json_:
        print_json({"purged": yes, **_values(found)})
        return
    rows = [(_("table"), each, count) for each, count in found.tables.items()]
    rows += [(_("rows of the core"), each, count) for each, count in found.rows.items()]
    print_table([_("what"), _("name"), _("rows")], rows)
    if yes:
        tell(_("Purged: {name}.").format(name=name))
    else:
        tell(found.refusal or _("Nothing was changed; `crm plugin purge {name} --yes` removes this.").format(name=name))


def _values(found: "Purge") -> dict[str, Any]:
    from crmcore.model.entity import values

    return values(found)


def _must_fit_budget(connection: "Connection", fresh: "Sequence[tuple[str, Any]]") -> None:
    """Refuse plugins whose processes ask people to type more than the workspace allows."""
    from crmcore.definitions import store
    from crmcore.engine.workspace import settings
    from crmcore.errors import Refused
    from crmcore.model import budget
    from crmcore.plugins.dispatch import Dispatcher
    from crmcore.plugins.resolve import acquaint

    asked = Dispatcher()
    for name, module in fresh:
        acquaint(asked, name)
        asked.register(name, module)
    asked.enable([name for name, _module in fresh])
    processes = asked.declared("crm_processes")
    if processes:
        defined = store.load(connection)
        reasons = budget.excess_of(processes, budget.allowed_by(settings(connection)), defined.automations)
        if reasons:
            raise Refused(reasons)


def _states(s: "Session") -> "list[State]":
    from crmcore.lifecycle.states import states

    with s.app.engine.connect() as connection:
        return states(connection)


def _may_manage(s: "Session") -> None:
    with s.write() as tx:
        if not tx.scope.manages:
            raise Denied(
                _("Only an administrator enables, disables and purges plugins; {login} is {role}.").format(
                    login=s.actor.login, role=s.actor.role
                )
            )
