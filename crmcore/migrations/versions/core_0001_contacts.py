"""Contacts, interactions, tasks, journal, imports, plugins."""

from alembic import op

from crmcore.engine.tables import metadata
from crmcore.search.index import create

revision = "core_0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the core."""
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE crm_id")
    op.execute("INSERT INTO counter (name, next) VALUES ('id', 1)")
    create(connection)
