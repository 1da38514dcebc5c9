"""What is expected of each opportunity."""

import sqlalchemy as sa
from alembic import op

revision = "opportunities_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "opportunities_forecast",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("item_id", sa.BigInteger, nullable=False),
        sa.Column("contact_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opportunities_forecast"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_opportunities_forecast_contact_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_opportunities_forecast_contact_id", "opportunities_forecast", ["contact_id"])


def downgrade() -> None:
    op.drop_table("opportunities_forecast")
