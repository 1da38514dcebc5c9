"""A revision."""

from alembic import op

revision = "contact_0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE contact_shoe (id INTEGER)")
