"""Delivering until nothing is left to do, or the time is over."""

from collections.abc import Callable, Iterator
from time import monotonic

from attrs import frozen
from sqlalchemy import Connection, select

from crmcore.app import App
from crmcore.delivery import standing
from crmcore.delivery.consumers import consumers
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

    rules: Rules
    fresh: tuple[str, ...]
    behind: tuple[str, ...]
    due: tuple[str, ...]
    passing: tuple[tuple[tuple[str, ...], Position], ...]
    end: End


def deliver(
    app: App, *, seconds: float = 60.0, until_idle: bool = True, stop: Callable[[], bool] = lambda: False
) -> Report:
    """Tell those who listen of what happened, and try again what is due: for `seconds`, or until nothing is left.

    Without `until_idle` each subscriber is told of one batch. `stop` is asked between batches whether to end early.
    Safe to call from any number of processes at once.
    """
    ends = monotonic() + seconds

    def is_over() -> bool:
        return stop() or monotonic() >= ends

    total = Outcome()
    while True:
        done = _round(app, is_over)
        total = total + done
        if not done.moved or not until_idle or is_over():
            return Report(
                handled=total.handled, failed=total.failed, behind=total.behind, cut=total.cut, is_idle=not done.moved
            )


def _round(app: App, is_over: Callable[[], bool]) -> Outcome:
    """Let everybody who is behind be told of a batch."""
    done = Outcome()
    work = _work(app)
    if work is None:
        return done
    if work.fresh:
        with migrate.locked(app.engine) as connection:
            positions.begin_new(connection, work.fresh)
    for tell, names in ((pump, work.behind), (retry, work.due)):
        for name in names:
            done = done + tell(app, name, work.rules)
            if is_over():
                return done
    if work.passing:
        with app.transaction() as tx:
            tx.begin()
            for passing, position in work.passing:
                standing.skip(tx.connection, passing, position, work.end)
    return done


def _work(app: App) -> _Work | None:
    """Return what there is to do; None when nobody listens."""
    with app.read() as reader:
        connection = reader.connection
        here = consumers(app.assembly.dispatcher, app.assembly.definitions)
        if not here:
            return None
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
