"""A revision."""

from alembic import op

revision = "half_way_0002"
down_revision = "half_way_0001"


def upgrade() -> None:
    op.execute("CREATE TABLE half_way_two (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
