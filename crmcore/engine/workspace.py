"""A workspace: one database, one organisation. Made, recognised, and refused when it is something else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import choice
from string import ascii_lowercase, digits

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from crmcore.engine import migrate
from crmcore.engine.database import APPLICATION_ID, connect, reason
from crmcore.engine.tables import setting, user_account
from crmcore.errors import WorkspaceError
from crmcore.i18n import _
from crmcore.model.user import ROLES


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors into a `WorkspaceError` with one clear sentence, which shows no password."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        why = reason(error) if isinstance(error, DBAPIError) else str(error)
        raise WorkspaceError(
            _("The database {url} cannot be used: {why}").format(url=shown(engine), why=why)
        ) from error


@contextmanager
def guarded(engine: Engine) -> Iterator[Connection]:
    """Connect; raises `WorkspaceError` with one clear sentence when that, or what is done then, fails."""
    with explained(engine), engine.connect() as connection:
        yield connection


def shown(engine: Engine) -> str:
    """Return the database's address without its password."""
    return engine.url.render_as_string(hide_password=True)


def check(connection: Connection) -> None:
    """Raise `WorkspaceError` unless the database is a workspace of this code's version."""
    found = recognised(connection)
    url = shown(connection.engine)
    if found is None:
        raise WorkspaceError(_("{url} is empty; `crm init` makes a workspace of it.").format(url=url))
    if found != migrate.CORE_HEAD:
        raise WorkspaceError(
            _("{url} is of an older version ({found}); `crm init` upgrades it.").format(url=url, found=found)
        )


def recognised(connection: Connection) -> str | None:
    """Return the version of a workspace, None for an empty database.

    Raises `WorkspaceError` for the database of another program, and for a workspace of a newer crmcore.
    """
    url = shown(connection.engine)
    foreign = WorkspaceError(_("{url} belongs to another program; crmcore leaves it alone.").format(url=url))
    if connection.dialect.name == "sqlite":
        told = int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())
        if told not in (0, APPLICATION_ID):
            raise foreign
    found = migrate.reached(connection, migrate.CORE)
    if found is None:
        if inspect(connection).get_table_names():
            raise foreign
        return None
    if not found.startswith(f"{migrate.CORE.name}_"):
        raise foreign
    if found > migrate.CORE_HEAD:
        raise WorkspaceError(
            _("{url} was written by a newer crmcore ({found}); this one knows {ours}. Upgrade crmcore first.").format(
                url=url, found=found, ours=migrate.CORE_HEAD
            )
        )
    return found


def create(url: str, *, login: str, region: str = "", zone: str = "") -> bool:
    """Make a workspace of the empty database at `url`; return False, and leave it as it is, when there is one already.

    `login` becomes the first user, an administrator. `region` (ISO 3166, such as CN) reads telephone numbers written
    without a country code; `zone` (IANA) is where “today” is. Raises `WorkspaceError` for a database that is not ours.
    """
    engine = connect(url, create=True)
    try:
        with guarded(engine) as connection:
            recognised(connection)  # before anything is locked or written
        with explained(engine), migrate.alone(engine) as connection:
            found = recognised(connection)  # another process may have been quicker
            if found is None:
                migrate.bring(connection, migrate.CORE)
                _first_rows(connection, login, region, zone)
    finally:
        engine.dispose()
    return found is None


def _first_rows(connection: Connection, login: str, region: str, zone: str) -> None:
    from crmcore.engine.ids import Draw, Ids

    now = datetime.now(UTC)
    connection.execute(
        insert(user_account).values(
            id=Draw(Ids()).take(connection), version=1, login=login, name=login, role=ROLES[0], skills=[], active=True,
            zone=zone, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    own = "".join(choice(ascii_lowercase + digits) for _each in range(8))
    said = {"region": region, "zone": zone, "workspace": own}
    connection.execute(insert(setting), [{"name": name, "value": value} for name, value in said.items()])


def settings(connection: Connection) -> dict[str, object]:
    """Return the workspace's settings by name."""
    return {row.name: row.value for row in connection.execute(select(setting))}
