"""Stamps count; on SQLite the table is rebuilt for it."""

import sqlalchemy as sa
from alembic import op

revision = "loyalty_0002"
down_revision = "loyalty_0001"


def upgrade() -> None:
    with op.batch_alter_table("loyalty_card", recreate="auto") as batch:
        batch.add_column(sa.Column("points", sa.Integer, nullable=False, server_default="0"))
        batch.alter_column("level", new_column_name="rank", existing_type=sa.Text)
