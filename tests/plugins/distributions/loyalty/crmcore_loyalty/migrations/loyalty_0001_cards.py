"""Cards and their stamps."""

import sqlalchemy as sa
from alembic import op

revision = "loyalty_0001"
down_revision = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "loyalty_card",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("contact_id", sa.BigInteger),
        sa.Column("customer_id", sa.BigInteger),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("rebate", sa.Numeric(5, 2), nullable=False),
        sa.Column("given", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loyalty_card"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_loyalty_card_contact_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_loyalty_card_customer_id", ondelete="SET NULL"
        ),
        sa.CheckConstraint("rebate < 50", name="ck_loyalty_card_rebate"),
    )
    op.create_index("ix_loyalty_card_contact_id", "loyalty_card", ["contact_id"])
    op.create_table(
        "loyalty_stamp",
        sa.Column("id", key, nullable=False),
        sa.Column("card_id", sa.BigInteger, nullable=False),
        sa.Column("note_id", sa.BigInteger),
        sa.Column("place", sa.Text, nullable=False, server_default="shop"),
        sa.PrimaryKeyConstraint("id", name="pk_loyalty_stamp"),
        sa.ForeignKeyConstraint(["card_id"], ["loyalty_card.id"], name="fk_loyalty_stamp_card_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["note_id"], ["dummy_note.id"], name="fk_loyalty_stamp_note_id", ondelete="SET NULL"),
    )
