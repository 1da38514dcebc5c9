"""Recommendations of reps, and one-to-ones."""

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text

from crmcore.api import Id, Instant, Json, tables
from crmcore_sales.tables.base import key, metadata, stamps

_USER = tables.user_account.c.id

recommendation = Table(
    "sales_recommendation",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("recommended_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("chosen_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("decided_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("decided_at", Instant),
    Column("candidates", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_sales_recommendation_opportunity", "opportunity_id"),
)

coaching = Table(
    "sales_coaching",
    metadata,
    *key(),
    Column("rep_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("manager_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("held_on", Date),
    Column("next_on", Date),
    Column("sheet", Json, nullable=False),
    Column("note", Text, nullable=False),
    *stamps(),
    Index("ix_sales_coaching_rep", "rep_id", "held_on"),
)

coaching_action = Table(
    "sales_coaching_action",
    metadata,
    *key(),
    Column("coaching_id", Id, ForeignKey("sales_coaching.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete="SET NULL")),
    Index("ix_sales_coaching_action_coaching", "coaching_id"),
    Index("ix_sales_coaching_action_task", "task_id"),
)
