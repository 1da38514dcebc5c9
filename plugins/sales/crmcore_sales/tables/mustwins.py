"""Must-win projects: their weekly reviews, the steps of their close plan, and the slips that were told."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text

from crmcore.api import Id, Instant, tables
from crmcore_sales.tables.base import key, metadata, stamps

_USER = tables.user_account.c.id

review = Table(
    "sales_review",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("by_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("need_by", Date),
    Column("probability", Integer),
    Column("note", Text, nullable=False),
    *stamps(),
    Index("ix_sales_review_opportunity", "opportunity_id", "held_on"),
)

plan_step = Table(
    "sales_plan_step",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete="CASCADE")),
    Index("ix_sales_plan_step_opportunity", "opportunity_id"),
    Index("ix_sales_plan_step_task", "task_id"),
)

slip = Table(
    "sales_slip",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("was", Date, nullable=False),
    Column("became", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Index("ix_sales_slip_opportunity", "opportunity_id", "id"),
)
"""A slip of a must-win that was told to its owner and its sponsor; the next is counted from the day it slipped to."""
