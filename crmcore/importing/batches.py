"""Batches: what was imported, by whom, how far it got, and what was rejected."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import delete, insert, select, update

from crmcore.engine.reader import Reader
from crmcore.engine.tables import import_batch, import_change, import_rejection
from crmcore.engine.transaction import Transaction
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.importing.report import RejectedRecord

RUNNING, DONE, UNDONE = "running", "done", "undone"


@frozen(kw_only=True)
class Batch:
    """One import: `files` lists path, fingerprint, format and how many records of each were taken."""

    id: int
    at: datetime
    user_id: int
    command: str
    state: str
    counts: dict[str, int]
    files: list[dict[str, Any]]


def start(tx: Transaction, batch_id: int, command: str, files: Sequence[dict[str, Any]]) -> None:
    """Record that an import begins."""
    tx.connection.execute(
        insert(import_batch).values(
            id=batch_id, version=1, at=tx.now, user_id=tx.actor.user_id, command=command, state=RUNNING, counts={},
            files=list(files),
        )
    )  # fmt: skip


def progress(tx: Transaction, batch_id: int, counts: dict[str, int], files: list[dict[str, Any]], state: str) -> None:
    """Record how far an import got, in the transaction that got it there."""
    tx.connection.execute(
        update(import_batch).where(import_batch.c.id == batch_id).values(counts=counts, files=files, state=state)
    )


def keep(tx: Transaction, batch_id: int, changes: list[dict[str, Any]], rejected: Sequence[RejectedRecord]) -> None:
    """Keep what was changed and what was rejected, in the transaction of the records themselves."""
    if changes:
        tx.connection.execute(insert(import_change), changes)
    if rejected:
        rows = [
            {"batch_id": batch_id, "file": one.file, "line": one.line, "reason": one.reason, "raw": one.raw}
            for one in rejected
        ]
        tx.connection.execute(insert(import_rejection), rows)


def drop(tx: Transaction, batch_id: int) -> None:
    """Remove a batch that took nothing."""
    tx.connection.execute(delete(import_batch).where(import_batch.c.id == batch_id))


def unfinished(reader: Reader, fingerprints: Sequence[str]) -> Batch | None:
    """Return the latest import of exactly these files that was cut off, if there is one."""
    statement = select(import_batch).where(import_batch.c.state == RUNNING).order_by(import_batch.c.id.desc()).limit(20)
    for row in reader.rows(statement):
        if [one["fingerprint"] for one in row.files] == list(fingerprints):
            return _batch(row)
    return None


def get(reader: Reader, batch_id: int) -> Batch:
    """Return a batch; raises `NotFound` when there is none of that id."""
    row = reader.first(select(import_batch).where(import_batch.c.id == batch_id))
    if row is None:
        raise NotFound(_("There is no import {id}; `crm import --list` shows them.").format(id=batch_id))
    return _batch(row)


def recent(reader: Reader, limit: int, after: int | None = None) -> list[Batch]:
    """Return the latest imports, newest first, from the one before the batch `after`."""
    statement = select(import_batch).order_by(import_batch.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(import_batch.c.id < after)
    return [_batch(row) for row in reader.rows(statement)]


def rejections(reader: Reader, batch_id: int, limit: int, after: int | None = None) -> list[RejectedRecord]:
    """Return what a batch rejected, in the order of the files."""
    c = import_rejection.c
    statement = select(c.file, c.line, c.reason, c.raw).where(c.batch_id == batch_id).order_by(c.id).limit(limit)
    if after is not None:
        statement = statement.where(c.id > after)
    return [RejectedRecord(**row._mapping) for row in reader.rows(statement)]


def _batch(row: Any) -> Batch:
    return Batch(
        id=row.id, at=row.at, user_id=row.user_id, command=row.command, state=row.state, counts=row.counts,
        files=row.files,
    )  # fmt: skip
