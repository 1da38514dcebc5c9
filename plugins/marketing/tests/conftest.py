"""Workspaces of realistic size (`crmcore.testing.office`): `office` has marketing, `office_with_sales` has both."""

from collections.abc import Iterator
from typing import Any

import pytest

from crmcore.testing.clock import Clock
from crmcore.testing.databases import Databases
from crmcore.testing.office import Office, open_office

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
