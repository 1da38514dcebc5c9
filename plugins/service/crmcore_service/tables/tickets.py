"""Tickets, what was said in them, and what is on its way to customers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from crmcore.api import Id, Instant, Json, tables
from crmcore_service.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, user, words

_OPEN = text("closed_at IS NULL")
_RESOLVED = text("resolved_at IS NOT NULL")
_RUNS = {
    clock: text(f"closed_at IS NULL AND {end} IS NULL")
    for clock, end in (("owner", "assigned_at"), ("response", "responded_at"), ("resolution", "resolved_at"))
}
"""Where a clock still runs, by its name: what is about to run out is found among few of many tickets."""

ticket = Table(
    "service_ticket",
    metadata,
    *key(),
    Column("subject", Text, nullable=False),
    *party(),
    *words("channel"),
    to("queue_id", "queue"),
    to("category_id", "category"),
    *words("priority", "status"),
    Column("entered_at", Instant),
    user(),
    to("level_id", "level"),
    to("contract_id", "contract"),
    to("asset_id", "asset"),
    *words("calendar"),
    Column("opened_at", Instant, nullable=False),
    Column("assigned_at", Instant),
    Column("responded_at", Instant),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Column("owner_due", Instant),
    Column("response_due", Instant),
    Column("resolution_due", Instant),
    Column("paused_at", Instant),
    Column("remaining", Json, nullable=False),
    Column("next_step_at", Instant),
    Column("reopened", Integer, nullable=False),
    *words("cause", "resolution"),
    Column("at_risk", Boolean, nullable=False),
    to("merged_into_id", "ticket"),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    *words("note"),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    Index("ix_service_ticket_customer", "customer_id", "opened_at"),
    Index("ix_service_ticket_contact", "contact_id", "opened_at"),
    Index("ix_service_ticket_owner", "owner_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_service_ticket_asset", "asset_id"),
    Index("ix_service_ticket_opened", "opened_at", "id"),
    Index("ix_service_ticket_resolved", "resolved_at", sqlite_where=_RESOLVED, postgresql_where=_RESOLVED),
    Index(
        "ix_service_ticket_queue",
        "queue_id",
        "id",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    *(
        Index(f"ix_service_ticket_{clock}_due", f"{clock}_due", "id", sqlite_where=runs, postgresql_where=runs)
        for clock, runs in _RUNS.items()
    ),
    Index("ix_service_ticket_step", "next_step_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    info={"searched": ("subject", "resolution", "note"), "about": "contact_id", "prefix": "T"},
)

post = Table(
    "service_post",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("ticket_id", "ticket", CASCADE),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=CASCADE), nullable=False),
    Column("at", Instant, nullable=False),
    *words("direction", "channel", "message_id", "why"),
    Column("automatic", Boolean, nullable=False),
    UniqueConstraint("interaction_id", name="uq_service_post_interaction"),
    Index("ix_service_post_ticket", "ticket_id", "at"),
    Index("ix_service_post_message", "message_id"),
    info={"owners": ()},
)
"""An interaction in a ticket's thread: `why` says how it came to this ticket, `automatic` that no person wrote it."""

_WAITING = text("status IN ('queued', 'deferred', 'sending')")

outgoing = Table(
    "service_outgoing",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("ticket_id", "ticket"),
    to("work_order_id", "work_order"),
    *party(),
    user("user_id"),
    *words("kind", "purpose", "sender", "address", "subject", "text", "status", "reason"),
    Column("message_id", Text, nullable=False),
    *words("in_reply_to", "references"),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    *words("worker"),
    Column("taken_at", Instant),
    Column("sent_at", Instant),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    Column("details", Json, nullable=False),
    UniqueConstraint("message_id", name="uq_service_outgoing_message"),
    Index("ix_service_outgoing_waiting", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("ix_service_outgoing_ticket", "ticket_id"),
    Index("ix_service_outgoing_address", "address", "due_at"),
    info={"owners": ()},
)
"""A mail to a customer. `kind`: reply, acknowledgement, survey, appointment; `user_id` is the person who wrote it.

`status`: queued, deferred (tried again), sending (given to the server at this moment), sent, failed, skipped, withheld
(too many automatic ones went there), unknown (it may have left), cancelled. Names of messages have no angle brackets;
`references` has several, with blanks between."""

link = Table(
    "service_link",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("ticket_id", "ticket", CASCADE),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_service_link_ticket", "ticket_id"),
    info={"owners": ()},
)
"""A customer's own link to the status of a ticket."""
