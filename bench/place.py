"""Where a benchmark runs: databases of one system, made when asked for and removed at the end."""

import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from crmcore.engine import workspace as workspaces
from crmcore.testing.postgresql import Server

LOGIN = "ann"


class Place(Protocol):
    """A database system. `empty` returns the address of a new database; `drop` removes one, `close` all of them."""

    database: str

    def empty(self) -> str: ...  # noqa: D102 # the class says it
    def drop(self, url: str) -> None: ...  # noqa: D102 # the class says it
    def close(self) -> None: ...  # noqa: D102 # the class says it


class Sqlite:
    """SQLite files in a temporary folder."""

    database = "sqlite"

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="crm-bench-"))
        self._made = 0

    def empty(self) -> str:
        """Return the address of a file that does not exist yet."""
        self._made += 1
        return f"sqlite:///{self._home / f'{self._made}.db'}"

    def drop(self, url: str) -> None:
        """Remove the file and its log."""
        for path in self._home.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
            path.unlink()

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._home, ignore_errors=True)


class Postgresql:
    """A server of our own with PostgreSQL's default settings: every commit is on the disk."""

    database = "postgresql"

    def __init__(self) -> None:
        self._server = Server({})

    def empty(self) -> str:
        """Return the address of a new, empty database."""
        return self._server.new_database()

    def drop(self, url: str) -> None:
        """Remove the database."""
        self._server.drop(url)

    def close(self) -> None:
        """Stop the server and remove its databases."""
        self._server.stop()


PLACES: dict[str, type[Sqlite] | type[Postgresql]] = {"sqlite": Sqlite, "postgresql": Postgresql}


def workspace(place: Place) -> str:
    """Return the address of a new workspace whose administrator is `LOGIN`."""
    url = place.empty()
    workspaces.create(url, login=LOGIN, region="CN", zone="Asia/Shanghai")
    return url
