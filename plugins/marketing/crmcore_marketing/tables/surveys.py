"""Surveys and answers."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Instant, Json
from crmcore_marketing.tables.base import CASCADE, key, metadata, origin, party, stamps, to, words

survey = Table(
    "marketing_survey",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    to("campaign_id", "campaign"),
    to("material_id", "material"),
    Column("questions", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    *words("note"),
    *stamps(),
    info={"searched": ("name", "note")},
)

answer = Table(
    "marketing_answer",
    metadata,
    *key(),
    to("survey_id", "survey", CASCADE),
    *party(),
    Column("at", Instant),
    *words("question", "product", "sentiment"),
    Column("score", Integer),
    *words("verbatim", "channel"),
    Column("external_id", Text),
    *origin(),
    UniqueConstraint("external_id", name="uq_marketing_answer_external_id"),
    Index("ix_marketing_answer_survey", "survey_id", "sentiment"),
    Index("ix_marketing_answer_contact", "contact_id", "at"),
    Index("ix_marketing_answer_customer", "customer_id"),
    info={"owners": (), "about": "contact_id", "searched": ("verbatim",)},
)
