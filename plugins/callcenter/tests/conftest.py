"""Workspaces of realistic size (`crmcore.testing.office`): `office` has the call centre; others have more beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmcore.testing.databases import Databases
from crmcore.testing.office import office_with

REALWORLD = Path(__file__).parents[3].parent / "shared" / "realworld"
KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def crm_database(request: pytest.FixtureRequest, crm_databases: Databases, tmp_path: Any) -> Iterator[str]:
    """An empty database: every test of the call centre that has a workspace runs on both."""
    address = crm_databases.new(request.param, tmp_path)
    yield address
    crm_databases.drop(address)


office = office_with("callcenter")
office_with_marketing = office_with("marketing", "callcenter")
office_with_service = office_with("service", "callcenter")
office_with_all = office_with("marketing", "sales", "service", "callcenter")


@pytest.fixture(scope="session")
def realworld() -> Path:
    """Real files that other programs made, beside the project where they are present."""
    if not REALWORLD.is_dir():
        pytest.skip("the folder of real files is not beside the project")
    return REALWORLD
