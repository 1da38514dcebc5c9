"""A revision."""

revision = "two_heads_c"
down_revision = "two_heads_a"


def upgrade() -> None:
    pass
