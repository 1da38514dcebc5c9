"""Partners' registered deals, and who of a partner's people works here."""

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint

from crmcore.api import Fixed, Id, tables
from crmcore_sales.tables.base import PRICE, key, metadata, stamps

registration = Table(
    "sales_registration",
    metadata,
    *key(),
    Column("partner_id", Id, ForeignKey(tables.customer.c.id, ondelete="SET NULL")),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="SET NULL")),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="SET NULL")),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("agent_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("title", Text, nullable=False),
    Column("amount", Fixed, info=PRICE),
    Column("currency", Text, nullable=False),
    Column("registered_on", Date, nullable=False),
    Column("protected_until", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("rival_id", Id),
    Column("reason", Text, nullable=False),
    *stamps(),
    Index("ix_sales_registration_customer", "customer_id", "protected_until"),
    Index("ix_sales_registration_partner", "partner_id", "registered_on"),
    info={"owners": ("owner_id", "agent_id")},
)

agent = Table(
    "sales_agent",
    metadata,
    *key(),
    Column("user_id", Id, ForeignKey(tables.user_account.c.id, ondelete="CASCADE"), nullable=False),
    Column("partner_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE"), nullable=False),
    UniqueConstraint("user_id", name="uq_sales_agent_user"),
    Index("ix_sales_agent_partner", "partner_id"),
)
