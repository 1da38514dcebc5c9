"""Plugins as distributions of their own, for rows that need some, and `crm` in this process that finds them."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from crmcore.plugins import discovery

_PLUGINS = Path(__file__).parents[1] / "plugins" / "conftest.py"


@pytest.fixture
def site(tmp_path: Path, workspace: str, crm: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workspace, and a folder on the path that plugins are installed into; `site.crm` runs a command,
    `site.process` as a process of its own."""
    spec = importlib.util.spec_from_file_location("plugin_sites", _PLUGINS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    made = module.Site(folder, workspace)
    made.process = made.crm

    def run(*arguments: object, **more: Any) -> Result:
        discovery.installed.cache_clear()  # a process looks once for what is installed; here several take turns
        return crm(*arguments, **more)

    made.crm = run
    return made
