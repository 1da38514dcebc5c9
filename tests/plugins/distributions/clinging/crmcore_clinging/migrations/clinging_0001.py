"""A revision."""

from alembic import op

revision = "clinging_0001"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TABLE clinging_one (id INTEGER, contact_id BIGINT REFERENCES contact (id))")
