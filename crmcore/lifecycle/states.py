"""Which plugins a workspace has enabled: rows, so that every process of the organisation agrees."""

from collections.abc import Mapping
from datetime import UTC, datetime

from attrs import frozen
from sqlalchemy import Connection, delete, insert, select, update

from crmcore.engine.tables import plugin as plugin_table
from crmcore.errors import NotFound, PluginError
from crmcore.i18n import _
from crmcore.plugins.discovery import Installed, installed
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.resolve import resolve


@frozen(kw_only=True)
class State:
    """A plugin's state in a workspace: enabled, disabled, incompatible, failed or missing, and why."""

    name: str
    state: str
    version: str = ""
    summary: str = ""
    reason: str = ""


def enabled_versions(connection: Connection) -> dict[str, str]:
    """Return the plugins the workspace has enabled, installed or not, by name: the version their tables are of."""
    c = plugin_table.c
    statement = select(c.name, c.version).where(c.enabled.is_(True)).order_by(c.name)
    return {row.name: row.version for row in connection.execute(statement)}


def enabled_names(connection: Connection) -> list[str]:
    """Return the names of the plugins the workspace has enabled, installed or not."""
    return list(enabled_versions(connection))


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
    enabled = enabled_versions(connection)
    found = {one.name: one for one in installed()}
    listed = [_state(one, enabled) for one in found.values()]
    listed.extend(
        State(
            name=name, state="missing", reason=_("enabled in this workspace, but no longer installed; its data is kept")
        )
        for name in enabled.keys() - found.keys()
    )
    return sorted(listed, key=lambda one: one.name)


def _state(one: Installed, enabled: Mapping[str, str]) -> State:
    state = "enabled" if one.name in enabled else "disabled"
    reason = one.problem
    if one.problem:
        state = "incompatible"
    elif one.name in enabled:
        try:
            for required, plugin in resolve(one.name):
                must_be_ready(required, plugin, enabled)
        except (PluginError, NotFound) as error:
            state, reason = "failed", str(error)
    return State(name=one.name, state=state, version=one.version, summary=one.summary, reason=reason)


def write_state(connection: Connection, one: Installed, plugin: Plugin, *, enabled: bool) -> None:
    """Record that a plugin is enabled or not, with its tables, so that they are known even without its package."""
    connection.execute(delete(plugin_table).where(plugin_table.c.name == one.name))
    connection.execute(
        insert(plugin_table).values(
            name=one.name,
            distribution=one.distribution,
            version=one.version,
            enabled=enabled,
            at=datetime.now(UTC),
            tables=list(plugin.tables),
        )
    )


def write_disabled(connection: Connection, name: str) -> None:
    """Record that a plugin is disabled; what it recorded is kept."""
    connection.execute(update(plugin_table).where(plugin_table.c.name == name).values(enabled=False))
