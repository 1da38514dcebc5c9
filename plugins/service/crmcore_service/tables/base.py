"""What all tables have in common."""

from sqlalchemy import Column

from crmcore.api import shared_columns

SET_NULL, CASCADE = shared_columns.SET_NULL, shared_columns.CASCADE

metadata = shared_columns.metadata()
key, stamps, origin = shared_columns.key, shared_columns.stamps, shared_columns.origin
party, user, words = shared_columns.party, shared_columns.user, shared_columns.words


def to(name: str, target: str, on_delete: str = SET_NULL) -> "Column[object]":
    """Return a column that points at a record of ours, which goes with it (`CASCADE`), or is forgotten."""
    return shared_columns.to(name, f"service_{target}", on_delete)
