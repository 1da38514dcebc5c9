"""The first tables."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

from crmcore.api import Id, Instant

revision = "shared_deals_0001"
down_revision = None
DEAL, LINE, REMARK = "shared_deals_deal", "shared_deals_line", "shared_deals_remark"


def upgrade() -> None:
    op.create_table(
        DEAL,
        Column("id", Id, autoincrement=False, nullable=False),
        Column("version", Integer, nullable=False),
        Column("title", Text, nullable=False),
        Column("customer_id", Id),
        Column("owner_id", Id),
        Column("agent_id", Id),
        Column("closed_at", Instant),
        PrimaryKeyConstraint("id", name=f"pk_{DEAL}"),
        ForeignKeyConstraint(["customer_id"], ["customer.id"], name=f"fk_{DEAL}_customer_id", ondelete="SET NULL"),
    )
    op.create_index(f"ix_{DEAL}_customer_id", DEAL, ["customer_id"])
    for name, whole, column in ((LINE, DEAL, "deal_id"), (REMARK, LINE, "line_id")):
        op.create_table(
            name,
            Column("id", Id, autoincrement=False, nullable=False),
            Column("version", Integer, nullable=False),
            Column(column, Id, nullable=False),
            Column("said", Text, nullable=False),
            PrimaryKeyConstraint("id", name=f"pk_{name}"),
            ForeignKeyConstraint([column], [f"{whole}.id"], name=f"fk_{name}_{column}", ondelete="CASCADE"),
        )


def downgrade() -> None:
    for name in (REMARK, LINE, DEAL):
        op.drop_table(name)
