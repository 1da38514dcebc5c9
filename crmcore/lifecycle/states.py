"""Which plugins a workspace has enabled: rows, so that every process of the organisation agrees."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from attrs import frozen
from sqlalchemy import Connection, delete, insert, inspect, select, update

from crmcore.engine.tables import finding
from crmcore.engine.tables import plugin as plugin_table
from crmcore.errors import NotFound, PluginError
from crmcore.i18n import _
from crmcore.plugins.discovery import Installed, installed
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.resolve import resolve

_ALLOWED = "CRM_PLUGINS"


@frozen(kw_only=True)
class State:
    """A plugin's state in a workspace, and why.

    `state` is enabled, disabled, incompatible, failed, missing (enabled, but not there) or quarantined (enabled, but
    its answers are not asked for).
    """

    name: str
    state: str
    version: str = ""
    summary: str = ""
    reason: str = ""
    requires: tuple[str, ...] = ()


@frozen(kw_only=True)
class Recorded:
    """What a workspace recorded of a plugin when it was last enabled or upgraded: enough to do without its package."""

    name: str
    distribution: str
    version: str
    enabled: bool
    tables: tuple[str, ...]
    requires: tuple[str, ...]
    entities: tuple[str, ...]
    quarantined: str


def recorded(connection: Connection) -> dict[str, Recorded]:
    """Return what the workspace recorded of its plugins, enabled or not, by name."""
    c = plugin_table.c
    statement = select(
        c.name, c.distribution, c.version, c.enabled, c.tables, c.requires, c.entities, c.quarantined
    ).order_by(c.name)
    return {
        row.name: Recorded(
            **{**row._mapping, **{name: tuple(row._mapping[name]) for name in ("tables", "requires", "entities")}}
        )
        for row in connection.execute(statement)
    }


def enabled_versions(connection: Connection) -> dict[str, str]:
    """Return the plugins the workspace has enabled, installed or not, by name: the version their tables are of."""
    c = plugin_table.c
    statement = select(c.name, c.version).where(c.enabled.is_(True)).order_by(c.name)
    return {row.name: row.version for row in connection.execute(statement)}


def enabled_names(connection: Connection) -> list[str]:
    """Return the names of the plugins the workspace has enabled, installed or not."""
    return list(enabled_versions(connection))


def absent(enabled: Iterable[str]) -> list[str]:
    """Return those of the enabled plugins whose package is not there, or kept out by `CRM_PLUGINS`."""
    here = {one.name for one in installed()}
    return [name for name in enabled if name not in here]


def must_be_ready(one: Installed, plugin: Plugin, versions: Mapping[str, str]) -> None:
    """Raise `PluginError` for a plugin that is not enabled, or whose tables are of another version of it."""
    if one.name not in versions:
        raise PluginError(
            _("Plugin {name} is required, but not enabled; `crm plugin enable {name}`.").format(name=one.name)
        )
    if plugin.migrations is not None and one.version != versions[one.name]:
        raise PluginError(
            _("The tables of {name} are of version {theirs}, the plugin is {ours}; `crm init` upgrades them.").format(
                name=one.name, theirs=versions[one.name], ours=one.version
            )
        )


def states(connection: Connection) -> list[State]:
    """Return every plugin that is installed, or enabled without being installed."""
    known = recorded(connection)
    enabled = {name: one.version for name, one in known.items() if one.enabled}
    listed = [_state(one, known.get(one.name), enabled) for one in installed()]
    listed.extend(
        State(name=name, state="missing", version=known[name].version, requires=known[name].requires, reason=_absence())
        for name in absent(enabled)
    )
    return sorted(listed, key=lambda one: one.name)


def absence() -> str:
    """Say in a few words why an enabled plugin is not there."""
    return _("not let in by {variable}").format(variable=_ALLOWED) if _ALLOWED in os.environ else _("not installed")


def _absence() -> str:
    if _ALLOWED in os.environ:
        return _("enabled in this workspace, but {variable} does not let it in; its data is kept").format(
            variable=_ALLOWED
        )
    return _("enabled in this workspace, but no longer installed; its data is kept")


def _state(one: Installed, known: Recorded | None, enabled: Mapping[str, str]) -> State:
    state = "enabled" if one.name in enabled else "disabled"
    reason, requires = one.problem, known.requires if known else ()
    if one.problem:
        state = "incompatible"
    else:
        try:
            needed = resolve(one.name)
            requires = needed[-1][1].requires
            for required, plugin in needed if one.name in enabled else ():
                must_be_ready(required, plugin, enabled)
        except (PluginError, NotFound) as error:
            reason = str(error)
            state = "failed" if one.name in enabled else state
    if state == "enabled" and known is not None and known.quarantined:
        state, reason = "quarantined", known.quarantined
    return State(name=one.name, state=state, version=one.version, summary=one.summary, reason=reason, requires=requires)


def write_state(connection: Connection, one: Installed, plugin: Plugin, entities: Iterable[str]) -> None:
    """Record that a plugin is enabled, and what must be known of it without its package.

    Tables that an earlier version recorded and that are still there stay recorded. What was held against the plugin
    (quarantine, findings) is forgotten: it gets another chance.
    """
    before = recorded(connection).get(one.name)
    there = set(inspect(connection).get_table_names()) if before else set()
    tables = [*plugin.tables, *(t for t in (before.tables if before else ()) if t in there and t not in plugin.tables)]
    connection.execute(delete(plugin_table).where(plugin_table.c.name == one.name))
    connection.execute(delete(finding).where(finding.c.plugin == one.name))
    connection.execute(
        insert(plugin_table).values(
            name=one.name,
            distribution=one.distribution,
            version=one.version,
            enabled=True,
            at=datetime.now(UTC),
            tables=tables,
            requires=list(plugin.requires),
            entities=sorted(entities),
        )
    )


def write_disabled(connection: Connection, name: str) -> None:
    """Record that a plugin is disabled; what it recorded is kept."""
    connection.execute(update(plugin_table).where(plugin_table.c.name == name).values(enabled=False))
