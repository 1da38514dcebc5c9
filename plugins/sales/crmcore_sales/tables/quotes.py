"""Quotes and their lines."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, Instant, Json, tables
from crmcore_sales.tables.base import key, metadata, stamps

quote = Table(
    "sales_quote",
    metadata,
    *key(),
    Column("number", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="SET NULL")),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="SET NULL")),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete="SET NULL")),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("status", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", Fixed, nullable=False),
    Column("discount", Fixed, nullable=False),
    Column("valid_until", Date),
    Column("sent_at", Instant),
    Column("closed_at", Instant),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("custom", Json, nullable=False),
    *stamps(),
    UniqueConstraint("number", "revision", name="uq_sales_quote_number"),
    Index("ix_sales_quote_customer", "customer_id", "status"),
    Index("ix_sales_quote_opportunity", "opportunity_id"),
    Index("ix_sales_quote_contact", "contact_id"),
)

quote_line = Table(
    "sales_quote_line",
    metadata,
    *key(),
    Column("quote_id", Id, ForeignKey("sales_quote.id", ondelete="CASCADE"), nullable=False),
    Column("product_id", Id, ForeignKey("sales_product.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("quantity", Fixed, nullable=False),
    Column("list_price", Fixed),
    Column("unit_price", Fixed, nullable=False),
    Column("cost", Fixed),
    Column("amount", Fixed, nullable=False),
    Index("ix_sales_quote_line_quote", "quote_id"),
    Index("ix_sales_quote_line_product", "product_id"),
)
