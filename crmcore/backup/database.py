"""What SQLite and PostgreSQL do differently when a whole workspace is replaced."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, inspect, select, text, update

from crmcore.backup.save import next_id
from crmcore.engine.database import reason
from crmcore.engine.migrate import History
from crmcore.engine.tables import counter
from crmcore.errors import InvalidInput
from crmcore.exporting.tables import plugin_names
from crmcore.i18n import _

__all__ = [
    "drop_plugin_tables", "reason", "replacing", "set_next_id", "set_revision", "set_sequences", "without_references",
]  # fmt: skip

_REFERENCES = text(
    "SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition"
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)


@contextmanager
def replacing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that nobody else writes beside; rolled back on any error.

    On SQLite references are not checked row by row, and must hold at the end.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr] # sqlite3's connection
        connection.execution_options(begin="BEGIN IMMEDIATE")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise InvalidInput(
                        _("{n} rows point at records that are not there; nothing was changed.").format(n=len(broken))
                    )
        finally:
            driver.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr] # as above


@contextmanager
def without_references(connection: Connection) -> Iterator[None]:
    """Let rows arrive in any order on PostgreSQL; its references are taken off, and put back and checked at the end."""
    if connection.dialect.name == "sqlite":
        yield
        return
    found = connection.execute(_REFERENCES).all()
    for one in found:
        connection.exec_driver_sql(f"ALTER TABLE {one.owner} DROP CONSTRAINT {one.name}")
    yield
    for one in found:
        connection.exec_driver_sql(f"ALTER TABLE {one.owner} ADD CONSTRAINT {one.name} {one.definition}")


def drop_plugin_tables(connection: Connection) -> None:
    """Drop the tables that plugins recorded, and their version tables."""
    there = set(inspect(connection).get_table_names())
    names = plugin_names(connection)
    doomed = [table for tables in names.values() for table in tables]
    doomed += [table for name in names if (table := _version_table(name)) in there]
    quote = connection.dialect.identifier_preparer.quote
    cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for table in dict.fromkeys(doomed):
        connection.exec_driver_sql(f"DROP TABLE {quote(table)}{cascade}")


def set_revision(connection: Connection, plugin: str, revision: str) -> None:
    """Record the schema revision a plugin's tables are at, where its migrations look for it."""
    table = connection.dialect.identifier_preparer.quote(_version_table(plugin))
    connection.exec_driver_sql(f"CREATE TABLE {table} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.execute(text(f"INSERT INTO {table} (version_num) VALUES (:revision)"), {"revision": revision})  # noqa: S608 # quoted


def set_next_id(connection: Connection, wanted: int) -> None:
    """Let ids go on after those of the backup, and after those handed out here: other processes may hold some."""
    number = max(wanted, next_id(connection))
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.setval("crm_id", number, False)))
    else:
        connection.execute(update(counter).where(counter.c.name == "id").values(next=number))


def set_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let keys that PostgreSQL counts itself (the journal's) go on after the highest that is there."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        if [column.name for column in table.primary_key.columns] != ["id"]:
            continue
        sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
        highest = connection.execute(select(func.max(table.c.id))).scalar()
        if sequence and highest is not None:
            connection.execute(select(func.setval(sequence, highest)))


def _version_table(plugin: str) -> str:
    return History(name=plugin, versions=Path()).version_table
