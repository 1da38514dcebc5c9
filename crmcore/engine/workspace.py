"""A workspace: one database, one organisation. Made, recognised, and refused when it is something else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from crmcore.engine import migrate
from crmcore.engine.database import APPLICATION_ID, connect, reason
from crmcore.engine.tables import setting, user_account
from crmcore.errors import WorkspaceError
from crmcore.i18n import _
from crmcore.model.user import ROLES


@contextmanager
def guarded(engine: Engine, url: str) -> Iterator[Connection]:
    """Connect, turning the driver's errors into a `WorkspaceError` with one clear sentence."""
    shown = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        why = reason(error) if isinstance(error, DBAPIError) else str(error)
        raise WorkspaceError(_("The database {url} cannot be opened: {why}").format(url=shown, why=why)) from error


def check(connection: Connection) -> None:
    """Raise `WorkspaceError` unless the database is a workspace of this code's version."""
    found = migrate.reached(connection, migrate.CORE)
    if found == migrate.CORE_HEAD:
        return
    shown = connection.engine.url.render_as_string(hide_password=True)
    if found is None:
        if inspect(connection).get_table_names():
            raise WorkspaceError(_("{url} belongs to another program; crmcore leaves it alone.").format(url=shown))
        raise WorkspaceError(_("{url} is empty; `crm init` makes a workspace of it.").format(url=shown))
    if found > migrate.CORE_HEAD:
        raise WorkspaceError(
            _("{url} was written by a newer crmcore ({found}); this one knows {ours}. Upgrade crmcore first.").format(
                url=shown, found=found, ours=migrate.CORE_HEAD
            )
        )
    raise WorkspaceError(
        _("{url} is of an older version ({found}); `crm init` upgrades it.").format(url=shown, found=found)
    )


def create(url: str, *, login: str, region: str = "", zone: str = "") -> bool:
    """Make or upgrade the workspace at `url`; return True when it is new.

    `login` becomes the first user, an administrator. `region` (ISO 3166, such as CN) reads telephone numbers written
    without a country code; `zone` (IANA) is where “today” is.
    """
    engine = connect(url, create=True)
    with guarded(engine, url) as connection:
        found = migrate.reached(connection, migrate.CORE)
        foreign = engine.dialect.name == "sqlite" and _application_id(connection) not in (0, APPLICATION_ID)
        if foreign or (found is None and inspect(connection).get_table_names()) or (found or "") > migrate.CORE_HEAD:
            check(connection)
            raise WorkspaceError(_("{url} belongs to another program; crmcore leaves it alone.").format(url=engine.url))
    migrate.upgrade(engine, [migrate.CORE])
    if found is None:
        with engine.begin() as connection:
            _first_rows(connection, login, region, zone)
    engine.dispose()
    return found is None


def _application_id(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())


def _first_rows(connection: Connection, login: str, region: str, zone: str) -> None:
    from crmcore.engine.ids import Ids

    now = datetime.now(UTC)
    connection.execute(
        insert(user_account).values(
            id=Ids().take(connection), version=1, login=login, name=login, role=ROLES[0], skills=[], active=True,
            zone=zone, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    connection.execute(insert(setting), [{"name": "region", "value": region}, {"name": "zone", "value": zone}])


def settings(connection: Connection) -> dict[str, object]:
    """Return the workspace's settings by name."""
    return {row.name: row.value for row in connection.execute(select(setting))}
