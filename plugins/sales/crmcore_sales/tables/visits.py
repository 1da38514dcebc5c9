"""Programmes of visits, the visits planned in them, and suggestions that were skipped."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, text

from crmcore.api import Id, Instant, tables
from crmcore_sales.tables.base import key, metadata, stamps

_TO_COME = text("closed_at IS NULL")

programme = Table(
    "sales_visit_programme",
    metadata,
    *key(),
    Column("title", Text, nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("until", Date, nullable=False),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("closed_at", Instant),
    Column("note", Text, nullable=False),
    *stamps(),
    Index("ix_sales_visit_programme_open", "until", sqlite_where=_TO_COME, postgresql_where=_TO_COME),
)

visit = Table(
    "sales_planned_visit",
    metadata,
    *key(),
    Column("programme_id", Id, ForeignKey("sales_visit_programme.id", ondelete="CASCADE"), nullable=False),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE")),
    Column("owner_id", Id, ForeignKey(tables.user_account.c.id, ondelete="SET NULL")),
    Column("assigned_at", Instant),
    Column("closed_at", Instant),
    Column("interaction_id", Id, ForeignKey(tables.interaction.c.id, ondelete="SET NULL")),
    Column("returned", Integer, nullable=False),
    Index("ix_sales_planned_visit_programme", "programme_id"),
    Index("ix_sales_planned_visit_customer", "customer_id", sqlite_where=_TO_COME, postgresql_where=_TO_COME),
    Index("ix_sales_planned_visit_owner", "owner_id", sqlite_where=_TO_COME, postgresql_where=_TO_COME),
)

skip = Table(
    "sales_skip",
    metadata,
    *key(),
    Column("user_id", Id, ForeignKey(tables.user_account.c.id, ondelete="CASCADE")),
    Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete="CASCADE")),
    Column("reason", Text, nullable=False),
    Column("skipped_on", Date, nullable=False),
    Column("until", Date),
    Column("note", Text, nullable=False),
    Index("ix_sales_skip_user", "user_id", "skipped_on"),
)
