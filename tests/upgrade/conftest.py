"""Workspaces of the first schema, loaded from what the code of that time left (`tests/data/upgrade`)."""

import gzip
import importlib.util
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import inspect, text

from crmcore.engine.database import connect

TESTS = Path(__file__).parent.parent
DATA = TESTS / "data" / "upgrade"


def _of_plugins() -> ModuleType:
    """The conftest of `tests/plugins`, whose `Site` installs distributions and runs `crm` as a process."""
    spec = importlib.util.spec_from_file_location("site_of_plugins", TESTS / "plugins" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


plugins = _of_plugins()


def load(url: str, schema: str) -> None:
    """Fill an empty database with a workspace of an earlier schema."""
    name = "sqlite" if url.startswith("sqlite") else "postgresql"
    script = gzip.decompress((DATA / f"{schema}.{name}.sql.gz").read_bytes()).decode()
    if name == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(script)
        connection.close()
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(script.encode())


def dump(url: str) -> dict[str, object]:
    """Everything in a database: each table's columns, keys, indexes and rows, whatever its schema."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            inspector = inspect(connection)
            found: dict[str, object] = {}
            for table in sorted(inspector.get_table_names()):
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
                found[table] = (
                    [(each["name"], str(each["type"]), each["nullable"]) for each in inspector.get_columns(table)],
                    sorted(repr(each) for each in inspector.get_foreign_keys(table)),
                    sorted(
                        (each["name"], each["column_names"], each["unique"], str(each.get("dialect_options")))
                        for each in inspector.get_indexes(table)
                        if not url.startswith("sqlite")  # told in its schema, below
                    ),
                    sorted(repr(tuple(row)) for row in rows),
                )
            if url.startswith("sqlite"):
                found["schema"] = connection.execute(text("SELECT type, name, sql FROM sqlite_schema")).all()
            return found
    finally:
        engine.dispose()


class Rows:
    """Asks a database, whatever its schema."""

    def __call__(self, url: str, statement: str) -> list[tuple[object, ...]]:
        engine = connect(url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement)).all()]
        finally:
            engine.dispose()

    def columns(self, url: str, table: str) -> list[str]:
        engine = connect(url)
        try:
            return [each["name"] for each in inspect(engine).get_columns(table)]
        finally:
            engine.dispose()


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture(name="dump")
def _dump() -> Callable[[str], dict[str, object]]:
    return dump


@pytest.fixture
def execute() -> Callable[[str, str], None]:
    def run(url: str, statement: str) -> None:
        engine = connect(url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    return run


@pytest.fixture
def older(url: str) -> str:
    """The address of a workspace of the first schema, with two plugins enabled that have tables."""
    load(url, "core_0001")
    return url


@pytest.fixture
def site(tmp_path: Path, older: str) -> object:
    """Where `crm` runs on that workspace, both plugins installed as they were then."""
    folder = tmp_path / "site"
    folder.mkdir()
    made = plugins.Site(folder, older)
    made.install("dummy", "loyalty")
    return made


@pytest.fixture
def newer(site: object) -> Callable[[str, str], None]:
    """Install a later version of a plugin, with one more revision: of its folder `later`, or `failing`."""

    def install(name: str, folder: str = "later") -> None:
        site.install(name, version="0.2.0")
        for path in (plugins.DISTRIBUTIONS / name / folder).iterdir():
            shutil.copy(path, site.folder / f"crmcore_{name}" / "migrations")

    return install
