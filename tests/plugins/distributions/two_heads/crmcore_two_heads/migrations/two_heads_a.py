"""A revision."""

revision = "two_heads_a"
down_revision = None


def upgrade() -> None:
    pass
