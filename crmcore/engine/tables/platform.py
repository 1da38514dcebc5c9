"""What plugins, background work and integrators' definitions leave in a workspace."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, Text, text

from crmcore.engine.tables.columns import custom, key, link, metadata, stamps, version, words
from crmcore.engine.types import Id, Instant, Json

plugin = Table(
    "plugin",
    metadata,
    Column("name", Text, primary_key=True),
    words("distribution"),
    words("version"),
    Column("enabled", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("tables", Json, nullable=False),
    Column("requires", Json, nullable=False, server_default=text("'[]'")),
    Column("entities", Json, nullable=False, server_default=text("'[]'")),
    words("quarantined"),  # why its answers are not asked for; empty when they are
)

finding = Table(
    "finding",
    metadata,
    Column("plugin", Text, primary_key=True),
    Column("hook", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # failed, slow, import, memory, loop, ...
    words("severity"),
    words("version"),
    words("message"),
    Column("count", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("at", Instant, nullable=False),
)

hook_time = Table(
    "hook_time",
    metadata,
    Column("plugin", Text, primary_key=True),
    Column("hook", Text, primary_key=True),
    Column("calls", Id, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("worst", Float, nullable=False),
    Column("since", Instant, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("name", Text, primary_key=True),
    words("plugin"),
    Column("xid", Id, nullable=False),  # the entries it goes through: those of transactions from this one on,
    Column("until", Id, nullable=False),  # to the one before this; all of them are committed or rolled back,
    Column("event_id", Id, nullable=False),  # and it heard of those up to this id
    Column("at", Instant, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("subscription", Text, primary_key=True),
    Column("event_id", Id, primary_key=True),
    Column("subject_id", Id, nullable=False),
    words("state"),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant),
    words("error"),
    Column("at", Instant, nullable=False),
    Index("ix_delivery_state", "state", "next_at"),
    Index("ix_delivery_subject", "subscription", "subject_id", "event_id"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("plugin", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("next_at", Instant, nullable=False),
    Column("last_at", Instant),
    Column("seconds", Float),
    Column("attempts", Integer, nullable=False),
    words("error"),
)

job = Table(
    "job",
    metadata,
    Column("plugin", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    words("holder"),  # the process that does it now, if only one at a time may; empty when none does
    Column("shift", Id, nullable=False),  # how often it was taken up: who was put off has an earlier number
    Column("at", Instant, nullable=False),  # the holder's last sign of life, or when it was last done
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    words("error"),
)

worker = Table(
    "worker",
    metadata,
    Column("name", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("done", Id, nullable=False),
)

definition = Table(
    "definition",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", Json, nullable=False),
    Column("place", Integer, nullable=False),  # the order in which they were first applied
    Column("at", Instant, nullable=False),
)

automation_run = Table(
    "automation_run",
    metadata,
    Column("automation", Text, primary_key=True),
    Column("event_id", Id, primary_key=True),
    words("entity"),
    Column("subject_id", Id, nullable=False),
    words("outcome"),
    words("reason"),
    Column("made", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_automation_run_subject", "subject_id", "event_id"),
)

process_item = Table(
    "process_item",
    metadata,
    key(),
    version(),
    Column("process", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),
    link("customer_id", "customer"),
    link("contact_id", "contact"),
    link("owner_id", "user_account"),
    link("interaction_id", "interaction"),
    Column("entered_at", Instant, nullable=False),
    Column("closed_at", Instant),
    words("note"),
    custom(),
    *stamps(),
    Index("ix_process_item_state", "process", "state", "id"),
)

erased = Table(
    "erased",
    metadata,
    Column("hash", Text, primary_key=True),  # keyed, of an address, number or id of somebody who asked to be erased
    words("kind"),
    Column("record_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("denied", Json, nullable=False),  # [channel, purpose] pairs that were denied
)
