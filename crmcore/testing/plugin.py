"""Fixtures for authors of plugins; pytest loads this module by itself where crmcore is installed.

crmcore is imported inside the fixtures, so that coverage measures it and runs that do not use them pay nothing.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from crmcore.app import App


@pytest.fixture
def crm_app(tmp_path: Path) -> Iterator[Callable[..., "App"]]:
    """Return a function that opens a new workspace with the given (name, module) plugins enabled.

    Failures of plugins are raised, not isolated, unless `strict=False` is given.
    """
    from crmcore.app import App
    from crmcore.engine import workspace

    opened: list[App] = []

    def make(*plugins: tuple[str, Any], strict: bool = True) -> App:
        url = f"sqlite:///{tmp_path / f'crm{len(opened)}.db'}"
        workspace.create(url, login="ann")
        opened.append(App(url, plugins=plugins, strict=strict))
        return opened[-1]

    yield make
    for app in opened:
        app.close()
