"""Mails."""

from alembic import op
from sqlalchemy import Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

from crmcore.api import Id, Instant

revision = "campaign_mail_0001"
down_revision = None
TABLE = "campaign_mail_mail"


def upgrade() -> None:
    op.create_table(
        TABLE,
        Column("id", Id, autoincrement=False, nullable=False),
        Column("version", Integer, nullable=False),
        Column("contact_id", Id, nullable=False),
        Column("campaign", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("why", Text, nullable=False),
        Column("at", Instant, nullable=False),
        PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"], name=f"fk_{TABLE}_contact_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
