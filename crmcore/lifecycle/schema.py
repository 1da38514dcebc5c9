"""A plugin's tables: made by its own history, named after it, and never in the way of the core's."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, inspect

from crmcore.engine import migrate
from crmcore.engine.tables import metadata
from crmcore.errors import PluginError
from crmcore.i18n import _
from crmcore.plugins.manifest import Plugin

_YIELDING = {"CASCADE", "SET NULL"}


def bring(connection: Connection, plugin: Plugin) -> None:
    """Make or upgrade a plugin's tables, in the transaction of the connection.

    Raises `PluginError` when its migrations do what a plugin's must not, and `WorkspaceError` when one fails.
    """
    if plugin.migrations is None:
        return
    if plugin.name == migrate.CORE.name or any(name.startswith(f"{plugin.name}_") for name in metadata.tables):
        raise PluginError(_("Plugin {name} needs another name: the core has tables of it.").format(name=plugin.name))
    before = _shape(connection)
    history = migrate.History(name=plugin.name, versions=plugin.migrations)
    migrate.bring(connection, history)
    for problem in _problems(connection, plugin, history, before):
        raise PluginError(_("Plugin {name} is not enabled: {why}.").format(name=plugin.name, why=problem))


def _shape(connection: Connection) -> dict[str, Any]:
    """Return what can be told of every table: its columns and indexes."""
    inspector = inspect(connection)
    indexes = inspector.get_multi_indexes()
    return {
        key[1] or "": (
            [(column["name"], str(column["type"]), column["nullable"]) for column in columns],
            sorted(str(index["name"]) for index in indexes.get(key, ())),
        )
        for key, columns in inspector.get_multi_columns().items()
    }


def _problems(
    connection: Connection, plugin: Plugin, history: migrate.History, before: dict[str, Any]
) -> Iterator[str]:
    after = _shape(connection)
    own = {name for name in after if name.startswith(f"{plugin.name}_")}
    touched = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    foreign = [name for name in touched if name not in own and not name.startswith(f"{plugin.name}_")]
    if foreign:
        yield _("its migrations touch “{table}”; its own tables begin with “{name}_”").format(
            table=foreign[0], name=plugin.name
        )
    untold = sorted(own - set(plugin.tables) - {history.version_table} - before.keys())
    if untold:
        yield _("it does not tell of its table “{table}”").format(table=untold[0])
    absent = sorted(set(plugin.tables) - own)
    if absent:
        yield _("it tells of a table “{table}” that its migrations do not make").format(table=absent[0])
    for (_schema, table), keys in inspect(connection).get_multi_foreign_keys().items():
        for key in keys if table in plugin.tables else ():
            ondelete = str(key.get("options", {}).get("ondelete", "")).upper()
            if key["referred_table"] in metadata.tables and ondelete not in _YIELDING:
                yield _(
                    "the reference from {table} to {core} keeps the core from deleting; say CASCADE or SET NULL"
                ).format(table=table, core=key["referred_table"])
