"""Workspaces of realistic size (`crmcore.testing.office`): `office` has marketing, `office_with_sales` has both."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crmcore.api import App
from crmcore.plugins import discovery, loading
from crmcore.testing.clock import Clock
from crmcore.testing.databases import Databases
from crmcore.testing.office import Office, open_office

SITES = Path(__file__).parents[3] / "tests" / "plugins" / "conftest.py"
REALWORLD = Path(__file__).parents[3].parent / "shared" / "realworld"
KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def crm_database(request: pytest.FixtureRequest, crm_databases: Databases, tmp_path: Any) -> Iterator[str]:
    """An empty database: every test of marketing that has a workspace runs on both."""
    address = crm_databases.new(request.param, tmp_path)
    yield address
    crm_databases.drop(address)


@pytest.fixture
def office(crm_database: str, crm_databases: Databases, crm_clock: Clock) -> Iterator[Office]:
    """A workspace of realistic size with marketing enabled; see the module."""
    opened = open_office(crm_database, crm_databases, crm_clock, plugins=("marketing",), cls=Office)
    yield opened
    opened.app.close()


@pytest.fixture
def office_with_sales(crm_database: str, crm_databases: Databases, crm_clock: Clock) -> Iterator[Office]:
    """The same with marketing and sales, which know nothing of each other."""
    both = ("marketing", "sales")
    opened = open_office(crm_database, crm_databases, crm_clock, plugins=both, cls=Office)
    yield opened
    opened.app.close()


@pytest.fixture(scope="session")
def realworld() -> Path:
    """Real files that other programs made, beside the project where they are present."""
    if not REALWORLD.is_dir():
        pytest.skip("the folder of real files is not beside the project")
    return REALWORLD


@pytest.fixture
def serving() -> Callable[[App], AbstractContextManager[tuple[str, int]]]:
    """Let the endpoint of an app answer on loopback, in threads of its own, within a block; gives host and port."""
    from crmcore_marketing.web.application import Endpoint
    from waitress import create_server

    @contextmanager
    def serve(app: App) -> Iterator[tuple[str, int]]:
        server = create_server(Endpoint(app), host="127.0.0.1", port=0, threads=2, asyncore_loop_timeout=0.05)

        def run() -> None:
            with suppress(OSError):  # it is closed while it waits
                server.run()

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield "127.0.0.1", server.effective_port
        server.close()
        thread.join(5)

    return serve


class MailServer:
    """A mail server on this machine, a process of its own (`smtp_sink.py`); `url` for `marketing.smtp`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "mail"
        self._file.touch()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "smtp_sink.py"), str(self._file)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._seen = self._read = self._counted = 0

    def forget(self) -> None:
        """Leave aside what came before."""
        self._seen = self._file.stat().st_size
        self._read = self._counted = 0

    def received(self) -> list[EmailMessage]:
        """Return what came since, each with `envelope_from` and `envelope_to` as headers."""
        with self._file.open(encoding="utf-8") as file:
            file.seek(self._seen)
            return [_mail(json.loads(line)) for line in file]

    def recipients(self) -> list[str]:
        """Return to whom what came since is, one for each message."""
        with self._file.open(encoding="utf-8") as file:
            file.seek(self._seen)
            return [json.loads(line)["to"][0] for line in file]

    def count(self) -> int:
        """Return how many came since; only what is new is read."""
        with self._file.open("rb") as file:
            file.seek(max(self._seen, self._read))
            self._counted += file.read().count(b"\n")
            self._read = file.tell()
        return self._counted

    def end(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.communicate()


def _mail(said: dict[str, Any]) -> EmailMessage:
    mail = message_from_string(said["content"], policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    mail["envelope_from"], mail["envelope_to"] = said["from"], said["to"][0]
    return mail


@pytest.fixture(scope="session")
def _mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    server = MailServer(tmp_path_factory.mktemp("mail"))
    yield server
    server.end()


@pytest.fixture
def mail_server(_mail_server: MailServer) -> MailServer:
    """A mail server that has nothing yet."""
    _mail_server.forget()
    return _mail_server


@pytest.fixture
def tickets(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The office with a plugin of tickets (`crm ticket open|resolve`) that knows nothing of marketing."""
    spec = importlib.util.spec_from_file_location("plugin_sites", SITES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Site(tmp_path, "").install("open_tickets")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    discovery.installed.cache_clear()
    office.crm("plugin", "enable", "open_tickets", user="ann")
    yield office
    discovery.installed.cache_clear()
    loading._IMPORTED.clear()
    for name in [name for name in sys.modules if name.startswith("crmcore_open_tickets")]:
        del sys.modules[name]
