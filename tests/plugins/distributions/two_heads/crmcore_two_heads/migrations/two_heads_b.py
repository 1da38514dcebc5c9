"""A revision."""

revision = "two_heads_b"
down_revision = "two_heads_a"


def upgrade() -> None:
    pass
