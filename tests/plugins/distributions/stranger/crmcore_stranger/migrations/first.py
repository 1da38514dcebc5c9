"""A revision."""

from alembic import op

revision = "first"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE stranger_one (id INTEGER)")
