"""Deliveries that did not succeed at once: tried again later and later, in the order of the events of each record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, or_, select, update

from crmcore.app import App
from crmcore.delivery import events, findings, standing
from crmcore.delivery.consumers import Consumer, consumers
from crmcore.delivery.handling import Batch, HandlerFailedError, Outcome, committing, narrowing
from crmcore.delivery.rules import Rules, wait
from crmcore.delivery.states import CUT, PARKED, WAITING
from crmcore.engine import clock
from crmcore.engine.tables import delivery, journal
from crmcore.engine.transaction import Transaction


def after_failure(rules: Rules, attempts: int, why: str, now: datetime) -> dict[str, Any]:
    """Return what is to be said of a delivery that has failed so many times."""
    parked = rules.is_last(attempts)
    return {
        "state": PARKED if parked else WAITING,
        "attempts": attempts,
        "next_at": None if parked else now + wait(attempts),
        "error": why,
    }


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition on deliveries that can be tried now: their time has come, and none is before them."""
    before = delivery.alias("before")
    held_up = exists().where(
        before.c.subscription == delivery.c.subscription,
        before.c.subject_id == delivery.c.subject_id,
        before.c.event_id < delivery.c.event_id,
        before.c.state != CUT,
    )
    c = delivery.c
    return and_(c.state == WAITING, or_(c.next_at.is_(None), c.next_at <= now), ~held_up)


def retry(app: App, name: str, rules: Rules) -> Outcome:
    """Try again what is due for a subscriber; nothing is done while another worker tells it."""
    return narrowing(lambda most, failed: _batch(app, name, rules, most, failed))


def _batch(app: App, name: str, rules: Rules, most: int, failed: HandlerFailedError | None) -> Outcome:
    taken: list[int] = []
    with committing(taken), app.transaction() as tx:
        consumer = consumers(tx.dispatcher, tx.definitions).get(name)
        if consumer is None or standing.lock(tx, name) is None:
            return Outcome()
        rows = _rows(tx, name, most)
        if not rows:
            return Outcome()
        batch = Batch(tx, consumer, taken)
        failures = 0
        for place, row in enumerate(rows):
            if failed is not None and row.id == failed.event_id:
                _note(tx, consumer, row, after_failure(rules, row.attempts + 1, failed.why, clock.now()))
                failures += 1
            else:
                batch.handle(place, events.event(row))
            if batch.is_long:
                break
        c = delivery.c
        tx.connection.execute(delete(delivery).where(c.subscription == name, c.event_id.in_(taken)))
    return Outcome(handled=len(taken), failed=failures, moved=True)


def _rows(tx: Transaction, name: str, most: int) -> Sequence[Row[Any]]:
    statement: Select[Any] = (
        select(*events.COLUMNS, delivery.c.attempts)
        .join(delivery, delivery.c.event_id == journal.c.id)
        .where(delivery.c.subscription == name, is_due(clock.now()))
        .order_by(journal.c.id)
        .limit(most)
    )
    return tx.connection.execute(statement).all()


def _note(tx: Transaction, consumer: Consumer, row: Row[Any], said: dict[str, Any]) -> None:
    c = delivery.c
    statement = update(delivery).where(c.subscription == consumer.name, c.event_id == row.id)
    tx.connection.execute(statement.values(at=tx.now, **said))
    findings.note_aside(tx, consumer, [{"event_id": row.id, **said}])
