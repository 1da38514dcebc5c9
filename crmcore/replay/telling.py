"""Telling a plugin the past: each entry of the journal in its order, at its time, in a transaction of its own."""

import os
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

_NOW = "CRM_NOW"  # sets the clock (crmcore.engine.clock); the sandbox puts it back

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
    """Tell a plugin the entries of a period up to entry `last`, and then those that its own effects led to.

    Effects are followed round by round, as deep as deliveries go. `most` failures are kept. A failure undoes what was
    done about that entry only.
    """
    done = Told()
    assembly = app.assembly
    consumer = consumers(assembly.dispatcher, assembly.definitions).get(plugin)
    if consumer is None:
        return done
    with app.engine.connect() as connection:
        depth = rules(connection).depth
    for event in _entries(app, consumer.interest() & within(since, until), 0, last):
        done.told += 1
        _handle(app, consumer, event, done, most)
    reached = last
    while (end := _newest(app)) > reached:
        for event in _entries(app, consumer.interest() & (journal.c.depth < depth), reached, end):
            done.followed += 1
            _handle(app, consumer, event, done, most)
        reached = end
    return done


def _handle(app: App, consumer: Consumer, event: Event, done: Told, most: int) -> None:
    """Let a plugin handle an entry, at its time."""
    os.environ[_NOW] = event.at.isoformat()
    try:
        with app.transaction(cause=f"{consumer.cause} on {event.type} #{event.id}", caused_by=event) as tx:
            consumer.handle(tx, event)
    except (Exception, SystemExit) as error:  # noqa: BLE001 # a plugin may raise anything; the next entry is told
        if _is_about_gone(app, event, error):
            done.gone += 1
            return
        done.failures += 1
        if len(done.failed) < most:
            done.failed.append(Failed(event_id=event.id, type=event.type, at=event.at, why=why(error)))


def _is_about_gone(app: App, event: Event, error: BaseException) -> bool:
    """Return whether a failure comes from the copy being of today: the record is not there any more."""
    if not any(isinstance(one, IntegrityError | NotFound) for one in (error, error.__cause__)):
        return False
    of = next((each.table for each in app.assembly.entities if each.name == event.entity), None)
    if of is None:
        return False
    with app.engine.connect() as connection:
        return connection.execute(select(of.c.id).where(of.c.id == event.subject_id)).first() is None


def _entries(app: App, wanted: ColumnElement[bool], after: int, last: int) -> Iterator[Event]:
    """Yield entries in their order, from one to another, some at a time, so that memory does not grow."""
    while True:
        statement = (
            select(*events.COLUMNS)
            .where(journal.c.id > after, journal.c.id <= last, wanted)
            .order_by(journal.c.id)
            .limit(_AT_ONCE)
        )
        with app.engine.connect() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            return
        yield from map(events.event, rows)
        after = rows[-1].id


def newest(connection: Connection) -> int:
    """Return the id of the newest entry of the journal."""
    return int(connection.execute(select(func.coalesce(func.max(journal.c.id), 0))).scalar_one())


def _newest(app: App) -> int:
    with app.engine.connect() as connection:
        return newest(connection)
