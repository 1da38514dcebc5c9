"""A revision."""

from alembic import op

revision = "grabbing_0001"
down_revision = None


def upgrade() -> None:
    op.execute("ALTER TABLE contact ADD COLUMN shoe INTEGER")
