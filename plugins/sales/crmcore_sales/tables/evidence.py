"""What was learned about opportunities, and the methods used on them."""

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text

from crmcore.api import Id, Json, tables
from crmcore_sales.tables.base import key, metadata, stamps

evidence = Table(
    "sales_evidence",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete="SET NULL")),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete="SET NULL")),
    Column("said_on", Date),
    *stamps(),
    Index("ix_sales_evidence_opportunity", "opportunity_id"),
    Index("ix_sales_evidence_contact", "contact_id"),
)

method_use = Table(
    "sales_method_use",
    metadata,
    *key(),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="CASCADE")),
    Column("methods", Json, nullable=False),
    Index("ix_sales_method_use_opportunity", "opportunity_id"),
)
