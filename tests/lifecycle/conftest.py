"""The `site` of `tests/plugins`, where `crm` runs as processes that find real distributions, in a new workspace."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from crmcore.engine.database import connect

SITE = Path(__file__).parent.parent / "plugins" / "conftest.py"
spec = importlib.util.spec_from_file_location("site_of_plugins", SITE)
assert spec is not None
assert spec.loader is not None
plugins = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plugins)


@pytest.fixture
def site(tmp_path: Path, workspace: str) -> Any:
    folder = tmp_path / "site"
    folder.mkdir()
    return plugins.Site(folder, workspace)


@pytest.fixture
def states(site: Any) -> Callable[..., dict[str, dict[str, Any]]]:
    """What `crm plugin list --json` prints, by name."""

    def listed(**extra: str) -> dict[str, dict[str, Any]]:
        return {one["name"]: one for one in json.loads(site.crm("plugin", "list", "--json", **extra).stdout)}

    return listed


@pytest.fixture
def ask(workspace: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Run a statement on the workspace's database and return its rows."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        engine = connect(workspace)
        try:
            with engine.begin() as connection:
                done = connection.execute(text(statement))
                return [tuple(row) for row in done.all()] if done.returns_rows else []
        finally:
            engine.dispose()

    return run


@pytest.fixture
def shape(workspace: str) -> Callable[[], dict[str, Any]]:
    """Every table of the database: its columns, and how many rows it has."""

    def look() -> dict[str, Any]:
        engine = connect(workspace)
        try:
            with engine.connect() as connection:
                return {
                    name: (
                        [each["name"] for each in inspect(connection).get_columns(name)],
                        connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one(),
                    )
                    for name in inspect(connection).get_table_names()
                }
        finally:
            engine.dispose()

    return look
