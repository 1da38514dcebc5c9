"""What was asked and answered without an engineer, and how satisfied people were."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Id, Instant, Json, tables
from crmcore_service.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, user, words

public_answer = Table(
    "service_public_answer",
    metadata,
    *key(),
    to("ticket_id", "ticket", CASCADE),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    user("published_by_id"),
    Column("published_at", Instant, nullable=False),
    *stamps(),
    UniqueConstraint("ticket_id", name="uq_service_public_answer_ticket"),
    info={"searched": ("title", "text")},
)
"""What of a solved ticket may be told to any customer: what is not here is told to none."""

posting = Table(
    "service_posting",
    metadata,
    Column("shelf", Integer, primary_key=True, autoincrement=False),
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", Id, ForeignKey("service_ticket.id", ondelete=CASCADE), primary_key=True, autoincrement=False),
    Column("weight", Integer, nullable=False),
    Index("ix_service_posting_ticket", "ticket_id"),
    info={"owners": ()},
)
"""Which solved tickets say a word, and how much it weighs there, in thousandths; words are kept as numbers.

A word lies on the shelf of all solved tickets, and again on those of the confirmed and the public ones (see
`answers.indexing`), so that a few of each are found among any number of others.
"""

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
    user("confirmed_by_id"),
    Column("minutes", Integer),
    *words("basis"),
    to("category_id", "category"),
    to("ticket_id", "ticket"),
    *origin(),
    *stamps(),
    Index("ix_service_deflection_asked", "asked_at", "status"),
    Index("ix_service_deflection_ticket", "ticket_id"),
    Index("ix_service_deflection_answer", "answer_kind", "answer_id"),
    Index("ix_service_deflection_contact", "contact_id", "asked_at"),
    info={"about": "contact_id", "owners": (), "prefix": "D"},
)

rating = Table(
    "service_rating",
    metadata,
    *key(),
    to("ticket_id", "ticket"),
    to("work_order_id", "work_order"),
    *party(),
    *words("channel", "status", "reason"),
    Column("asked_at", Instant),
    Column("answered_at", Instant),
    Column("score", Integer),
    *words("comment"),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete=SET_NULL)),
    *origin(),
    *stamps(),
    Index("ix_service_rating_ticket", "ticket_id"),
    Index("ix_service_rating_answered", "answered_at"),
    Index("ix_service_rating_contact", "contact_id", "asked_at"),
    Index("ix_service_rating_customer", "customer_id", "answered_at"),
    info={"about": "contact_id", "owners": ()},
)
