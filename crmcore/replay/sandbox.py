"""A sandbox: a temporary SQLite copy of a workspace, opened, with walls around it; gone at the end."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from crmcore.app import App
from crmcore.backup.check import check
from crmcore.backup.copying import copy, sqlite_file
from crmcore.backup.load import load
from crmcore.backup.save import save
from crmcore.engine import migrate
from crmcore.engine.database import connect
from crmcore.lifecycle import enabling, states, upgrading
from crmcore.model.user import SYSTEM
from crmcore.plugins.discovery import installed
from crmcore.replay.walls import walled

_SET = ("CRM_DATABASE_URL", "CRM_NOW")


@contextmanager
def sandbox(app: App, plugins: Sequence[str] = ()) -> Iterator[App]:
    """Open a copy of a workspace, with `plugins` (and what they require) enabled there; the workspace is only read.

    Inside, the environment names the copy, and nothing that runs reaches a network, another program or another SQLite
    file. A workspace on PostgreSQL is copied through a backup. Raises `CrmError` when it cannot be copied, or a plugin
    not be enabled there.
    """
    kept = {name: os.environ.get(name) for name in _SET}
    with tempfile.TemporaryDirectory(prefix="crm-sandbox-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'crm.db'}"
        _fill(app, folder / "crm.db", url)
        opened: App | None = None
        try:
            with walled(folder):
                os.environ[_SET[0]] = url
                _prepare(url, plugins)
                opened = App(url)
                _hurry(opened.engine)
                yield opened
        finally:
            if opened is not None:
                opened.close()
            for variable, value in kept.items():
                os.environ.pop(variable, None)
                if value is not None:
                    os.environ[variable] = value


def _fill(app: App, target: Path, url: str) -> None:
    """Copy a workspace into a new SQLite file."""
    file = sqlite_file(app.engine)
    if file is not None:
        copy(file, target)
        return
    saved = target.with_name("copy.zip")
    with app.engine.connect() as connection:
        save(connection, saved, SYSTEM)
    engine = connect(url, create=True)
    try:
        migrate.upgrade(engine, [migrate.CORE])
        load(engine, saved, check(saved))
    finally:
        engine.dispose()
    saved.unlink()


def _prepare(url: str, plugins: Sequence[str]) -> None:
    """Enable plugins in the copy; where one's tables are of an earlier version they are upgraded there."""
    versions = {one.name: one.version for one in installed()}
    engine = connect(url)
    try:
        for name in plugins:
            with engine.connect() as connection:
                enabled = states.enabled_versions(connection)
            if name in enabled and enabled[name] != versions.get(name):
                upgrading.upgrade(engine)
            enabling.enable(engine, name)
    finally:
        engine.dispose()


def _hurry(engine: Engine) -> None:
    """Let commits not wait for the disk: nothing in a sandbox has to survive."""

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    engine.dispose()
