"""The plugin that is examined: how it is found, and the workspaces it is tried in."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from crmcore.app import App
from crmcore.engine import workspace
from crmcore.lifecycle import enabling
from crmcore.plugins.discovery import Installed, installed, load
from crmcore.plugins.manifest import Plugin
from crmcore.plugins.resolve import resolve

USER = "ann"


def folder_of(module: Any) -> Path:
    """Return the folder of the package that a module is in."""
    file, depth = Path(module.__file__), module.__name__.count(".")
    top: Path = file.parents[depth if file.name == "__init__.py" else depth - 1]
    return top


class Subject:
    """A plugin by its name. `new_url` gives the address of an empty database; `places` are put on Python's path.

    `places` are the folders of a plugin that is examined without being installed.
    """

    def __init__(self, name: str, new_url: Callable[[], str], places: tuple[str, ...] = ()) -> None:
        self.name = name
        self.new_url = new_url
        self.places = places

    @property
    def found(self) -> Installed | None:
        """The plugin as its package metadata tells of it; None when it is not installed."""
        return next((one for one in installed() if one.name == self.name), None)

    @property
    def distribution(self) -> str:
        """The name of the distribution that brings it."""
        return self.found.distribution if self.found else f"crmcore-{self.name}"

    @cached_property
    def _loaded(self) -> tuple[Plugin, Any]:
        found = self.found
        if found is None:
            raise LookupError(self.name)
        return load(found)

    @property
    def plugin(self) -> Plugin:
        """What it says of itself; raises `PluginError` when it does not load."""
        return self._loaded[0]

    @property
    def module(self) -> Any:
        """The module its entry point names; raises `PluginError` when it does not load."""
        return self._loaded[1]

    @property
    def required(self) -> dict[str, Any]:
        """The modules of the plugins it requires, by name, in the order in which they are enabled."""
        return {found.name: load(found)[1] for found, _plugin in resolve(self.name)[:-1]}

    @property
    def package(self) -> Path:
        """The folder of its package."""
        return folder_of(self.module)

    def sources(self) -> list[Path]:
        """Return the Python files of its package."""
        return sorted(self.package.rglob("*.py"))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that finds the plugin."""
        path = os.pathsep.join([*self.places, *filter(None, [os.environ.get("PYTHONPATH")])])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
        return {**kept, "PYTHONPATH": path, "CRM_USER": USER, "CRM_LANG": "en", "COLUMNS": "120"}

    @contextmanager
    def bare(self, *beside: tuple[str, Any]) -> Iterator[App]:
        """Give a new workspace without the plugin, but with what it requires.

        `beside` are (name, module) plugins enabled in it.
        """
        url = self.new_url()
        workspace.create(url, login=USER, region="CN", zone="Asia/Shanghai")
        app = App(url, plugins=beside)
        try:
            for name in self.required:
                enabling.enable(app.engine, name)
            if self.required:
                app.read().connection.close()  # sees that they are enabled
            yield app
        finally:
            app.close()

    @contextmanager
    def workspace(self, *beside: tuple[str, Any]) -> Iterator[App]:
        """Give a new workspace with the plugin, and what it requires, enabled."""
        with self.bare(*beside) as app:
            enabling.enable(app.engine, self.name)
            app.read().connection.close()  # sees that it is enabled
            yield app
