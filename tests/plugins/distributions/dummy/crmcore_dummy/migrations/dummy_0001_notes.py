"""Notes and their tags."""

import sqlalchemy as sa
from alembic import op

revision = "dummy_0001"
down_revision = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "dummy_note",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("contact_id", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dummy_note"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_dummy_note_contact_id", ondelete="CASCADE"),
    )
    op.create_table(
        "dummy_tag",
        sa.Column("id", key, nullable=False),
        sa.Column("note_id", sa.BigInteger, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dummy_tag"),
        sa.ForeignKeyConstraint(["note_id"], ["dummy_note.id"], name="fk_dummy_tag_note_id", ondelete="CASCADE"),
    )
