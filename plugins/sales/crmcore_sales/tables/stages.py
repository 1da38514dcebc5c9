"""The way an opportunity took through the stages, and the steps that were done in each."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from crmcore.api import Id, Instant, tables
from crmcore_sales.tables.base import key, metadata

passage = Table(
    "sales_passage",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("by_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Index("ix_sales_passage_opportunity", "opportunity_id", "entered_at", "stage"),
    Index("ix_sales_passage_stage", "stage", "entered_at", "left_at", "opportunity_id"),  # a funnel reads these alone
)
"""Each stay of an opportunity in a stage, written as it moves: `left_at` is empty where it is now."""

step = Table(
    "sales_step",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("stage", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("done_at", Instant, nullable=False),
    Column("by_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("note", Text, nullable=False),
    Index("ix_sales_step_opportunity", "opportunity_id"),
)
