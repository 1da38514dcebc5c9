"""Workspaces of realistic size (`crmcore.testing.office`): `office` has marketing, `office_with_sales` has both."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmcore.plugins import discovery, loading
from crmcore.testing.databases import Databases
from crmcore.testing.office import Office, office_with

SITES = Path(__file__).parents[3] / "tests" / "plugins" / "conftest.py"
REALWORLD = Path(__file__).parents[3].parent / "shared" / "realworld"
KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def crm_database(request: pytest.FixtureRequest, crm_databases: Databases, tmp_path: Any) -> Iterator[str]:
    """An empty database: every test of marketing that has a workspace runs on both."""
    address = crm_databases.new(request.param, tmp_path)
    yield address
    crm_databases.drop(address)


office = office_with("marketing")
office_with_sales = office_with("marketing", "sales")


@pytest.fixture(scope="session")
def realworld() -> Path:
    """Real files that other programs made, beside the project where they are present."""
    if not REALWORLD.is_dir():
        pytest.skip("the folder of real files is not beside the project")
    return REALWORLD


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
