"""How far reps may go in their prices, what was asked beyond that, and what they earn by a deal."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, Instant, tables
from crmcore_sales.tables.base import PRICE, key, metadata

_USER = tables.user_account.c.id

discount_limit = Table(
    "sales_discount_limit",
    metadata,
    *key(),
    Column("user_id", Id, ForeignKey(_USER, ondelete="CASCADE"), nullable=False),
    Column("percent", Fixed, nullable=False),
    Column("since", Date, nullable=False),
    Column("granted_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("reason", Text, nullable=False),
    UniqueConstraint("user_id", "since", name="uq_sales_discount_limit_user"),
)

approval = Table(
    "sales_approval",
    metadata,
    *key(),
    Column("quote_id", Id, ForeignKey("sales_quote.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("asked_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("asked_at", Instant, nullable=False),
    Column("percent", Fixed, nullable=False, info=PRICE),
    Column("limit_percent", Fixed, nullable=False),
    Column("margin", Fixed, info=PRICE),
    Column("status", Text, nullable=False),
    Column("decided_id", Id, ForeignKey(_USER, ondelete="SET NULL")),
    Column("decided_at", Instant),
    Column("reason", Text, nullable=False),
    Column("task_id", Id, ForeignKey(tables.task.c.id, ondelete="SET NULL")),
    Index("ix_sales_approval_quote", "quote_id"),
    Index("ix_sales_approval_status", "status", "asked_at"),
    Index("ix_sales_approval_asked", "asked_id", "asked_at"),
    Index("ix_sales_approval_task", "task_id"),
)

commission = Table(
    "sales_commission",
    metadata,
    *key(),
    Column("tier", Integer, nullable=False),
    Column("attained", Fixed, nullable=False),
    Column("percent", Fixed, nullable=False),
    Column("since", Date, nullable=False),
    Column("period", Text, nullable=False),
    UniqueConstraint("tier", "since", name="uq_sales_commission_tier"),
)
