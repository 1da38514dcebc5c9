"""Whom to call: lists, their entries, the scripts by which they are called, and what they answered."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json
from crmcore_callcenter.tables.base import CASCADE, key, metadata, origin, party, stamps, to, user, words

script = Table(
    "callcenter_script",
    metadata,
    *key(),
    *words("code"),
    Column("name", Text, nullable=False),
    *words("opening", "closing", "form"),
    Column("questions", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    *stamps(),
    UniqueConstraint("code", name="uq_callcenter_script_code"),
    info={"owners": ()},
)

calling_list = Table(
    "callcenter_calling_list",
    metadata,
    *key(),
    *words("code"),
    Column("name", Text, nullable=False),
    *words("purpose", "about", "condition", "status"),
    to("script_id", "script"),
    Column("most_attempts", Integer, nullable=False),
    Column("retry_minutes", Integer, nullable=False),
    user(),
    *words("team"),
    *origin(),
    *stamps(),
    UniqueConstraint("code", name="uq_callcenter_calling_list_code"),
)

entry = Table(
    "callcenter_list_entry",
    metadata,
    *key(),
    to("list_id", "calling_list", CASCADE),
    *party(),
    *words("number", "normal", "status", "result", "why"),
    user(),
    Column("taken_at", Instant),
    Column("next_at", Instant),
    Column("attempts", Integer, nullable=False),
    to("call_id", "call"),
    Column("details", Json, nullable=False),
    *origin(),
    *stamps(),
    UniqueConstraint("list_id", "contact_id", name="uq_callcenter_list_entry_contact"),
    Index("ix_callcenter_list_entry_next", "list_id", "status", "next_at", "id"),
    Index("ix_callcenter_list_entry_normal", "normal"),
    Index("ix_callcenter_list_entry_contact", "contact_id"),
    info={"about": "contact_id", "owners": ()},
)

script_run = Table(
    "callcenter_script_run",
    metadata,
    *key(),
    to("script_id", "script"),
    to("list_id", "calling_list"),
    to("call_id", "call"),
    *party(),
    user(),
    Column("at", Instant, nullable=False),
    Column("answers", Json, nullable=False),
    *words("result", "entity"),
    Column("record_id", Id),
    *stamps(),
    Index("ix_callcenter_script_run_contact", "contact_id", "at"),
    Index("ix_callcenter_script_run_list", "list_id", "at"),
    info={"about": "contact_id"},
)
"""What somebody answered to a script; `entity` and `record_id` are what the form made of it."""
