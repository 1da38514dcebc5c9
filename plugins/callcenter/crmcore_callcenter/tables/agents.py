"""Agents, the queues they answer, what they are doing, and how they sum up a call."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json
from crmcore_callcenter.tables.base import CASCADE, key, metadata, origin, party, stamps, to, user, words

queue = Table(
    "callcenter_call_queue",
    metadata,
    *key(),
    *words("code"),
    Column("name", Text, nullable=False),
    *words("purpose", "calendar"),
    Column("numbers", Json, nullable=False),
    Column("answer_seconds", Integer, nullable=False),
    Column("callback_minutes", Integer, nullable=False),
    user("manager_id"),
    Column("active", Boolean, nullable=False),
    *stamps(),
    UniqueConstraint("code", name="uq_callcenter_call_queue_code"),
    info={"owners": ()},
)

agent = Table(
    "callcenter_call_agent",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    user("user_id"),
    *words("extension"),
    Column("devices", Json, nullable=False),
    to("line_id", "phone_line"),
    Column("active", Boolean, nullable=False),
    *stamps(),
    Index("ix_callcenter_call_agent_user", "user_id"),
    Index("ix_callcenter_call_agent_extension", "extension"),
    info={"owners": ()},
)

member = Table(
    "callcenter_queue_member",
    metadata,
    *key(),
    to("queue_id", "call_queue", CASCADE),
    to("agent_id", "call_agent", CASCADE),
    Column("penalty", Integer, nullable=False),
    UniqueConstraint("queue_id", "agent_id", name="uq_callcenter_queue_member_queue"),
    info={"owners": ()},
)

presence = Table(
    "callcenter_presence",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("agent_id", "call_agent", CASCADE),
    *words("state", "reason"),
    to("call_id", "call"),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant),
    UniqueConstraint("agent_id", "from_at", name="uq_callcenter_presence_agent"),
    Index("ix_callcenter_presence_until", "agent_id", "until_at"),
    Index("ix_callcenter_presence_call", "call_id"),
    info={"owners": ()},
)
"""What an agent was doing, from when to when: available, ringing, talking, wrapping, paused, offline.

Periods of an agent never overlap. They follow from what was said (`presence_mark`) and from the calls.
"""

presence_mark = Table(
    "callcenter_presence_mark",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("agent_id", "call_agent", CASCADE),
    Column("at", Instant, nullable=False),
    *words("state", "reason", "queue", "source", "key"),
    UniqueConstraint("agent_id", "source", "key", name="uq_callcenter_presence_mark_key"),
    Index("ix_callcenter_presence_mark_agent", "agent_id", "queue", "at"),
    info={"owners": ()},
)
"""That an agent came, paused, went on or left, as somebody said it, once; in one `queue`, or in all without."""

presence_call = Table(
    "callcenter_presence_call",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("agent_id", "call_agent", CASCADE),
    Column("call_id", Id, nullable=False),
    Column("rang_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("wraps", Boolean, nullable=False),
    Column("wrapped_at", Instant),
    Index("ix_callcenter_presence_call_call", "call_id"),
    Index("ix_callcenter_presence_call_agent", "agent_id", "ended_at"),
    info={"owners": ()},
)
"""That an agent took part in a call: what presence takes from it, whoever may see the call. It `wraps` if a wrap-up
follows it. A call that is removed is followed once more: no foreign key."""

wrap_code = Table(
    "callcenter_wrap_code",
    metadata,
    *key(),
    *words("code"),
    Column("name", Text, nullable=False),
    *words("means", "form"),
    Column("follow_days", Integer),
    Column("active", Boolean, nullable=False),
    *stamps(),
    UniqueConstraint("code", name="uq_callcenter_wrap_code_code"),
    info={"owners": ()},
)

callback = Table(
    "callcenter_callback",
    metadata,
    *key(),
    to("call_id", "call"),
    to("queue_id", "call_queue"),
    *party(),
    *words("number", "normal"),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    *words("status", "why", "note"),
    user(),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("taken_at", Instant),
    Column("next_at", Instant),
    Column("done_at", Instant),
    to("done_call_id", "call"),
    *origin(),
    *stamps(),
    Index("ix_callcenter_callback_open", "status", "due_at"),
    Index("ix_callcenter_callback_normal", "normal"),
    Index("ix_callcenter_callback_contact", "contact_id"),
    Index("ix_callcenter_callback_customer", "customer_id"),
    info={"about": "contact_id", "owners": ()},  # whoever took one and did not call leaves it to others
)
