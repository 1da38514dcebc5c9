"""The first table."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

from crmcore.api import Amount, Id, Instant

revision = "mini_sales_0001"
down_revision = None
TABLE = "mini_sales_deal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        Column("id", Id, autoincrement=False, nullable=False),
        Column("version", Integer, nullable=False),
        Column("customer_id", Id),
        Column("contact_id", Id),
        Column("at", Instant, nullable=False),
        Column("owner_id", Id),
        Column("title", Text, nullable=False),
        Column("amount", Amount, nullable=False),
        Column("state", Text, nullable=False),
        PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        ForeignKeyConstraint(["customer_id"], ["customer.id"], name=f"fk_{TABLE}_customer_id", ondelete="SET NULL"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"], name=f"fk_{TABLE}_contact_id", ondelete="SET NULL"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
