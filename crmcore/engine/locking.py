"""The right to write: SQLite has one for the whole database, PostgreSQL one for each row."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, select


class Locking:
    """What a transaction has taken of the right to write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        self._taken = False
        self._changes_before = self._changes_made()

    def take(self) -> None:
        """Take the right to write now: what is read from here on cannot change before the commit (on SQLite)."""
        if self._taken:
            return
        self._taken = True
        if self._sqlite and not self._wrote():
            if self._connection.in_transaction():
                self._connection.rollback()  # ends a read; a read cannot always be turned into a write
            self._connection.execution_options(begin="BEGIN IMMEDIATE")

    def rows(self, table: Table, ids: Iterable[int]) -> None:
        """Take the right to write some rows; waits for who has it now. Others still read them, and refer to them."""
        self.take()
        if not self._sqlite:
            wanted = select(table.c.id).where(table.c.id.in_(set(ids))).order_by(table.c.id)
            self._connection.execute(wanted.with_for_update(key_share=True)).all()

    def let_go(self) -> None:
        """Begin anew after a commit or rollback."""
        self._taken = False
        self._changes_before = self._changes_made()
        if self._sqlite:
            self._connection.execution_options(begin="BEGIN")

    def _wrote(self) -> bool:
        """Return whether a statement given to the connection itself has written already (SQLite)."""
        driver: Any = self._connection.connection.dbapi_connection
        return bool(driver.in_transaction and driver.total_changes != self._changes_before)

    def _changes_made(self) -> int:
        """Return how many rows the connection has written since it was opened (SQLite)."""
        driver: Any = self._connection.connection.dbapi_connection if self._sqlite else None
        return 0 if driver is None else int(driver.total_changes)
