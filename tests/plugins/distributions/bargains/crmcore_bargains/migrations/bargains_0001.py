"""Deals."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, Numeric, PrimaryKeyConstraint, Text

from crmcore.api import Id

revision = "bargains_0001"
down_revision = None
TABLE = "bargains_deal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        Column("id", Id, autoincrement=False, nullable=False),
        Column("version", Integer, nullable=False),
        Column("customer_id", Id, nullable=False),
        Column("product", Text, nullable=False),
        Column("price", Numeric(12, 2)),
        Column("stage", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("batch_id", Id),
        PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        ForeignKeyConstraint(["customer_id"], ["customer.id"], name=f"fk_{TABLE}_customer_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
