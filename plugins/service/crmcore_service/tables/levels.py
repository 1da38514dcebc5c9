"""Service levels, their targets and escalation steps, and what was escalated."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json, tables
from crmcore_service.tables.base import CASCADE, SET_NULL, key, metadata, stamps, to, user, words

level = Table(
    "service_level",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("code", "calendar"),
    Column("pauses", Json, nullable=False),
    *words("note"),
    *stamps(),
    UniqueConstraint("name", name="uq_service_level_name"),
    info={"owners": ()},
)

target = Table(
    "service_target",
    metadata,
    *key(),
    to("level_id", "level", CASCADE),
    *words("priority", "clock"),
    Column("minutes", Integer),
    Column("days", Integer),
    UniqueConstraint("level_id", "priority", "clock", name="uq_service_target_clock"),
    info={"owners": ()},
)

step = Table(
    "service_step",
    metadata,
    *key(),
    to("level_id", "level", CASCADE),
    *words("priority", "clock", "counted"),
    Column("minutes", Integer, nullable=False),
    *words("tells"),
    user("user_id"),
    *words("team", "priority_then"),
    Column("assigns", Boolean, nullable=False),
    Index("ix_service_step_level", "level_id"),
    info={"owners": ()},
)

pause = Table(
    "service_pause",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    to("ticket_id", "ticket", CASCADE),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant),
    *words("state"),
    Index("ix_service_pause_ticket", "ticket_id", "starts_at"),
    info={"owners": ()},
)
"""When the clocks of a ticket stood still, and in which state it was."""

escalation = Table(
    "service_escalation",
    metadata,
    *key(),
    Column("ticket_id", Id, ForeignKey("service_ticket.id", ondelete=CASCADE)),
    Column("work_order_id", Id, ForeignKey("service_work_order.id", ondelete=CASCADE)),
    to("step_id", "step"),
    *words("clock"),
    Column("round", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    user("told_id"),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete=SET_NULL)),
    *words("what"),
    UniqueConstraint("ticket_id", "step_id", "clock", "round", name="uq_service_escalation_step"),
    UniqueConstraint("work_order_id", "step_id", "clock", "round", name="uq_service_escalation_order"),
    Index("ix_service_escalation_at", "at"),
    info={"owners": ()},
)
