"""Schema histories: one per distribution, each with its own version table, brought to its head step by step.

On SQLite foreign keys are off while migrating (rebuilding a table would silently delete its children). An upgrade is
one transaction, and the check of foreign keys must be clean at its end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from crmcore.engine.database import APPLICATION_ID, reason
from crmcore.errors import CrmError, WorkspaceError
from crmcore.i18n import _

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script

CORE_HEAD = "core_0002"
"""The revision this code works with; the newest of the core's history."""

_HOME = Path(__file__).parent.parent / "migrations"
ONE_AT_A_TIME = text(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})")
"""Waits, on PostgreSQL, until nobody else changes the set-up; holds until the end of the transaction."""


@frozen(kw_only=True)
class History:
    """A distribution's schema history: its name and the folder that holds its revisions."""

    name: str
    versions: Path

    @property
    def version_table(self) -> str:
        """The table that keeps the revision this history has reached."""
        return f"{self.name}_version"


CORE = History(name="core", versions=_HOME / "versions")


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that no other change of the set-up runs beside; all of it holds, or nothing.

    On SQLite nobody else writes meanwhile; on PostgreSQL nobody else migrates, enables or disables.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execution_options(begin="BEGIN IMMEDIATE")
        with connection.begin():
            if engine.dialect.name != "sqlite":
                connection.execute(ONE_AT_A_TIME)
            yield connection


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """Give such a connection for migrating: on SQLite its references are not followed, and must hold at the end.

    Raises `WorkspaceError`, and takes everything back, when they are broken.
    """
    if engine.dialect.name != "sqlite":
        with locked(engine) as connection:
            yield connection
        return
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        connection.execution_options(begin="BEGIN IMMEDIATE")
        try:
            with connection.begin():
                yield connection
                must_hold(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def must_hold(connection: Connection) -> None:
    """Raise `WorkspaceError` when references are broken: on SQLite, where they are not followed while migrating."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise WorkspaceError(
            _("{n} references are broken, the first in {table}.").format(n=len(broken), table=broken[0][0])
        )


def revisions(history: History) -> list[str]:
    """Return the revisions of a history, oldest first.

    Raises `WorkspaceError` for one that does not load, and for what is no single line of revisions that are named
    after their distribution.
    """
    from alembic.script import ScriptDirectory  # half a second that only `crm init` and enabling a plugin pay

    try:
        found = list(ScriptDirectory.from_config(_config(history)).walk_revisions())
    except Exception as error:
        raise WorkspaceError(
            _("The revisions of {name} cannot be read: {why}").format(
                name=history.name, why=" ".join(str(error).split()) or type(error).__name__
            )
        ) from error
    _must_be_linear(history, found)
    return [one.revision for one in reversed(found)]


def pending(connection: Connection, history: History) -> list[str]:
    """Return the revisions a history has still before it, oldest first.

    Raises `WorkspaceError` as `revisions` does, and for tables of a revision that the history does not have.
    """
    known = revisions(history)
    at = reached(connection, history)
    if at is not None and at not in known:
        raise WorkspaceError(
            _("The tables of {name} are of revision {at}, which this version of it does not have; upgrade it first.")
            .format(name=history.name, at=at)
        )  # fmt: skip
    return known if at is None else known[known.index(at) + 1 :]


def bring(connection: Connection, history: History, to: str = "") -> None:
    """Bring a history to its head, or to the revision `to`, in the transaction of the connection.

    Raises `WorkspaceError` as `pending` does, and for a migration that fails: named with its revision.
    """
    from alembic import command

    config = _config(history)
    config.attributes.update(connection=connection, version_table=history.version_table)
    ahead = pending(connection, history)
    for revision in ahead[: ahead.index(to) + 1] if to else ahead:
        try:
            command.upgrade(config, revision)
        except CrmError:
            raise
        except (Exception, SystemExit) as error:
            why = reason(error) if isinstance(error, DBAPIError) else str(error) or type(error).__name__
            raise WorkspaceError(
                _("The tables of {name} cannot be brought up to date: {revision} fails: {why}").format(
                    name=history.name, revision=revision, why=" ".join(why.split())
                )
            ) from error
    if history.name == CORE.name and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def take_back(connection: Connection, history: History) -> None:
    """Undo all revisions of a history, in the transaction of the connection; raises what a migration raises."""
    from alembic import command

    config = _config(history)
    config.attributes.update(connection=connection, version_table=history.version_table)
    command.downgrade(config, "base")


def upgrade(engine: Engine, histories: Iterable[History], to: str = "") -> None:
    """Bring every history to its head, in the order given; a failed migration leaves the workspace as it was.

    `to` is a revision of the history where it is to end before its head.
    """
    with alone(engine) as connection:
        for history in histories:
            bring(connection, history, to)


def _config(history: History) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HOME))
    config.set_main_option("version_locations", str(history.versions))
    config.set_main_option("path_separator", "newline")
    return config


def _must_be_linear(history: History, found: "list[Script]") -> None:
    names = [one.revision for one in found]
    wrong = [name for name in names if not name.startswith(f"{history.name}_")]
    if wrong:
        raise WorkspaceError(
            _("Revision “{revision}” of {name} must begin with “{name}_”.").format(revision=wrong[0], name=history.name)
        )
    follows = [one.down_revision for one in found]
    if len(set(follows)) != len(follows) or not all(one is None or isinstance(one, str) for one in follows):
        raise WorkspaceError(
            _("The revisions of {name} do not form one line: {revisions}.").format(
                name=history.name, revisions=", ".join(sorted(names))
            )
        )


def reached(connection: Connection, history: History) -> str | None:
    """Return the revision a history has reached in this workspace; None when it has not begun."""
    if not inspect(connection).has_table(history.version_table):
        return None
    return connection.execute(text(f"SELECT version_num FROM {history.version_table}")).scalar()  # noqa: S608 # the name is a plugin's, checked at load
