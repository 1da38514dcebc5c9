"""Delivery of what is new: a subscriber is told, and moves on in the journal, in one transaction."""

from collections.abc import Sequence
from typing import Any

from attrs import evolve
from sqlalchemy import Row, Select, insert, select

from crmcore.app import App
from crmcore.delivery import events, findings, loops, standing
from crmcore.delivery.consumers import Consumer, consumers
from crmcore.delivery.handling import Batch, HandlerFailedError, Outcome, committing, narrowing
from crmcore.delivery.rules import Rules
from crmcore.delivery.states import CUT, WAITING
from crmcore.delivery.waiting import after_failure
from crmcore.engine.positions import Position, opened
from crmcore.engine.tables import delivery, journal
from crmcore.engine.transaction import Transaction


def pump(app: App, name: str, rules: Rules) -> Outcome:
    """Tell a subscriber of the next events; nothing is done while another worker tells it."""
    return narrowing(lambda most, failed: _batch(app, name, rules, most, failed))


def _batch(app: App, name: str, rules: Rules, most: int, failed: HandlerFailedError | None) -> Outcome:
    taken: list[int] = []
    with committing(taken), app.transaction() as tx:
        consumer = consumers(tx.dispatcher, tx.definitions).get(name)
        stand = standing.lock(tx, name) if consumer is not None else None
        if consumer is None or stand is None:
            return Outcome()
        position: Position | None = stand.position
        if stand.position.is_through:
            position = opened(tx.connection, stand.position, stand.end)
        if position is None:
            return Outcome()
        rows = _rows(tx, consumer, position, most)
        seen, aside = _take_up(Batch(tx, consumer, taken), rows, rules, failed)
        _set_aside(tx, consumer, aside, rows)
        if seen == len(rows) < most:
            position = stand.end.after(position)
        else:
            position = evolve(position, event_id=rows[seen - 1].id)
        standing.move(tx.connection, name, position)
    return Outcome(
        handled=len(taken),
        failed=sum(1 for one in aside if one["attempts"]),
        behind=sum(1 for one in aside if one["state"] == WAITING and not one["attempts"]),
        cut=sum(1 for one in aside if one["state"] == CUT),
        moved=True,
    )


def _rows(tx: Transaction, consumer: Consumer, position: Position, most: int) -> Sequence[Row[Any]]:
    """Return the next entries it listens to; `behind` says that one about the same record waits or is set aside."""
    held = select(delivery.c.subject_id).where(delivery.c.subscription == consumer.name, delivery.c.state != CUT)
    statement: Select[Any] = (
        select(*events.COLUMNS, journal.c.subject_id.in_(held).label("behind"))
        .where(position.rest(), consumer.interest())
        .order_by(journal.c.id)
        .limit(most)
    )
    return tx.connection.execute(statement).all()


def _take_up(
    batch: Batch, rows: Sequence[Row[Any]], rules: Rules, failed: HandlerFailedError | None
) -> tuple[int, list[dict[str, Any]]]:
    """Handle events; return how many were seen to, and the rows of `delivery` for those that were not handled."""
    aside: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        if failed is not None and row.id == failed.event_id:
            aside.append(_aside(batch, row, **after_failure(rules, 1, failed.why, batch.tx.now)))
        elif row.behind:
            aside.append(_aside(batch, row))
        elif row.depth >= rules.depth:
            aside.append(_aside(batch, row, state=CUT))
        else:
            batch.handle(place, events.event(row))
            if batch.is_long:
                return place + 1, aside
    return len(rows), aside


def _aside(batch: Batch, row: Row[Any], **said: Any) -> dict[str, Any]:
    return {
        "subscription": batch.consumer.name, "event_id": row.id, "subject_id": row.subject_id, "at": batch.tx.now,
        "state": WAITING, "attempts": 0, "next_at": None, "error": "", **said,
    }  # fmt: skip


def _set_aside(tx: Transaction, consumer: Consumer, aside: list[dict[str, Any]], rows: Sequence[Row[Any]]) -> None:
    if not aside:
        return
    cut = {one["event_id"] for one in aside if one["state"] == CUT}
    told = loops.explained(tx.connection, [row for row in rows if row.id in cut])
    for one in aside:
        one["error"] = told.get(one["event_id"], one["error"])
    tx.connection.execute(insert(delivery), aside)
    findings.note_aside(tx, consumer, aside)
