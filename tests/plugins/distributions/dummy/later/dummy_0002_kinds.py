"""Notes have a kind; on SQLite the table is rebuilt for it."""

import sqlalchemy as sa
from alembic import op

revision = "dummy_0002"
down_revision = "dummy_0001"


def upgrade() -> None:
    with op.batch_alter_table("dummy_note", recreate="auto") as batch:
        batch.add_column(sa.Column("kind", sa.Text, nullable=False, server_default="plain"))
        batch.alter_column("text", new_column_name="words", existing_type=sa.Text)
