"""A revision."""

from alembic import op

revision = "half_way_0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE half_way_one (id INTEGER)")
    op.execute("INSERT INTO half_way_one VALUES (1)")
