"""Everything as JSON lines: every table of the core and of the plugins, a line for each row, in constant memory."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table

from crmcore.engine.mapping import CORE_ENTITIES
from crmcore.engine.reader import Reader
from crmcore.engine.tables import interaction
from crmcore.exporting.tables import CORE_TABLES, plugin_tables
from crmcore.exporting.values import line
from crmcore.exporting.visible import CLOSED_FIELDS, is_allowed, is_closed, visible
from crmcore.hooks.references import Reference

_AT_ONCE = 1000
_FIELDS = {entity.name: frozenset(entity.fields) for entity in CORE_ENTITIES}


def tables(connection: Connection, reader: Reader) -> dict[str, Table]:
    """Return by name the tables the actor may export: the core's, and those that plugins recorded."""
    recorded = plugin_tables(connection)
    declared = {table.name: table.info for table in reader.visibility.plugins}
    for table in recorded:  # the database does not know whose the records are
        table.info.update(declared.get(table.name, {}))
    return {table.name: table for table in (*CORE_TABLES, *recorded) if is_allowed(table, reader)}


def lines(table: Table, reader: Reader, references: Iterable[Reference]) -> Iterator[bytes]:
    """Yield the rows of a table that the actor may see, each as a line of JSON; one statement.

    Columns that are computed from others (keys for sorting and matching) are left out.
    """
    wanted = _FIELDS.get(table.name) or frozenset(column.name for column in table.columns)
    statement = visible(table, reader, references)
    result = reader.connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
    for row in result:
        closed = table is interaction and is_closed(row, reader)
        yield line(
            {
                name: None if closed and name in CLOSED_FIELDS else value
                for name, value in row._mapping.items()
                if name in wanted
            }
        )
