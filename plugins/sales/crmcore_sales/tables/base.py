"""What all tables have in common."""

from sqlalchemy import Column, Integer, MetaData

from crmcore.api import Id, Instant, tables

metadata = MetaData(naming_convention=tables.metadata.naming_convention)


def key() -> "list[Column[object]]":
    """Return the columns by which every record is known: id and version."""
    return [Column("id", Id, primary_key=True, autoincrement=False), Column("version", Integer, nullable=False)]


def stamps() -> "list[Column[object]]":
    """Return the columns that say when a record was made and last changed."""
    return [Column("created_at", Instant, nullable=False), Column("updated_at", Instant, nullable=False)]


PRICE = {"hidden_from": ("service",)}
"""What a column of prices and costs tells: the service department does not see them (row S1-19)."""
