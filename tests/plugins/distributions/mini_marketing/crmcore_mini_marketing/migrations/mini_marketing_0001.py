"""The first table."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

from crmcore.api import Id, Instant

revision = "mini_marketing_0001"
down_revision = None
TABLE = "mini_marketing_mail"


def upgrade() -> None:
    op.create_table(
        TABLE,
        Column("id", Id, autoincrement=False, nullable=False),
        Column("version", Integer, nullable=False),
        Column("customer_id", Id),
        Column("contact_id", Id),
        Column("at", Instant, nullable=False),
        Column("campaign", Text, nullable=False),
        PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        ForeignKeyConstraint(["customer_id"], ["customer.id"], name=f"fk_{TABLE}_customer_id", ondelete="SET NULL"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"], name=f"fk_{TABLE}_contact_id", ondelete="SET NULL"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
