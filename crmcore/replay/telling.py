"""Telling a plugin the past: each entry of the journal in its order, at its time, in a transaction of its own."""

import os
from collections import deque
from collections.abc import Iterator
from datetime import datetime

from attrs import define, field
from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.exc import IntegrityError

from crmcore.app import App
from crmcore.delivery import events
from crmcore.delivery.consumers import Consumer, consumers
from crmcore.delivery.handling import told as why
from crmcore.delivery.rules import rules
from crmcore.engine.tables import journal
from crmcore.errors import NotFound
from crmcore.model.change import Event
from crmcore.replay.report import Failed

_AT_ONCE = 500


@define(kw_only=True)
class Told:
    """What happened in telling: entries told, entries followed up, and where the plugin failed (the first of them).

    `gone` are entries about records that are not there any more, which nothing can be tied to today.
    """

    told: int = 0
    followed: int = 0
    gone: int = 0
    failures: int = 0
    failed: list[Failed] = field(factory=list)


def within(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Return the condition on journal entries of a period; its end is not in it."""
    return (journal.c.at >= since) & (journal.c.at < until)


def tell(app: App, plugin: str, since: datetime, until: datetime, last: int, most: int) -> Told:
    """Tell a plugin the entries of a period up to entry `last`, and those that its own effects lead to.

    An effect is told on right after its cause, as deep as deliveries go. `most` failures are kept. A failure undoes
    what was done about that entry only.
    """
    done = Told()
    assembly = app.assembly
    consumer = consumers(assembly.dispatcher, assembly.definitions).get(plugin)
    if consumer is None:
        return done
    with app.engine.connect() as connection:
        depth = rules(connection).depth
    reached = last
    for event in _entries(app, consumer, since, until, last):
        os.environ["CRM_NOW"] = event.at.isoformat()
        done.told += 1
        ahead = deque([event])
        while ahead:
            each = ahead.popleft()
            if not _handle(app, consumer, each, done, most):
                continue
            fresh = _after(app, reached)
            reached = fresh[-1].id if fresh else reached
            following = [one for one in fresh if one.depth < depth and consumer.wants(one.type)]
            done.followed += len(following)
            ahead.extend(following)
    return done


def _handle(app: App, consumer: Consumer, event: Event, done: Told, most: int) -> bool:
    try:
        with app.transaction(cause=f"{consumer.cause} on {event.type} #{event.id}", caused_by=event) as tx:
            consumer.handle(tx, event)
    except (Exception, SystemExit) as error:  # noqa: BLE001 # a plugin may raise anything; the next entry is told
        if _is_about_gone(app, event, error):
            done.gone += 1
            return False
        done.failures += 1
        if len(done.failed) < most:
            done.failed.append(Failed(event_id=event.id, type=event.type, at=event.at, why=why(error)))
        return False
    return True


def _is_about_gone(app: App, event: Event, error: BaseException) -> bool:
    """Return whether a failure comes from the copy being of today: the record is not there any more."""
    if not any(isinstance(one, IntegrityError | NotFound) for one in (error, error.__cause__)):
        return False
    of = next((each.table for each in app.assembly.entities if each.name == event.entity), None)
    if of is None:
        return False
    with app.engine.connect() as connection:
        return connection.execute(select(of.c.id).where(of.c.id == event.subject_id)).first() is None


def _entries(app: App, consumer: Consumer, since: datetime, until: datetime, last: int) -> Iterator[Event]:
    """Yield the entries of a period that a plugin listens to, some at a time, so that memory does not grow."""
    reached = 0
    while True:
        statement = (
            select(*events.COLUMNS)
            .where(journal.c.id > reached, journal.c.id <= last, within(since, until), consumer.interest())
            .order_by(journal.c.id)
            .limit(_AT_ONCE)
        )
        with app.engine.connect() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            return
        yield from map(events.event, rows)
        reached = rows[-1].id


def _after(app: App, reached: int) -> list[Event]:
    """Return the entries that the last transaction wrote."""
    statement = select(*events.COLUMNS).where(journal.c.id > reached).order_by(journal.c.id)
    with app.engine.connect() as connection:
        return [events.event(row) for row in connection.execute(statement)]


def newest(connection: Connection) -> int:
    """Return the id of the newest entry of the journal."""
    return int(connection.execute(select(func.coalesce(func.max(journal.c.id), 0))).scalar_one())
