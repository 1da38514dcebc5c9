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
    from alembic.script import Script

CORE_HEAD = "core_0002"
"""The revision this code works with; the newest of the core's history."""

_HOME = Path(__file__).parent.parent / "migrations"
_ONE_AT_A_TIME = text(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})")


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
def alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that nobody else migrates beside; all that happens in it holds, or nothing.

    Raises `WorkspaceError`, and takes everything back, when references are broken at the end (SQLite).
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(_ONE_AT_A_TIME)
                yield connection
            return
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        connection.execution_options(begin="BEGIN IMMEDIATE")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise WorkspaceError(_("The upgrade left {n} broken references.").format(n=len(broken)))
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def bring(connection: Connection, history: History) -> None:
    """Bring a history to its head, in the transaction of the connection.

    Raises `WorkspaceError` for a history that is no single line of revisions named after its distribution, and for a
    migration that fails.
    """
    from alembic import command  # half a second that only `crm init` and enabling a plugin pay
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_HOME))
    config.set_main_option("version_locations", str(history.versions))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, version_table=history.version_table)
    try:
        _must_be_linear(history, list(ScriptDirectory.from_config(config).walk_revisions()))
        command.upgrade(config, "head")
    except CrmError:
        raise
    except Exception as error:
        why = reason(error) if isinstance(error, DBAPIError) else str(error) or type(error).__name__
        raise WorkspaceError(
            _("The tables of {name} cannot be brought up to date: {why}").format(name=history.name, why=why)
        ) from error
    if history.name == CORE.name and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def upgrade(engine: Engine, histories: Iterable[History]) -> None:
    """Bring every history to its head, in the order given; a failed migration leaves the workspace as it was."""
    with alone(engine) as connection:
        for history in histories:
            bring(connection, history)


def _must_be_linear(history: History, revisions: "list[Script]") -> None:
    names = [one.revision for one in revisions]
    wrong = [name for name in names if not name.startswith(f"{history.name}_")]
    if wrong:
        raise WorkspaceError(
            _("Revision “{revision}” of {name} must begin with “{name}_”.").format(revision=wrong[0], name=history.name)
        )
    follows = [one.down_revision for one in revisions]
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
