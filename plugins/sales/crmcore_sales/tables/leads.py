"""Leads."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from crmcore.api import Fixed, Id, Instant, Json, tables
from crmcore_sales.tables.base import key, metadata, stamps

_WAITING = text("contacted_at IS NULL AND closed_at IS NULL")

lead = Table(
    "sales_lead",
    metadata,
    *key(),
    Column("title", Text, nullable=False),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="SET NULL")),
    Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete="SET NULL")),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete="SET NULL")),
    Column("opportunity_id", Id, ForeignKey("sales_opportunity.id", ondelete="SET NULL")),
    Column("status", Text, nullable=False),
    Column("entered_at", Instant),
    Column("closed_at", Instant),
    Column("received_at", Instant, nullable=False),
    Column("assigned_at", Instant),
    Column("contacted_at", Instant),
    Column("escalated_at", Instant),
    Column("returned", Integer, nullable=False),
    Column("returned_by_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("amount", Fixed),
    Column("currency", Text, nullable=False),
    Column("lead_source", Text, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_note", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("custom", Json, nullable=False),
    Column("details", Json, nullable=False),
    Column("source", Text, nullable=False),
    Column("batch_id", Id),
    *stamps(),
    Index("ix_sales_lead_customer", "customer_id"),
    Index("ix_sales_lead_contact", "contact_id"),
    Index("ix_sales_lead_status", "status", "received_at"),
    Index("ix_sales_lead_owner", "owner_id", "status"),
    Index("ix_sales_lead_received", "received_at"),
    Index("ix_sales_lead_waiting", "received_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    info={"searched": ("title", "note", "reason_note")},
)
