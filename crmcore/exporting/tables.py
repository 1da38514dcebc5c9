"""Every table of a workspace: the core's, and those its plugins recorded, installed or not."""

from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    event,
    inspect,
    select,
)
from sqlalchemy.types import JSON, TypeEngine

from crmcore.engine.tables import counter, metadata, plugin
from crmcore.engine.types import Fixed, Id, Instant, Json

CORE_TABLES: tuple[Table, ...] = tuple(table for table in metadata.sorted_tables if table is not counter)
"""The core's tables, in an order in which rows can be inserted; where the next id comes from is none of them."""

_KEPT: tuple[type[TypeEngine[Any]], ...] = (Boolean, Date, Time, LargeBinary, Float)


def steady(connection: Connection) -> Connection:
    """Let a connection see one moment of the database throughout, from now on, while others write.

    SQLite's transactions do so by themselves (it never reads what is committed after its first read).
    """
    if connection.dialect.name == "postgresql":
        if connection.in_transaction():
            connection.rollback()  # which the workspace's generation was read in
        connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def plugin_names(connection: Connection) -> dict[str, list[str]]:
    """Return the names of the tables that plugins recorded in this workspace and that are there, by plugin."""
    there = set(inspect(connection).get_table_names())
    rows = connection.execute(select(plugin.c.name, plugin.c.tables).order_by(plugin.c.name))
    return {row.name: [name for name in row.tables if name in there] for row in rows}


def plugin_tables(connection: Connection) -> list[Table]:
    """Return the plugins' tables as the database describes them, in an order in which rows can be inserted.

    Their columns have types that both databases store alike.
    """
    names = {name for tables in plugin_names(connection).values() for name in tables}
    if not names:
        return []
    found = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(found)

    @event.listens_for(found, "column_reflect")
    def _portable(_inspector: object, _table: Table, info: dict[str, Any]) -> None:
        info["type"] = portable(info["type"])

    found.reflect(connection, only=sorted(names))
    return [table for table in found.sorted_tables if table.name in names]


def portable(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type that both databases store alike for one that was found in either."""
    if isinstance(kind, DateTime):
        return Instant()
    if isinstance(kind, JSON):
        return Json
    if isinstance(kind, Integer):
        return Id
    for kept in _KEPT:
        if isinstance(kind, kept):
            return kept()
    if isinstance(kind, Fixed) or (isinstance(kind, Numeric) and (kind.precision, kind.scale) == (18, 4)):
        return Fixed()
    return Numeric(kind.precision, kind.scale) if isinstance(kind, Numeric) else Text()
