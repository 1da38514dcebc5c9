"""The database a backup is restored to: a new one, or a workspace whose administrator asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, exists, func, inspect, select
from sqlalchemy.engine import make_url

from crmcore.app import App
from crmcore.backup.save import allow
from crmcore.engine import migrate, workspace
from crmcore.engine.database import connect
from crmcore.engine.tables import setting, user_account
from crmcore.errors import CrmError, Refused
from crmcore.exporting.tables import CORE_TABLES
from crmcore.i18n import _

_IN_EVERY_WORKSPACE = (user_account, setting)


@contextmanager
def target(url: str, login: str, *, force: bool, revision: str = migrate.CORE_HEAD) -> Iterator[Engine]:
    """Give the database to restore to, with the core's tables in it, of the schema `revision`.

    A database that does not exist, or is empty, becomes a workspace; a SQLite file made for it is removed when the
    restore fails. Raises `Denied` where `login` is no administrator of the workspace there, `Refused` where there is
    something in it (unless `force`), and `WorkspaceError` for anything but a workspace.
    """
    engine = connect(url, create=True)
    file = _file(url)
    made = file is not None and not file.exists()
    try:
        with workspace.guarded(engine) as connection:
            fresh = migrate.reached(connection, migrate.CORE) is None and not inspect(connection).get_table_names()
            if not fresh:
                workspace.check(connection)
        if fresh:
            migrate.upgrade(engine, [migrate.CORE], to=revision)
        elif revision != migrate.CORE_HEAD:
            raise Refused([_("It was saved by an older version: restore it into a new database, then run `crm init`.")])
        else:
            _ask(url, login)
            with engine.connect() as connection:
                if not force and not is_empty(connection):
                    raise Refused([_("The workspace is not empty; --force replaces all that is in it.")])
        yield engine
    except (CrmError, KeyboardInterrupt):
        engine.dispose()
        if made and file is not None:
            for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
                each.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def is_empty(connection: Connection) -> bool:
    """Return whether a workspace is as `crm init` leaves it: nothing in it but settings and one user."""
    if connection.execute(select(func.count()).select_from(user_account)).scalar_one() > 1:
        return False
    tables = [table for table in CORE_TABLES if table not in _IN_EVERY_WORKSPACE]
    return not any(connection.execute(select(exists(select(table)))).scalar_one() for table in tables)


def _ask(url: str, login: str) -> None:
    app = App(url)
    try:
        allow(app.actor(login))
    finally:
        app.close()


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.drivername == "sqlite" and parsed.database else None
