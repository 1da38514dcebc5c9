"""Who sees a process's records: who sees the customer and the contact they are about, and their owner."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, or_, select

from crmcore.engine.reader import Reader
from crmcore.workflow.values import PARTIES


def about_seen(reader: Reader, table: Table) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that whom a record is about is not hidden from the actor; its owner sees it all the same."""
    for kind, party in PARTIES.items():
        column = table.c.get(f"{kind}_id")
        condition = reader.visibility.predicate(party)
        if column is None or condition is None:
            continue
        visible = select(party.c.id).where(party.c.id == column, condition).exists()
        owned = [table.c.owner_id == reader.actor.user_id] if "owner_id" in table.c else []
        yield or_(column.is_(None), visible, *owned)
