"""What was heard, and the ticks of the schedule; nothing keeps a row from being there twice."""

import sqlalchemy as sa
from alembic import op

revision = "tally_0001"
down_revision = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    for name, what in (("tally_heard", "event_id"), ("tally_tick", "minute")):
        op.create_table(
            name,
            sa.Column("id", key, nullable=False),
            sa.Column(what, sa.BigInteger, nullable=False),
            sa.Column("subject_id", sa.BigInteger, nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        )
