"""Plays."""

from sqlalchemy import Boolean, Column, Table, Text, UniqueConstraint

from crmcore_sales.tables.base import key, metadata, stamps

play = Table(
    "sales_play",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    *stamps(),
    UniqueConstraint("name", name="uq_sales_play_name"),
)
