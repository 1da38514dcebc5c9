"""A migration that changes a lot, and then fails."""

import sqlalchemy as sa
from alembic import op

revision = "loyalty_0002"
down_revision = "loyalty_0001"


def upgrade() -> None:
    with op.batch_alter_table("loyalty_card", recreate="auto") as batch:
        batch.add_column(sa.Column("points", sa.Integer, nullable=False, server_default="0"))
    op.execute("DELETE FROM loyalty_stamp")
    op.execute("UPDATE loyalty_card SET points = 7")
    op.execute("INSERT INTO nowhere VALUES (1)")
