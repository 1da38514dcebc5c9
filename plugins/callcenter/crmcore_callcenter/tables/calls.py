"""Calls, who took part in them, by which ids telephone systems know them, and what was heard of them."""

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from crmcore.api import Id, Instant, Json, tables
from crmcore_callcenter.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, user, words

_GOING_ON = text("ended_at IS NULL")
_LATE: Any = {"deferrable": True, "initially": "DEFERRED"}
"""Who hears of a call claims its ids before the call itself is written: of two at once, one has it."""

call = Table(
    "callcenter_call",
    metadata,
    *key(),
    *words("system", "external_id"),
    *party(),
    user(),
    *words("direction", "from_number", "from_normal", "from_name", "to_number", "to_normal"),
    to("queue_id", "call_queue"),
    *words("status"),
    Column("started_at", Instant, nullable=False),
    Column("queued_at", Instant),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("seconds", Integer),
    Column("talk_seconds", Integer),
    Column("hold_seconds", Integer, nullable=False),
    Column("wait_seconds", Integer),
    Column("transfers", Integer, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("abandoned", Boolean, nullable=False),
    *words("reason", "recording"),
    to("wrap_code_id", "wrap_code"),
    Column("wrapped_at", Instant),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete=SET_NULL)),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    UniqueConstraint("interaction_id", name="uq_callcenter_call_interaction"),
    Index("ix_callcenter_call_started", "started_at", "id"),
    Index("ix_callcenter_call_contact", "contact_id", "started_at"),
    Index("ix_callcenter_call_customer", "customer_id", "started_at"),
    Index("ix_callcenter_call_owner", "owner_id", "started_at"),
    Index("ix_callcenter_call_queue", "queue_id", "started_at"),
    Index("ix_callcenter_call_from", "from_normal", "started_at"),
    Index("ix_callcenter_call_to", "to_normal", "started_at"),
    Index("ix_callcenter_call_going_on", "started_at", sqlite_where=_GOING_ON, postgresql_where=_GOING_ON),
    info={"about": "contact_id", "closed": "ended_at"},
)

call_key = Table(
    "callcenter_call_key",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("call_id", Id, ForeignKey("callcenter_call.id", ondelete=CASCADE, **_LATE), nullable=False),
    *words("system", "value"),
    Column("batch_id", Id),
    UniqueConstraint("system", "value", name="uq_callcenter_call_key_value"),
    Index("ix_callcenter_call_key_call", "call_id"),
    info={"owners": ()},
)
"""The ids of a call, and of its channels, in a telephone system."""

heard = Table(
    "callcenter_heard",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("call_id", "call", CASCADE),
    *words("source", "key", "kind"),
    Column("at", Instant),
    Column("data", Json, nullable=False),
    Column("batch_id", Id),
    UniqueConstraint("call_id", "source", "key", name="uq_callcenter_heard_key"),
    info={"owners": ()},
)
"""An event of a call as a source told it, once; what a call was follows from its events alone."""

joined = Table(
    "callcenter_joined",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("batch_id", Id, nullable=False),
    Column("was_id", Id, nullable=False),
    Column("into_id", Id, nullable=False),
    *(Column(name, Json, nullable=False) for name in ("heard", "keys")),
    Index("ix_callcenter_joined_batch", "batch_id"),
    info={"owners": ()},
)
"""That by an import the call `was_id` went on in `into_id`, with these rows of `heard` and `call_key`: so that taking
the import back parts them."""

leg = Table(
    "callcenter_leg",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("call_id", "call", CASCADE),
    Column("place", Integer, nullable=False),
    *words("device", "number", "name"),
    to("agent_id", "call_agent"),
    user("user_id"),
    Column("rang_at", Instant),
    Column("answered", Boolean, nullable=False),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    *words("reason", "transfer"),
    Index("ix_callcenter_leg_call", "call_id", "place"),
    Index("ix_callcenter_leg_agent", "agent_id", "rang_at"),
    info={"owners": ()},
)
"""Somebody who was rung in a call: since when, whether they talked, how it ended; `transfer` is how it came to them."""
