"""The raw driver: sqlite3 or psycopg, with the durability that crmcore's connections have."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

Row = Sequence[Any]


class Raw:
    """A connection of the driver's own. Statements are written with `?`; `sql` turns that into the driver's mark.

    Nothing is begun behind the caller's back: `begin` and `commit` are statements.
    """

    def __init__(self, url: str) -> None:
        self.connection: Any
        if url.startswith("sqlite"):
            self.dialect = "sqlite"
            self.begin = "BEGIN IMMEDIATE"
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -65536"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            import psycopg

            self.dialect = "postgresql"
            self.begin = "BEGIN"
            self.connection = psycopg.connect(url, autocommit=True)
        self.execute = self.connection.execute

    def sql(self, statement: str) -> str:
        """Return the statement with the driver's mark for a parameter."""
        return statement if self.dialect == "sqlite" else statement.replace("?", "%s")

    def many(self, statement: str, rows: Iterable[Row]) -> None:
        """Run a statement for every row."""
        self.connection.cursor().executemany(statement, rows)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
