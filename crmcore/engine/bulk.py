"""Inserting rows: the statement and each column's conversion are prepared once, and the driver gets plain tuples.

SQLAlchemy's own way costs three times as much for the few rows of a transaction, and twice for the thousands of an
import (docs/decisions). On PostgreSQL many rows go by COPY.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Dialect, Table

from crmcore.hooks.entities import Row

_MANY = 200


@frozen(kw_only=True)
class Prepared:
    """How rows of a table are written with a driver; `converters` pairs the place of a column with its conversion."""

    insert: str
    copy: str
    pick: Callable[[Row], tuple[Any, ...]]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    def values(self, row: Row) -> Sequence[Any]:
        """Return the row as the driver takes it."""
        values = list(self.pick(row))
        for place, convert in self.converters:
            values[place] = convert(values[place])
        return values


class Writer:
    """Inserts rows into the tables of one database, remembering how."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._prepared: dict[tuple[str, tuple[str, ...]], Prepared] = {}

    def insert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows, which all have the same columns."""
        if not rows:
            return
        key = (table.name, tuple(rows[0]))
        how = self._prepared.get(key)
        if how is None:
            how = self._prepared[key] = self._prepare(table, key[1])
        if self._dialect.name == "postgresql" and len(rows) >= _MANY:
            driver: Any = connection.connection.dbapi_connection
            with driver.cursor() as cursor, cursor.copy(how.copy) as copy:
                for row in rows:
                    copy.write_row(how.values(row))
            return
        connection.exec_driver_sql(how.insert, [tuple(how.values(row)) for row in rows])

    def _prepare(self, table: Table, columns: tuple[str, ...]) -> Prepared:
        quote = self._dialect.identifier_preparer.quote
        names = ", ".join(quote(name) for name in columns)
        mark = "?" if self._dialect.name == "sqlite" else "%s"
        converters = []
        for place, name in enumerate(columns):
            convert = table.c[name].type.dialect_impl(self._dialect).bind_processor(self._dialect)
            if convert is not None:
                converters.append((place, convert))
        return Prepared(
            insert=f"INSERT INTO {quote(table.name)} ({names}) VALUES ({', '.join([mark] * len(columns))})",  # noqa: S608 # names of our own tables, quoted
            copy=f"COPY {quote(table.name)} ({names}) FROM STDIN",
            pick=itemgetter(*columns),
            converters=tuple(converters),
        )
