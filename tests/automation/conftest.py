"""A workspace whose definitions come from TOML, and whose deliveries are made when a test says so."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crmcore.app import App
from crmcore.configuring.apply import apply
from crmcore.definitions.reading import read_files
from crmcore.delivery.run import Report, deliver


class Automated:
    """A workspace to define automations in, and to deliver what happened."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._file = folder / "definitions.toml"

    def apply(self, text: str) -> None:
        """Apply definitions, as ann does with `crm config apply`."""
        self._file.write_text(text, encoding="utf-8")
        with self.app.transaction(self.app.actor("ann"), cause="crm config apply") as tx:
            apply(tx, read_files([self._file]))

    def deliver(self) -> Report:
        """Deliver all that is due."""
        return deliver(self.app, seconds=30)


@pytest.fixture
def automated(workspace: str, tmp_path: Path) -> Iterator[Automated]:
    opened = App(workspace, strict=True)
    yield Automated(opened, tmp_path)
    opened.close()


@pytest.fixture
def automated_with(workspace: str, tmp_path: Path) -> Iterator[Callable[..., Automated]]:
    """Make the same with plugins, given as (name, module)."""
    opened: list[App] = []

    def make(*plugins: tuple[str, object]) -> Automated:
        opened.append(App(workspace, plugins=plugins))
        return Automated(opened[-1], tmp_path)

    yield make
    for each in opened:
        each.close()
