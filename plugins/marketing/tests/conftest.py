"""Workspaces of realistic size (`crmcore.testing.office`): `office` has marketing, `office_with_sales` has both."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crmcore.api import App
from crmcore.testing.clock import Clock
from crmcore.testing.databases import Databases
from crmcore.testing.office import Office, open_office

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
