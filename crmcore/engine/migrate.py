"""Schema histories: one per distribution, each with its own version table, brought to its head step by step.

On SQLite foreign keys are off while migrating (rebuilding a table would silently delete its children), each migration
is one transaction, and the check of foreign keys must be clean at the end.
"""

from pathlib import Path

from attrs import frozen
from sqlalchemy import Connection, Engine, inspect, text

from crmcore.engine.database import APPLICATION_ID
from crmcore.errors import WorkspaceError
from crmcore.i18n import _

CORE_HEAD = "core_0001"
"""The revision this code works with; the newest of the core's history."""

_HOME = Path(__file__).parent.parent / "migrations"


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


def upgrade(engine: Engine, histories: list[History]) -> None:
    """Bring every history to its head, in the order given; a failed migration leaves the workspace before it."""
    from alembic import command  # half a second that only `crm init` and enabling a plugin pay
    from alembic.config import Config

    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite" and driver is not None:
            driver.cursor().execute("PRAGMA foreign_keys = OFF")
        for history in histories:
            config = Config()
            config.set_main_option("script_location", str(_HOME))
            config.set_main_option("version_locations", str(history.versions))
            config.set_main_option("path_separator", "newline")
            config.attributes.update(connection=connection, version_table=history.version_table)
            command.upgrade(config, "head")
            connection.commit()
        if engine.dialect.name == "sqlite" and driver is not None:
            connection.rollback()
            broken = driver.cursor().execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise WorkspaceError(_("The upgrade left {n} broken references.").format(n=len(broken)))
            driver.cursor().execute(f"PRAGMA application_id = {APPLICATION_ID}")
            driver.cursor().execute("PRAGMA foreign_keys = ON")


def reached(connection: Connection, history: History) -> str | None:
    """Return the revision a history has reached in this workspace; None when it has not begun."""
    if not inspect(connection).has_table(history.version_table):
        return None
    return connection.execute(text(f"SELECT version_num FROM {history.version_table}")).scalar()  # noqa: S608 # the name is a plugin's, checked at load
