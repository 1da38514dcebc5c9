"""When tickets stood still: a row for each time in a state in which a level may stop its clocks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from crmcore.api import ApplyTransaction, Change, Transaction
from crmcore_service.levels.running import RESOLVED
from crmcore_service.tables import pause

_RUNNING = frozenset({"new", "open", "resolved", "closed", "cancelled"})
"""States whose stays need not be kept: the clocks run there, or have ended."""


def begin(tx: ApplyTransaction | Transaction, ticket_id: int, state: str, at: datetime) -> None:
    """Note that a ticket came into a state at an instant."""
    tx.execute(insert(pause).values(_row(tx, ticket_id, state, at, None)))


def end(tx: ApplyTransaction | Transaction, ticket_id: int, at: datetime) -> None:
    """Note that a ticket left the state it stood in."""
    c = pause.c
    open_ = (c.ticket_id == ticket_id, c.ends_at.is_(None))
    tx.execute(update(pause).where(*open_, c.starts_at <= at).values(ends_at=at))
    tx.execute(update(pause).where(*open_).values(ends_at=c.starts_at))


def between(tx: ApplyTransaction | Transaction, ticket_id: int, start: datetime, until: datetime) -> None:
    """Note the time between a ticket's end and its reopening."""
    tx.execute(insert(pause).values(_row(tx, ticket_id, RESOLVED, start, max(start, until))))


def _row(
    tx: ApplyTransaction | Transaction, ticket_id: int, state: str, starts: datetime, ends: datetime | None
) -> dict[str, Any]:
    return {"id": tx.new_id(), "ticket_id": ticket_id, "starts_at": starts, "ends_at": ends, "state": state}


def note(tx: ApplyTransaction, changes: Sequence[Change]) -> None:
    """Note what changed the state of tickets and was not noted yet, as an import or an edit of the state itself."""
    fresh: list[dict[str, Any]] = []
    stood: dict[int, list[Row[Any]]] = defaultdict(list)
    changed = [one for one in changes if one.action == "changed" and one.after.keys() & {"status", "resolved_at"}]
    if changed:
        found = select(pause).where(pause.c.ticket_id.in_([one.id for one in changed]))
        for row in tx.rows(found.order_by(pause.c.id)):
            stood[row.ticket_id].append(row)
    for one in changes:
        if one.action == "created" and one.after["status"] not in _RUNNING:
            since = one.after["paused_at"] or one.after["entered_at"] or tx.now
            fresh.append(_row(tx, one.id, one.after["status"], since, None))
    for one in changed:
        fresh.extend(_missing(tx, one, stood[one.id]))
    if fresh:
        tx.execute(insert(pause), fresh)


def _missing(tx: ApplyTransaction, change: Change, stood: Sequence[Row[Any]]) -> Iterator[dict[str, Any]]:
    if "resolved_at" in change.after and change.after["resolved_at"] is None:
        ended = change.before["resolved_at"]
        if ended is not None and not any(row.state == RESOLVED and row.starts_at == ended for row in stood):
            yield _row(tx, change.id, RESOLVED, ended, max(tx.now, ended))
    if "status" not in change.after:
        return
    state = change.after["status"]
    open_ = [row for row in stood if row.ends_at is None]
    if any(row.state != state for row in open_):
        end(tx, change.id, tx.now)
        open_ = []
    if state not in _RUNNING and not open_:
        yield _row(tx, change.id, state, tx.now, None)
