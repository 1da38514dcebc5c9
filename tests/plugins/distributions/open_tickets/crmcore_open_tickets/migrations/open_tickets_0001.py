"""Tickets."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

from crmcore.api import Id, Instant

revision = "open_tickets_0001"
down_revision = None
TABLE = "open_tickets_ticket"


def upgrade() -> None:
    op.create_table(
        TABLE,
        Column("id", Id, autoincrement=False, nullable=False),
        Column("version", Integer, nullable=False),
        Column("customer_id", Id, nullable=False),
        Column("status", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("opened", Instant, nullable=False),
        Column("resolved", Instant),
        PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        ForeignKeyConstraint(["customer_id"], ["customer.id"], name=f"fk_{TABLE}_customer_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
