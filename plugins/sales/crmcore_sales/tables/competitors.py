"""Competitors, and the opportunities they were met in."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, Instant
from crmcore_sales.tables.base import key, metadata, stamps

competitor = Table(
    "sales_competitor",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    Column("strengths", Text, nullable=False),
    Column("weaknesses", Text, nullable=False),
    Column("note", Text, nullable=False),
    *stamps(),
    UniqueConstraint("name", name="uq_sales_competitor_name"),
    info={"searched": ("name", "strengths", "weaknesses", "note")},
)

rivalry = Table(
    "sales_rivalry",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("competitor_id", Id, ForeignKey("sales_competitor.id", ondelete="CASCADE"), nullable=False),
    Column("price", Fixed),
    Column("won", Boolean, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_sales_rivalry_opportunity", "opportunity_id"),
    Index("ix_sales_rivalry_competitor", "competitor_id"),
)
