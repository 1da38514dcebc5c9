"""Audiences."""

from sqlalchemy import Column, Table, Text, UniqueConstraint

from crmcore_marketing.tables.base import key, metadata, stamps, user, words

audience = Table(
    "marketing_audience",
    metadata,
    *key(),
    Column("name", Text, nullable=False),
    *words("expression", "purpose", "channel"),
    user(),
    *words("note"),
    *stamps(),
    UniqueConstraint("name", name="uq_marketing_audience_name"),
    info={"searched": ("name", "note"), "owners": ()},
)
