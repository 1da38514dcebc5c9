"""Customers as accounts, and the tiers they are in."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Id, tables
from crmcore_sales.tables.base import key, metadata

tier = Table(
    "sales_tier",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("executive_days", Integer),
    Column("automatic", Boolean, nullable=False),
    Column("everybody_else", Boolean, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("name", name="uq_sales_tier_name"),
)

account = Table(
    "sales_account",
    metadata,
    *key(),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE"), nullable=False),
    Column("tier", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("sponsor_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("note", Text, nullable=False),
    UniqueConstraint("customer_id", name="uq_sales_account_customer"),
    Index("ix_sales_account_tier", "tier"),
)
