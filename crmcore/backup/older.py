"""The core's tables as they are in a workspace: those of this version, or those of an older one, as found there."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, event, inspect

from crmcore.engine import migrate
from crmcore.engine.tables import counter, metadata
from crmcore.exporting.tables import CORE_TABLES, plugin_names, portable
from crmcore.search.index import INDEXED


def core_tables(connection: Connection) -> tuple[Table, ...]:
    """Return the core's tables in an order in which rows can be inserted; where the next id comes from is none of them.

    Those of an older workspace are read from the database itself, so that nothing in it is missed: neither a table nor
    a column that this version does without. The search index is left out: it is built anew.
    """
    if migrate.reached(connection, migrate.CORE) == migrate.CORE_HEAD:
        return CORE_TABLES
    plugins = plugin_names(connection)
    versions = [migrate.History(name=name, versions=Path()).version_table for name in (migrate.CORE.name, *plugins)]
    indexes = tuple({name for several in INDEXED.values() for name, _columns in several})
    others = {counter.name, *versions, *(table for tables in plugins.values() for table in tables)}
    names = [
        name for name in inspect(connection).get_table_names() if name not in others and not name.startswith(indexes)
    ]
    found = MetaData(naming_convention=metadata.naming_convention)

    @event.listens_for(found, "column_reflect")
    def _portable(_inspector: object, _table: Table, info: dict[str, Any]) -> None:
        info["type"] = portable(info["type"])

    found.reflect(connection, only=sorted(names))
    return tuple(found.sorted_tables)
