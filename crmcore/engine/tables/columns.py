"""The columns that tables have in common, and the one collection all tables are in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Text, text

from crmcore.engine.types import Id, Instant, Json

LOOKED_UP = "looked up"  # marks a column that gets an index over the rows that have a value there

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[int]:
    """Return the id, drawn from the workspace's sequence."""
    return Column("id", Id, primary_key=True, autoincrement=False)


def version() -> Column[int]:
    """Return the count of writes, by which an edit of a stale record is noticed."""
    return Column("version", Integer, nullable=False)


def words(name: str) -> Column[str]:
    """Return a column of text; nothing said is the empty text, never NULL."""
    return Column(name, Text, nullable=False, server_default="")


def link(name: str, target: str, on_delete: str = "SET NULL", *, index: bool = True) -> Column[int]:
    """Return a column that points at a record of another table."""
    nullable = on_delete != "CASCADE" or name in {"contact_id", "customer_id"}
    return Column(name, Id, ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable, info={LOOKED_UP: index})


def custom() -> Column[Any]:
    """Return the values of the fields that this workspace has defined itself, by name."""
    return Column("custom", Json, nullable=False, server_default=text("'{}'"))


def stamps() -> tuple[Column[datetime], Column[datetime]]:
    """Return when a record was made and last changed."""
    return Column("created_at", Instant, nullable=False), Column("updated_at", Instant, nullable=False)


def batch() -> Column[int]:
    """Return the import that brought a record, if one did."""
    return link("batch_id", "import_batch")


def origin() -> tuple[Column[str], Column[int]]:
    """Return where a record's first values came from: words for a person, and the import that brought it."""
    return words("source"), batch()
