"""The columns that tables of plugins have in common: `from crmcore.api import shared_columns`."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Text

from crmcore.engine import tables
from crmcore.engine.types import Id, Instant

SET_NULL, CASCADE = "SET NULL", "CASCADE"


def metadata() -> MetaData:
    """Return a new collection of tables, whose keys and indexes are named as the core names its own."""
    return MetaData(naming_convention=tables.metadata.naming_convention)


def key() -> "list[Column[object]]":
    """Return the columns by which every record is known: id and version."""
    return [Column("id", Id, primary_key=True, autoincrement=False), Column("version", Integer, nullable=False)]


def stamps() -> "list[Column[object]]":
    """Return the columns that say when a record was made and last changed."""
    return [Column("created_at", Instant, nullable=False), Column("updated_at", Instant, nullable=False)]


def origin() -> "list[Column[object]]":
    """Return where a record came from: words for a person, and the import that brought it."""
    return [Column("source", Text, nullable=False), Column("batch_id", Id)]


def party() -> "list[Column[object]]":
    """Return whom a record is about: the contact, and the customer it stood for at the time."""
    return [
        Column("contact_id", Id, ForeignKey(tables.contact.c.id, ondelete=SET_NULL)),
        Column("customer_id", Id, ForeignKey(tables.customer.c.id, ondelete=SET_NULL)),
    ]


def user(name: str = "owner_id") -> "Column[object]":
    """Return a column that points at one of our people."""
    return Column(name, Id, ForeignKey(tables.user_account.c.id, ondelete=SET_NULL))


def to(name: str, table: str, on_delete: str = SET_NULL) -> "Column[object]":
    """Return a column that points at a record of a table, which goes with it (`CASCADE`), or is forgotten."""
    return Column(name, Id, ForeignKey(f"{table}.id", ondelete=on_delete), nullable=on_delete == SET_NULL)


def words(*names: str) -> "list[Column[object]]":
    """Return columns of text that is empty where nothing is said."""
    return [Column(name, Text, nullable=False) for name in names]
