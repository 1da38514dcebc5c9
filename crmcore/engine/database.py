"""Connections: SQLite in WAL mode or PostgreSQL, set up so that both behave alike."""

import json
import re
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError

from crmcore.engine import figures
from crmcore.errors import WorkspaceError
from crmcore.i18n import _

_PRAGMAS = (
    "busy_timeout = 30000",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "cache_size = -32768",  # KiB; twice that is no faster, and an import would fill it (memory flat within 1.3x)
    "wal_autocheckpoint = 8000",  # pages; at the default of 1000 a busy writer waits for the disk every 30 commits
)
_PASSWORD = re.compile(r":[^:/@]*@")

APPLICATION_ID = 0x63726D31  # "crm1": how a SQLite file says whose it is


def connect(url: str, *, create: bool = False) -> Engine:
    """Return an engine for `url` (`sqlite:///file` or `postgresql://...`).

    Raises `WorkspaceError` for an unusable address, and for a SQLite file that does not exist unless `create`.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise WorkspaceError(
            _("“{url}” is not a database address; write sqlite:///file.db or postgresql://user@host/name.").format(
                url=_PASSWORD.sub(":***@", url)
            )
        ) from None
    if parsed.drivername == "sqlite":
        return _sqlite(parsed.database or ":memory:", create=create)
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return _postgresql(parsed)
    raise WorkspaceError(
        _("crmcore keeps its data in SQLite or PostgreSQL, not in “{name}”.").format(name=parsed.drivername)
    )


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), json_serializer=_json)
    except ModuleNotFoundError:
        raise WorkspaceError(_("For PostgreSQL install crmcore[postgresql]; it brings the driver psycopg.")) from None


def _json(value: Any) -> str:
    """Write JSON without escapes; most of it is an empty object."""
    return "{}" if value == {} else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _use_wal(cursor: Any) -> None:
    """Switch a file to WAL; while another process does so SQLite refuses at once, whatever the busy timeout says."""
    for _attempt in range(200):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _sqlite(path: str, *, create: bool) -> Engine:
    if path != ":memory:":
        file = Path(path)
        if not create and not file.exists():
            raise WorkspaceError(_("There is no workspace at {path}; `crm init` makes one.").format(path=file))
        if not file.parent.is_dir():
            raise WorkspaceError(_("The folder {path} does not exist.").format(path=file.parent))
    engine = create_engine(f"sqlite:///{path}", json_serializer=_json)

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _record: object) -> None:
        # The driver's own transaction handling leaves half a migration behind; SQLAlchemy's `begin` event says BEGIN.
        connection.isolation_level = None
        connection.create_aggregate(figures.NAME, 1, figures.Total)
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if cursor.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,):
            _use_wal(cursor)  # kept in the file, so never said to another program's
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def reason(error: DBAPIError) -> str:
    """Return the database's own sentence for what went wrong, without SQL or parameters."""
    first: Any = error.orig
    return str(first).strip().splitlines()[0] if first is not None and str(first).strip() else str(error)
