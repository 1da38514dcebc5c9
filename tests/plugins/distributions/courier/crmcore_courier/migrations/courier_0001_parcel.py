"""What is to be carried."""

import sqlalchemy as sa
from alembic import op

revision = "courier_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "courier_parcel",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_courier_parcel"),
    )
