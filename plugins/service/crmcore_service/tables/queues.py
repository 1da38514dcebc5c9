"""Queues, categories, and the mailboxes that fill them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json, tables
from crmcore_service.tables.base import CASCADE, SET_NULL, key, metadata, origin, stamps, to, user, words

queue = Table(
    "service_queue",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("code"),
    to("level_id", "level"),
    user("manager_id"),
    *words("team", "skill", "address", "assign"),
    Column("active", Boolean, nullable=False),
    *words("note"),
    *origin(),
    *stamps(),
    Index("ix_service_queue_code", "code"),
    info={"owners": ()},
)
"""`address` is whom replies come from; `team` and `skill` say who may be given its tickets, `assign` if at once."""

category = Table(
    "service_category",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    to("parent_id", "category"),
    to("queue_id", "queue"),
    *words("priority", "skill"),
    Column("skill_level", Integer),
    Column("minutes", Integer),
    *words("note"),
    *origin(),
    *stamps(),
    info={"owners": ()},
)

absence = Table(
    "service_absence",
    metadata,
    *key(),
    user("user_id"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    *words("note"),
    *origin(),
    Index("ix_service_absence_user", "user_id", "ends_on"),
    info={"owners": ()},
)
"""The days on which one of our people is away, the first and the last among them."""

mailbox = Table(
    "service_mailbox",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("address", "password"),
    to("queue_id", "queue"),
    Column("since", Date),
    Column("active", Boolean, nullable=False),
    *words("note"),
    *stamps(),
    UniqueConstraint("name", name="uq_service_mailbox_name"),
    info={"owners": ()},
)
"""`address` says where it lies, `password` where the password is: env:NAME or file:/PATH, never the password. Mails of
before `since` become no tickets."""

reading = Table(
    "service_reading",
    metadata,
    Column("mailbox_id", Id, ForeignKey("service_mailbox.id", ondelete=CASCADE), primary_key=True, autoincrement=False),
    Column("position", Json, nullable=False),
    Column("looked_at", Instant),
    Column("mails", Integer, nullable=False),
    *words("error"),
    info={"owners": ()},
)
"""How far each mailbox was read."""

received = Table(
    "service_received",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("mailbox_id", "mailbox"),
    *words("key", "message_id"),
    Column("digest", Text, nullable=False),
    Column("at", Instant, nullable=False),
    *words("sender", "subject", "kind", "reason"),
    to("ticket_id", "ticket"),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    Column("content", LargeBinary),
    Column("settled_at", Instant),
    UniqueConstraint("digest", name="uq_service_received_digest"),
    Index("ix_service_received_message", "message_id"),
    Index("ix_service_received_kind", "kind", "at"),
    Index("ix_service_received_sender", "sender", "at"),
    Index("ix_service_received_ticket", "ticket_id"),
    info={"owners": ()},
)
"""Every mail that was read. `kind`: ticket, or why it is none, `reason` in words; `content` is kept of those alone."""
