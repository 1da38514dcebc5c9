"""What people need, and how likely they buy."""

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, Table, Text

from crmcore.api import Fixed, Id, Instant, Json, tables
from crmcore_marketing.tables.base import CASCADE, SET_NULL, key, metadata, origin, party, stamps, to, user, words

qualification = Table(
    "marketing_qualification",
    metadata,
    *key(),
    *party(),
    to("campaign_id", "campaign"),
    to("member_id", "member"),
    user("agent_id"),
    Column("at", Instant),
    *words("need", "product"),
    Column("quantity", Fixed),
    Column("need_by", Date),
    Column("budget", Fixed),
    *words("currency", "result"),
    Column("again_on", Date),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete=SET_NULL)),
    *words("note"),
    *origin(),
    *stamps(),
    Index("ix_marketing_qualification_contact", "contact_id", "at"),
    Index("ix_marketing_qualification_customer", "customer_id"),
    Index("ix_marketing_qualification_campaign", "campaign_id", "result"),
    Index("ix_marketing_qualification_member", "member_id"),
    Index("ix_marketing_qualification_again", "result", "again_on"),
    info={"owners": (), "about": "contact_id", "searched": ("need", "product", "note")},
)

score_model = Table(
    "marketing_score_model",
    metadata,
    *key(),
    *words("name", "target"),
    Column("asked", Json, nullable=False),
    Column("factors", Json, nullable=False),
    Column("base", Float, nullable=False),
    Column("people", Integer, nullable=False),
    Column("positives", Integer, nullable=False),
    Column("measured", Json, nullable=False),
    Column("trained_at", Instant),
    Column("active", Boolean, nullable=False),
    Index("ix_marketing_score_model_name", "name"),
)

score = Table(
    "marketing_score",
    metadata,
    Column("model_id", Id, ForeignKey("marketing_score_model.id", ondelete=CASCADE), primary_key=True),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete=CASCADE), primary_key=True),
    Column("points", Integer, nullable=False),
    Column("likely", Float, nullable=False),
    Column("bins", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_marketing_score_contact", "contact_id"),
    Index("ix_marketing_score_points", "model_id", "points", "contact_id"),
    info={"owners": ()},
)
"""A contact's score in a model: `points` are those of its `bins`, the place of its bin in each factor, with commas
between; `likely` is the share of such who buy."""
