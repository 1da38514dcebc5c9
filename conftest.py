"""All tests of the project: what they write is kept in memory where that is possible, what they import for good."""

import gc
import os

from crmcore.testing import memory


def pytest_configure() -> None:
    """Choose where pytest makes the folders of tests, unless that is said already."""
    folder = memory.folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """Have what is imported by now left alone by the collector of garbage, which comes less often, too."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
