"""Opportunities, their lines, and the people who decide on them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from crmcore.api import Amount, Fixed, Id, Instant, Json, tables
from crmcore_sales.tables.base import PRICE, key, metadata, stamps

# Figures of all open, or all closed, opportunities are read from an index alone, and who may see them, too: that takes
# a quarter of the time that reading their wide rows does.
_OPEN = ("stage", "probability", "category")
_FIGURES = ("currency", "amount", "region", "owner_id", "customer_id", "contact_id")

opportunity = Table(
    "sales_opportunity",
    metadata,
    *key(),
    Column("title", Text, nullable=False),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="SET NULL")),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete="SET NULL")),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("agent_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("partner_id", Id, ForeignKey(tables.customer.c.id, ondelete="SET NULL")),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete="SET NULL")),
    Column("lead_id", Id),
    Column("stage", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("entered_at", Instant),
    Column("closed_at", Instant),
    Column("closed_on", Date),
    Column("amount", Fixed, info=PRICE),
    Column("currency", Text, nullable=False),
    Column("rate", Amount),
    Column("probability", Integer),
    Column("category", Text, nullable=False),
    Column("need_by", Date),
    Column("next_step", Text, nullable=False),
    Column("lead_source", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("must_win", Boolean, nullable=False),
    Column("sponsor_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("reason", Text, nullable=False),
    Column("reason_note", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
    *stamps(),
    Index("ix_sales_opportunity_customer", "customer_id"),
    Index("ix_sales_opportunity_contact", "contact_id"),
    Index("ix_sales_opportunity_owner", "owner_id", "status"),
    Index("ix_sales_opportunity_open", "status", "need_by", *_OPEN, *_FIGURES),
    Index("ix_sales_opportunity_closed", "status", "closed_on", "rate", "reason", *_FIGURES),
    info={"owners": ("owner_id", "agent_id"), "searched": ("title", "next_step", "note", "reason_note")},
)

line = Table(
    "sales_line",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("product_id", Id, ForeignKey("sales_product.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("quantity", Fixed, nullable=False),
    Column("unit_price", Fixed, info=PRICE),
    Column("amount", Fixed, info=PRICE),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
    Index("ix_sales_line_opportunity", "opportunity_id"),
    Index("ix_sales_line_product", "product_id"),
)

buying_role = Table(
    "sales_buying_role",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete="CASCADE"), nullable=False),
    Column("role", Text, nullable=False),
    Column("support", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
    Index("ix_sales_buying_role_opportunity", "opportunity_id"),
    Index("ix_sales_buying_role_contact", "contact_id"),
)
