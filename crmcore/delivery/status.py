"""How deliveries, schedules and jobs stand, for `crm doctor` and `crm delivery list`: read by a few statements."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, func, or_, select

from crmcore.delivery import standing
from crmcore.delivery.consumers import Consumer
from crmcore.delivery.states import CUT, PARKED, WAITING
from crmcore.delivery.workers import Working, workers
from crmcore.engine.positions import NO_TRANSACTION, Position
from crmcore.engine.tables import delivery, job, journal, schedule

COUNTED = 10_000
"""Up to how many events behind are counted."""


@frozen(kw_only=True)
class Lag:
    """How far one who listens is behind.

    `behind` counts events that it was not told of (10,000 stands for that and more), `oldest` is when the first of
    them happened; `waiting`, `parked` and `cut` count deliveries that did not succeed, `error` is the latest of theirs.
    """

    name: str
    behind: int
    oldest: datetime | None
    waiting: int
    parked: int
    cut: int
    error: str


@frozen(kw_only=True)
class Ticking:
    """A schedule: when it was last done and took how many seconds, when it is next, and how its last attempt failed."""

    plugin: str
    name: str
    next_at: datetime
    last_at: datetime | None
    seconds: float | None
    attempts: int
    error: str


@frozen(kw_only=True)
class Ongoing:
    """A job: who does it now, if one does alone (`host:number`), when it is next, and how its last attempt failed."""

    plugin: str
    name: str
    holder: str
    next_at: datetime
    attempts: int
    error: str


@frozen(kw_only=True)
class Status:
    """Everything about background work in a workspace."""

    lags: tuple[Lag, ...]
    schedules: tuple[Ticking, ...]
    jobs: tuple[Ongoing, ...]
    workers: tuple[Working, ...]


def status(connection: Connection, consumers: Mapping[str, Consumer]) -> Status:
    """Return how background work stands; `consumers` are those who listen (`crmcore.delivery.consumers`).

    A statement for each position at which somebody stands, and five more.
    """
    return Status(
        lags=tuple(_lags(connection, consumers)),
        schedules=tuple(_schedules(connection)),
        jobs=tuple(_jobs(connection)),
        workers=tuple(workers(connection)),
    )


def _lags(connection: Connection, consumers: Mapping[str, Consumer]) -> list[Lag]:
    found, _end = standing.everybody(connection)
    counts = _counts(connection)
    behind: dict[tuple[Position, tuple[str, ...]], tuple[int, datetime | None]] = {}
    lags = []
    for name, consumer in consumers.items():
        said = counts.get(name, {})
        key = (found[name], consumer.hears) if name in found else None
        if key is not None and key not in behind:
            behind[key] = _behind(connection, found[name], consumer)
        count, oldest = behind[key] if key is not None else (0, None)
        lags.append(
            Lag(
                name=name,
                behind=count,
                oldest=oldest,
                waiting=said.get(WAITING, 0),
                parked=said.get(PARKED, 0),
                cut=said.get(CUT, 0),
                error=said.get("error", ""),
            )
        )
    return lags


def _behind(connection: Connection, position: Position, consumer: Consumer) -> tuple[int, datetime | None]:
    first = select(journal.c.at).where(_beyond(connection, position), consumer.interest()).limit(COUNTED).subquery()
    row = connection.execute(select(func.count(), func.min(first.c.at)).select_from(first)).one()
    return row[0], row[1]


def _beyond(connection: Connection, position: Position) -> ColumnElement[bool]:
    """Return the condition on entries after a position, settled or not."""
    if connection.dialect.name == "sqlite" and not position.is_through and position.until > 0:
        return position.rest()
    after = journal.c.xid >= position.until
    if connection.dialect.name != "sqlite":
        after &= journal.c.xid != NO_TRANSACTION  # as the index over xid has it
    return after if position.is_through else or_(position.rest(), after)


def _counts(connection: Connection) -> dict[str, dict[str, Any]]:
    c = delivery.c
    statement = select(c.subscription, c.state, func.count()).group_by(c.subscription, c.state)
    counts: dict[str, dict[str, Any]] = {}
    for row in connection.execute(statement):
        counts.setdefault(row[0], {})[row[1]] = row[2]
    newest = select(c.subscription, func.max(c.at).label("at")).where(c.error != "").group_by(c.subscription).subquery()
    last = select(c.subscription, c.error).join(
        newest, (newest.c.subscription == c.subscription) & (newest.c.at == c.at)
    )
    for row in connection.execute(last.where(c.error != "")):
        counts[row.subscription]["error"] = row.error
    return counts


def _schedules(connection: Connection) -> list[Ticking]:
    c = schedule.c
    columns = (c.plugin, c.name, c.next_at, c.last_at, c.seconds, c.attempts, c.error)
    rows = connection.execute(select(*columns).order_by(c.plugin, c.name))
    return [Ticking(**row._mapping) for row in rows]


def _jobs(connection: Connection) -> list[Ongoing]:
    c = job.c
    columns = (c.plugin, c.name, c.holder, c.next_at, c.attempts, c.error)
    rows = connection.execute(select(*columns).order_by(c.plugin, c.name))
    return [Ongoing(**row._mapping) for row in rows]
