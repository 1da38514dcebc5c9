"""Plugins made of a handler, for tests in one process: who hears what, and when it fails."""

import importlib.util
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy import func, select

from crmcore.app import App
from crmcore.engine import clock, tables
from crmcore.hooks.kinds import impl
from crmcore.model.party import Contact
from crmcore.plugins.manifest import Plugin


def plugin(name: str, handle: Callable[[Any, Any], None], hears: tuple[str, ...] = ()) -> tuple[str, ModuleType]:
    """Return a plugin that hears of events."""

    def crm_on_event(event, tx):
        handle(event, tx)

    module = ModuleType(name)
    module.PLUGIN = Plugin(name=name, title=name, hears=hears)
    module.crm_on_event = impl(crm_on_event)
    return name, module


@pytest.fixture
def opened(workspace: str) -> Iterator[Callable[..., App]]:
    """Open the workspace with plugins."""
    apps: list[App] = []

    def make(*plugins: tuple[str, ModuleType]) -> App:
        apps.append(App(workspace, plugins=plugins))
        return apps[-1]

    yield make
    for app in apps:
        app.close()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the clock, or let so many seconds pass."""

    def set_to(instant: str = "", *, later: float = 0.0) -> None:
        moment = datetime.fromisoformat(instant) if instant else clock.now() + timedelta(seconds=later)
        monkeypatch.setenv("CRM_NOW", moment.isoformat())

    return set_to


def contacts(app: App, *names: str) -> list[int]:
    """Add contacts, each in a transaction of its own."""
    made = []
    for name in names:
        with app.transaction() as tx:
            made.append(tx.add(Contact(name=name)).id)
    return made


def rename(app: App, contact_id: int, name: str) -> None:
    with app.transaction() as tx:
        tx.get(Contact, contact_id).name = name


def rows(app: App, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with app.read() as reader:
        found = select(*[table.c[name] for name in columns]).order_by(*[table.c[name] for name in columns])
        return [tuple(row) for row in reader.connection.execute(found)]


def count(app: App, table: Any) -> int:
    with app.read() as reader:
        return reader.connection.execute(select(func.count()).select_from(table)).scalar_one()


def setting(app: App, name: str, value: Any) -> None:
    with app.engine.begin() as connection:
        connection.execute(tables.setting.insert().values(name=name, value=value))


def statements(app: App, run: Callable[[], Any]) -> list[str]:
    """Return the statements that are given to the database meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    listening.listen(app.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        listening.remove(app.engine, "before_cursor_execute", note)
    return seen


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(tmp_path: Path, workspace: str) -> Any:
    """Where distributions are installed, and `crm` runs as a process that finds them."""
    folder = tmp_path / "site"
    folder.mkdir()
    return _load(Path(__file__).parents[1] / "plugins" / "conftest.py").Site(folder, workspace)
