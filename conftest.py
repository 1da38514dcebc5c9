"""All tests of the project: what they write is kept in memory where that is possible."""

import os

from crmcore.testing import memory


def pytest_configure() -> None:
    """Choose where pytest makes the folders of tests, unless that is said already."""
    folder = memory.folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
