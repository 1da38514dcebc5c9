"""Templates, mailings, their messages, and what came back."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from crmcore.api import Id, Instant, Json, tables
from crmcore_marketing.tables.base import CASCADE, SET_NULL, key, metadata, party, stamps, to, user, words

template = Table(
    "marketing_template",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("subject", "text", "html", "language"),
    *stamps(),
    UniqueConstraint("name", name="uq_marketing_template_name"),
    info={"searched": ("name", "subject", "text")},
)

mailing = Table(
    "marketing_mailing",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    to("template_id", "template", CASCADE),
    to("campaign_id", "campaign"),
    to("audience_id", "audience"),
    to("material_id", "material"),
    *words("purpose", "status"),
    Column("starts_at", Instant),
    Column("queued_at", Instant),
    Column("finished_at", Instant),
    Column("rate", Integer),
    *words("sender", "reply_to"),
    user(),
    *words("note"),
    *stamps(),
    Index("ix_marketing_mailing_status", "status", "starts_at"),
    Index("ix_marketing_mailing_campaign", "campaign_id"),
    info={"searched": ("name", "note")},
)

pace = Table(
    "marketing_pace",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", Instant, nullable=False),
)
"""When the next message may leave at the earliest, where there is a rate: of all mailings (`all`), and of one."""

_WAITING = text("status IN ('queued', 'deferred')")
_SENDING = text("status = 'sending'")

message = Table(
    "marketing_message",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    *words("kind"),
    to("mailing_id", "mailing"),
    to("campaign_id", "campaign"),
    to("registration_id", "registration"),
    to("template_id", "template"),
    *party(),
    *words("address", "purpose", "status", "reason"),
    Column("token", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    *words("worker"),
    Column("taken_at", Instant),
    Column("sent_at", Instant),
    Column("bounced_at", Instant),
    Column("replied_at", Instant),
    Column("clicked_at", Instant),
    Column("unsubscribed_at", Instant),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    Column("details", Json, nullable=False),
    UniqueConstraint("token", name="uq_marketing_message_token"),
    UniqueConstraint("mailing_id", "contact_id", name="uq_marketing_message_mailing"),
    Index(
        "ix_marketing_message_waiting", "mailing_id", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING
    ),
    Index("ix_marketing_message_sending", "taken_at", sqlite_where=_SENDING, postgresql_where=_SENDING),
    Index("ix_marketing_message_mailing", "mailing_id", "status"),
    Index("ix_marketing_message_contact", "contact_id", "sent_at"),
    Index("ix_marketing_message_address", "address"),
    Index("ix_marketing_message_interaction", "interaction_id"),
    info={"owners": ()},
)
"""A message to one person. `kind`: mailing, confirmation, reminder, waiting, survey. `status`: queued, deferred (tried
again), sending (handed to the server at this moment), sent, failed, skipped (`reason`), unknown (the sender died in
the middle: a person settles it), cancelled. `token` is its secret name in addresses and links."""

mailbox = Table(
    "marketing_mailbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("position", Json, nullable=False),
    Column("looked_at", Instant, nullable=False),
    Column("mails", Integer, nullable=False),
    *words("error"),
    UniqueConstraint("name", name="uq_marketing_mailbox_name"),
)
"""How far each mailbox was read, how many mails of it there are in marketing_received, and what went wrong at last."""

received = Table(
    "marketing_received",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("external_id", Text, nullable=False),
    Column("at", Instant),
    Column("read_at", Instant, nullable=False),
    *words("kind", "address", "subject", "reason"),
    to("mailbox_id", "mailbox"),
    to("message_id", "message"),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete=SET_NULL)),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    Column("details", Json, nullable=False),
    UniqueConstraint("external_id", name="uq_marketing_received_external_id"),
    Index("ix_marketing_received_message", "message_id"),
    Index("ix_marketing_received_kind", "kind", "id"),
    Index("ix_marketing_received_mailbox", "mailbox_id", "kind"),
    Index("ix_marketing_received_contact", "contact_id"),
    Index("ix_marketing_received_interaction", "interaction_id"),
    info={"owners": ()},
)
"""Each mail read from the mailbox, once. `kind`: bounce, delay, reply, auto_reply, unsubscribe, calendar, complaint,
other."""
