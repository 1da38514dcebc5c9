"""Quotes and their lines, what customers are offered at present, and the numbers of quotes."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, Instant, Json, tables
from crmcore_sales.tables.base import PRICE, key, metadata, stamps

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
    Column("amount", Fixed, nullable=False, info=PRICE),
    Column("discount", Fixed, nullable=False, info=PRICE),
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
    Index("ix_sales_quote_status", "status", "valid_until"),
    info={"searched": ("number", "note", "reason")},
)

quote_line = Table(
    "sales_quote_line",
    metadata,
    *key(),
    Column("quote_id", Id, ForeignKey("sales_quote.id", ondelete="CASCADE"), nullable=False),
    Column("product_id", Id, ForeignKey("sales_product.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("quantity", Fixed, nullable=False),
    Column("list_price", Fixed, info=PRICE),
    Column("unit_price", Fixed, nullable=False, info=PRICE),
    Column("cost", Fixed, info=PRICE),
    Column("amount", Fixed, nullable=False, info=PRICE),
    Index("ix_sales_quote_line_quote", "quote_id"),
    Index("ix_sales_quote_line_product", "product_id"),
)

offered = Table(
    "sales_offered",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("quote_id", Id, nullable=False),
    Column("number", Text, nullable=False),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE"), nullable=False),
    Column("product_id", Id, ForeignKey("sales_product.id", ondelete="CASCADE"), nullable=False),
    Column("currency", Text, nullable=False),
    Column("quantity", Fixed, nullable=False),
    Column("list_price", Fixed, info=PRICE),
    Column("unit_price", Fixed, nullable=False, info=PRICE),
    Column("sent_at", Instant),
    Column("valid_until", Date),
    Index("ix_sales_offered_customer", "customer_id", "product_id"),
    Index("ix_sales_offered_quote", "quote_id"),
    info={"owners": ()},
)
"""The lines of open quotes, kept as these change. The coherence of prices must see all of them, whoever asks: so they
are nobody's in particular, and no part of a quote."""

number = Table(
    "sales_number",
    metadata,
    Column("series", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given in each series, such as Q-2026."""
