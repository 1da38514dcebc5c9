"""What passed between us and a party, what is to be done, and what a party allows and likes."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from crmcore.engine.tables.columns import batch, custom, key, link, metadata, origin, stamps, version, words
from crmcore.engine.types import Amount, Id, Instant, Json, Key


def _open_tasks(column: str) -> Index:
    """Return the index by which a party's open tasks are found among all it ever had."""
    filled = text(f"{column} IS NOT NULL")
    return Index(f"ix_task_{column}", column, "status", "due", sqlite_where=filled, postgresql_where=filled)


interaction = Table(
    "interaction",
    metadata,
    key(),
    version(),
    Column("channel", Text, nullable=False),
    link("customer_id", "customer", index=False),
    link("contact_id", "contact", index=False),
    link("user_id", "user_account", index=False),
    words("direction"),
    Column("at", Instant),
    Column("day", Date),
    words("zone"),
    Column("seconds", Integer),
    words("subject"),
    words("body"),
    words("quoted"),
    words("location"),
    words("status"),
    Column("private", Boolean, nullable=False),
    words("origin"),
    Column("external_id", Text),
    words("thread"),
    Column("details", Json, nullable=False),
    custom(),
    *origin(),
    *stamps(),
    Column("moment", Instant, nullable=False),
    UniqueConstraint("external_id", "origin"),
    Index("ix_interaction_page", "moment", "id"),
    Index("ix_interaction_customer", "customer_id", "moment", "id"),
    Index("ix_interaction_contact", "contact_id", "moment", "id"),
    Index("ix_interaction_user", "user_id", "moment", "id"),
    Index("ix_interaction_thread", "thread", sqlite_where=text("thread <> ''"), postgresql_where=text("thread <> ''")),
    info={"owners": ("user_id",)},
)

participant = Table(
    "participant",
    metadata,
    key(),
    version(),
    Column("interaction_id", Id, ForeignKey("interaction.id", ondelete="CASCADE"), nullable=False, index=True),
    words("role"),
    link("contact_id", "contact"),
    link("user_id", "user_account"),
    link("customer_id", "customer"),
    words("name"),
    words("address"),
    Column("normal", Key, nullable=False, server_default=""),
    words("status"),
    batch(),
    Index("ix_participant_normal", "normal", sqlite_where=text("normal <> ''"), postgresql_where=text("normal <> ''")),
)

task = Table(
    "task",
    metadata,
    key(),
    version(),
    words("kind"),
    words("subject"),
    Column("due", Date),
    words("status"),
    Column("closed_at", Instant),
    link("owner_id", "user_account", index=False),
    words("by"),
    link("contact_id", "contact", index=False),
    link("customer_id", "customer", index=False),
    link("interaction_id", "interaction"),
    words("sentence"),
    words("topic"),
    Column("amount", Amount),
    words("unit"),
    words("note"),
    custom(),
    words("origin"),
    Column("external_id", Text),
    *origin(),
    *stamps(),
    UniqueConstraint("external_id", "origin"),
    _open_tasks("contact_id"),
    _open_tasks("customer_id"),
    Index("ix_task_due", "status", "due", "id"),
    Index("ix_task_owner", "owner_id", "status", "due"),
)

consent = Table(
    "consent",
    metadata,
    key(),
    version(),
    link("contact_id", "contact", "CASCADE"),
    link("customer_id", "customer", "CASCADE"),
    words("channel"),
    words("purpose"),
    words("state"),
    Column("at", Instant, nullable=False),
    Column("until", Instant),
    words("evidence"),
    *origin(),
)

preference = Table(
    "preference",
    metadata,
    key(),
    version(),
    link("contact_id", "contact", "CASCADE"),
    link("customer_id", "customer", "CASCADE"),
    words("kind"),
    words("channel"),
    Column("allow", Boolean, nullable=False),
    words("starts"),
    words("ends"),
    words("days"),
    words("text"),
    words("sentence"),
    link("interaction_id", "interaction", index=False),
    *origin(),
    Column("created_at", Instant, nullable=False),
)
