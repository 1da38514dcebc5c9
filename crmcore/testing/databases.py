"""New databases for tests, on SQLite or on a PostgreSQL server of their own."""

import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from crmcore.testing.postgresql import TEST_SETTINGS, Server


class Databases:
    """Makes empty databases, fills them and removes them; starts PostgreSQL only when it is asked for."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="crm-databases-")
        self._made: dict[tuple[str, str], str] = {}

    @cached_property
    def server(self) -> Server:
        """The PostgreSQL server, running; its data are kept in memory where that is possible."""
        return Server(TEST_SETTINGS, in_memory=True)

    def new(self, kind: str, folder: Path) -> str:
        """Return the address of a new database of a kind: sqlite (a file in `folder`) or postgresql."""
        if kind == "sqlite":
            return f"sqlite:///{folder / f'crm-{uuid4().hex[:8]}.db'}"
        return self.server.new_database()

    def fill(self, url: str, name: str, make: Callable[[str], None]) -> None:
        """Fill the empty database at `url` with what `make` makes in the database at an address it is given.

        `make` is called when something of this `name` is first wanted in a database of this kind, and must leave it
        with nobody connected; then and later `url` becomes a copy of that. A database made elsewhere is never a copy.
        """
        kind = url.partition(":")[0]
        if kind == "postgresql" and not self.server.has(url):
            make(url)
            return
        if (kind, name) not in self._made:
            made = self.new(kind, Path(self._folder.name))
            make(made)
            self._made[kind, name] = made
        if kind == "postgresql":
            self.server.copy(self._made[kind, name], url)
        else:  # without its log: whoever closed it last has brought the log into it
            shutil.copyfile(_file(self._made[kind, name]), _file(url))

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected; it need not be there any more."""
        if url.startswith("postgresql"):
            self.server.drop(url)
        else:
            for beside in ("", "-wal", "-shm"):
                Path(_file(url) + beside).unlink(missing_ok=True)

    def close(self) -> None:
        """Stop the server, if it runs."""
        if "server" in self.__dict__:
            self.server.stop()
        self._folder.cleanup()


def _file(url: str) -> str:
    return url.removeprefix("sqlite:///")
