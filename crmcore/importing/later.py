"""What was edited after an import, as the journal tells it."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from crmcore.engine.tables import import_batch, journal
from crmcore.engine.transaction import Transaction
from crmcore.importing.batches import UNDONE

_EDITS = (".created", ".changed", ".removed", ".merged", ".unmerged")


def records(tx: Transaction, batch_id: int, ids: Collection[int]) -> set[int]:
    """Return those of the records `ids` that somebody changed, or added something to, since the import."""
    return {row.subject_id for row in _edits(tx, batch_id, ids) if row.type.endswith(_EDITS)}


def parts(tx: Transaction, batch_id: int, entity: str, owners: Collection[int]) -> set[int]:
    """Return the ids of parts of a kind, of the records `owners`, that somebody changed since the import."""
    return {row.data["id"] for row in _edits(tx, batch_id, owners) if row.type == f"{entity}.changed"}


def _edits(tx: Transaction, batch_id: int, subjects: Collection[int]) -> Iterable[Any]:
    """Return the journal's entries on some records that are neither the import's own nor a plugin's answer to it.

    What later imports did and took back again does not count.
    """
    undone = select(import_batch.c.id).where(import_batch.c.state == UNDONE, import_batch.c.id > batch_id)
    batches = [batch_id, *tx.connection.execute(undone).scalars()]
    own = [cause for batch in batches for cause in (f"import {batch}", f"undo import {batch}")]
    c = journal.c
    foreign: ColumnElement[bool] = c.cause.not_in(own) & c.cause.not_like("plugin %")
    return tx.connection.execute(select(c.subject_id, c.type, c.data).where(c.subject_id.in_(subjects), foreign)).all()
