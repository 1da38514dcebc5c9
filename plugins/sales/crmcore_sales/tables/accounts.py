"""Customers as accounts."""

from sqlalchemy import Column, Float, ForeignKey, Index, Table, Text

from crmcore.api import Id, tables
from crmcore_sales.tables.base import key, metadata

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
    Index("ix_sales_account_customer", "customer_id"),
    Index("ix_sales_account_tier", "tier"),
)
