"""All tests of the project: what they write is kept in memory where that is possible, what they import for good.

Property tests try the same examples in every run, however long each takes, so that none fails by chance or on a busy
machine. `pytest --hypothesis-profile=explore` tries new ones.
"""

import gc
import os

from hypothesis import HealthCheck, settings

from crmcore.testing import memory

for _name, _same in (("explore", False), ("suite", True)):
    settings.register_profile(
        _name,
        deadline=None,
        derandomize=_same,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
settings.load_profile("suite")


def pytest_configure() -> None:
    """Choose where pytest makes the folders of tests, unless that is said already."""
    folder = memory.folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """Have what is imported by now left alone by the collector of garbage, which comes less often, too."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
