"""Delivering until nothing is left to do, or the time is over."""

from collections.abc import Iterator, Mapping
from time import monotonic

from attrs import frozen
from sqlalchemy import Connection, select

from crmcore.app import App
from crmcore.delivery import standing
from crmcore.delivery.consumers import Consumer, consumers
from crmcore.delivery.handling import Outcome
from crmcore.delivery.pump import pump
from crmcore.delivery.rules import Rules, rules
from crmcore.delivery.waiting import is_due, retry
from crmcore.engine import clock, migrate, positions
from crmcore.engine.positions import End, Position
from crmcore.engine.tables import delivery


@frozen(kw_only=True)
class Report:
    """What was delivered: events handled, failed (they are tried again later), set behind those, cut off as loops.

    `is_idle` says that nothing is left to do now.
    """

    handled: int = 0
    failed: int = 0
    behind: int = 0
    cut: int = 0
    is_idle: bool = True


@frozen(kw_only=True)
class _Work:
    """What there is to do: whom to tell of new events, for whom to try again, and who can pass over what is new."""

    consumers: Mapping[str, Consumer]
    rules: Rules
    fresh: tuple[str, ...]
    behind: tuple[str, ...]
    due: tuple[str, ...]
    passing: tuple[tuple[tuple[str, ...], Position], ...]
    end: End


def deliver(app: App, *, seconds: float = 60.0, until_idle: bool = True) -> Report:
    """Tell those who listen of what happened, and try again what is due: for `seconds`, or until nothing is left.

    Without `until_idle` each subscriber is told of one batch. Safe to call from any number of processes at once.
    """
    ends = monotonic() + seconds
    total = Outcome()
    while True:
        done = _round(app, ends)
        total = total + done
        over = monotonic() >= ends
        if over or not done.moved or not until_idle:
            return Report(
                handled=total.handled,
                failed=total.failed,
                behind=total.behind,
                cut=total.cut,
                is_idle=not done.moved,
            )


def _round(app: App, ends: float) -> Outcome:
    """Let everybody who is behind be told of a batch."""
    done = Outcome()
    work = _work(app)
    if work.fresh:
        with migrate.locked(app.engine) as connection:
            positions.begin_new(connection, work.fresh)
    for name in work.behind:
        done = done + pump(app, name, work.rules)
        if monotonic() >= ends:
            return done
    for name in work.due:
        done = done + retry(app, name, work.rules)
        if monotonic() >= ends:
            return done
    if work.passing:
        with app.transaction() as tx:
            tx.begin()
            for names, position in work.passing:
                standing.skip(tx.connection, names, position, work.end)
    return done


def _work(app: App) -> _Work:
    with app.read() as reader:
        connection = reader.connection
        here = consumers(app.assembly.dispatcher, app.assembly.definitions)
        if not here:
            return _Work(
                consumers={}, rules=Rules(), fresh=(), behind=(), due=(), passing=(), end=End(until=0, event_id=0)
            )
        found, end = standing.everybody(connection)
        behind: list[str] = []
        passing: list[tuple[tuple[str, ...], Position]] = []
        for position, names in standing.groups({name: found[name] for name in here if name in found}).items():
            kinds = standing.ahead(connection, position, end)
            wanting = [name for name in names if kinds is None or any(here[name].wants(kind) for kind in kinds)]
            behind += wanting
            if kinds and len(wanting) < len(names):
                passing.append((tuple(name for name in names if name not in wanting), position))
        return _Work(
            consumers=here,
            rules=rules(connection),
            fresh=tuple(name for name in here if name not in found),
            behind=tuple(name for name in here if name in behind),
            due=tuple(name for name in _due(connection) if name in here),
            passing=tuple(passing),
            end=end,
        )


def _due(connection: Connection) -> Iterator[str]:
    statement = select(delivery.c.subscription).where(is_due(clock.now())).distinct()
    yield from connection.execute(statement).scalars()
