"""What was asked and answered without an engineer, and how satisfied people were."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from crmcore.api import Id, Instant, Json, tables
from crmcore_service.tables.base import SET_NULL, key, metadata, origin, party, stamps, to, words

deflection = Table(
    "service_deflection",
    metadata,
    *key(),
    Column("question", Text, nullable=False),
    *party(),
    *words("channel", "status"),
    Column("asked_at", Instant, nullable=False),
    Column("offered", Json, nullable=False),
    *words("answer_kind"),
    Column("answer_id", Id),
    *words("answer_title"),
    Column("confirmed_at", Instant),
    Column("minutes", Integer),
    to("category_id", "category"),
    to("ticket_id", "ticket"),
    *origin(),
    *stamps(),
    Index("ix_service_deflection_asked", "asked_at", "status"),
    Index("ix_service_deflection_ticket", "ticket_id"),
    info={"about": "contact_id", "owners": ()},
)

rating = Table(
    "service_rating",
    metadata,
    *key(),
    to("ticket_id", "ticket"),
    to("work_order_id", "work_order"),
    *party(),
    *words("channel"),
    Column("asked_at", Instant),
    Column("answered_at", Instant),
    Column("score", Integer),
    *words("comment"),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete=SET_NULL)),
    *origin(),
    *stamps(),
    Index("ix_service_rating_ticket", "ticket_id"),
    Index("ix_service_rating_answered", "answered_at"),
    info={"about": "contact_id", "owners": ()},
)
