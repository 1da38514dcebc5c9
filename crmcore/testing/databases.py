"""New databases for tests, on SQLite or on a PostgreSQL server of their own."""

import shutil
from pathlib import Path
from uuid import uuid4

from crmcore.testing.postgresql import TEST_SETTINGS, Server


class Databases:
    """Makes empty databases and removes them; starts PostgreSQL only when it is asked for."""

    def __init__(self) -> None:
        self._server: Server | None = None

    def new(self, kind: str, folder: Path) -> str:
        """Return the address of a new database of a kind: sqlite (a file in `folder`) or postgresql."""
        if kind == "sqlite":
            return f"sqlite:///{folder / f'crm-{uuid4().hex[:8]}.db'}"
        if self._server is None:
            self._server = Server(TEST_SETTINGS)
        return self._server.new_database()

    def copy(self, url: str, folder: Path) -> str:
        """Return the address of a copy of a database that nobody has open; the copy of a file lies in `folder`.

        A file is copied without its log: whoever closed it last has brought the log into it.
        """
        if self._server is not None and url.startswith("postgresql"):
            return self._server.copy(url)
        address = self.new("sqlite", folder)
        shutil.copyfile(url.removeprefix("sqlite:///"), address.removeprefix("sqlite:///"))
        return address

    def drop(self, url: str) -> None:
        """Remove a PostgreSQL database; a SQLite file goes with its folder."""
        if self._server is not None and url.startswith("postgresql"):
            self._server.drop(url)

    def close(self) -> None:
        """Stop the server, if there is one."""
        if self._server is not None:
            self._server.stop()
