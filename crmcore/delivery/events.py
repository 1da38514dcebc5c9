"""Entries of the journal as events."""

from typing import Any

from sqlalchemy import Row

from crmcore.engine.tables import journal
from crmcore.model.change import Event

COLUMNS = tuple(
    journal.c[name]
    for name in ("id", "at", "actor", "cause", "type", "entity", "subject_id", "data", "cause_id", "depth")
)
"""What to select, to make an event of each row."""


def event(row: Row[Any]) -> Event:
    """Return the event that a row tells of; the row may have more columns."""
    return Event(**{column.name: getattr(row, column.name) for column in COLUMNS})
