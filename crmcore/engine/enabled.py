"""Which plugins a workspace has enabled: rows, so that every process of the organisation agrees."""

from datetime import UTC, datetime

from attrs import frozen
from sqlalchemy import Connection, delete, insert, select, update

from crmcore.engine.tables import plugin as plugin_table
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.discovery import Installed, installed, load
from crmcore.plugins.manifest import Plugin


@frozen(kw_only=True)
class State:
    """A plugin's state in a workspace: enabled, disabled, incompatible, failed or missing, and why."""

    name: str
    state: str
    version: str = ""
    summary: str = ""
    reason: str = ""


def enabled_names(connection: Connection) -> list[str]:
    """Return the names of the plugins the workspace has enabled, installed or not."""
    statement = select(plugin_table.c.name).where(plugin_table.c.enabled.is_(True)).order_by(plugin_table.c.name)
    return list(connection.execute(statement).scalars())


def states(connection: Connection) -> list[State]:
    """Return every plugin that is installed, or enabled without being installed."""
    enabled = set(enabled_names(connection))
    found = {one.name: one for one in installed()}
    listed = [_state(one, one.name in enabled) for one in found.values()]
    listed.extend(
        State(
            name=name, state="missing", reason=_("enabled in this workspace, but no longer installed; its data is kept")
        )
        for name in enabled - set(found)
    )
    return sorted(listed, key=lambda one: one.name)


def _state(one: Installed, enabled: bool) -> State:
    state = "enabled" if enabled else "disabled"
    reason = one.problem
    if one.problem:
        state = "incompatible"
    elif enabled:
        try:
            load(one)
        except PluginError as error:
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
