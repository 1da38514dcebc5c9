"""The fixtures of `tests/lifecycle`: `crm` as processes that find real distributions, in a new workspace."""

import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location(
    "site_of_lifecycle", Path(__file__).parent.parent / "lifecycle" / "conftest.py"
)
assert spec is not None
assert spec.loader is not None
lifecycle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lifecycle)
site, states, ask, shape = lifecycle.site, lifecycle.states, lifecycle.ask, lifecycle.shape
