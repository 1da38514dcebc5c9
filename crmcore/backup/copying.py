"""Copying a SQLite workspace while others work in it, and restore points that stand beside it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine

from crmcore.backup.save import save
from crmcore.engine.database import connect
from crmcore.errors import CrmError, WorkspaceError
from crmcore.i18n import _
from crmcore.model.user import SYSTEM


def copy(source: Path, target: Path) -> None:
    """Copy a SQLite file as it is at one moment, through SQLite's own online backup; whole on the disk, or not at all.

    The source is opened for reading only; the copy is checked (`PRAGMA integrity_check`) before it has its name. Raises
    `WorkspaceError` with the reason, such as a full disk.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as reader,
            closing(sqlite3.connect(part)) as writer,
        ):
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE")  # one file, whatever the source's mode
            found = writer.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise WorkspaceError(_("The copy of {path} is not sound: {why}").format(path=source, why=found[0][0]))
        _fsync(part)
        part.replace(target)
        _fsync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise WorkspaceError(_("{path} cannot be copied: {why}").format(path=source, why=error)) from error
    finally:
        for each in (part, part.with_name(f"{part.name}-journal")):
            each.unlink(missing_ok=True)


def restore_point(connection: Connection, label: str) -> str:
    """Keep the workspace of a connection as it is before the revision `label`, and return the file that holds it.

    A SQLite workspace is copied beside itself; one on PostgreSQL is saved as `crm backup` does, in the current folder.
    The one of an earlier attempt is replaced: nothing came of that. Raises `WorkspaceError` when there is no room.
    """
    try:
        if connection.dialect.name == "sqlite":
            file = Path(str(connection.engine.url.database))
            target = file.with_name(f"{file.name}.before-{label}.backup")
            copy(file, target)
        else:
            target = Path(f"{connection.engine.url.database}.before-{label}.backup.zip")
            engine = connect(str(connection.engine.url.render_as_string(hide_password=False)))
            try:
                with engine.connect() as reader:
                    save(reader, target, SYSTEM, force=True)
            finally:
                engine.dispose()
    except CrmError as error:
        raise WorkspaceError(
            _("No restore point, so nothing was changed: {why} (--no-restore-point does without)").format(why=error)
        ) from error
    return str(target)


def _fsync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sqlite_file(engine: Engine) -> Path | None:
    """Return the file of a SQLite workspace; None for one on PostgreSQL."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None
