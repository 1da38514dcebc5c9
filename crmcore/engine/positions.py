"""Where each subscriber stands in the journal, which is the outbox: nobody but the reader moves a position.

Ids are drawn before a transaction commits, so a late commit brings ids that are lower than some already read. On
PostgreSQL entries therefore carry their transaction's id (`xid`), and are read in windows: those of the transactions
from `xid` on to the one before `until`. A window is opened only up to the oldest transaction that still runs, so all
of it is settled, and within it ids are in the order in which changes of one record were made. Who began early may have
changed a record last: while what was changed before it lies beyond the window, that is not opened yet. SQLite has one
writer at a time: its ids are in the order of commits, and all its entries have xid 0, in one window that stays open.
"""

from collections.abc import Iterable

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, Dialect, and_, delete, func, insert, literal_column, select, update

from crmcore.engine import clock
from crmcore.engine.tables import job, journal, schedule, subscription
from crmcore.engine.types import Id

OPEN = 1
"""Where SQLite's window ends: after all transactions of number 0."""

_SETTLED: ColumnElement[int] = literal_column("(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)", Id)
NO_TRANSACTION: ColumnElement[int] = literal_column("0", Id)
"""No transaction's number, as no parameter: the index over xid holds the entries whose xid is another."""


@frozen(kw_only=True)
class Position:
    """A window of transactions, from `xid` to before `until`, of which entries up to `event_id` were heard."""

    xid: int
    until: int
    event_id: int

    @property
    def is_through(self) -> bool:
        """Return whether the window holds nothing more, so that another is to be opened."""
        return self.xid >= self.until

    def rest(self) -> ColumnElement[bool]:
        """Return the condition on journal entries that are in the window and not heard of.

        Order them by id. Nothing is added to `xid` but 0, which keeps a database from going through the window by
        its transactions, sorting all of it for each batch.
        """
        of = journal.c.xid + 0
        return and_(journal.c.id > self.event_id, of >= self.xid, of < self.until)


@frozen(kw_only=True)
class End:
    """How far the journal is settled: up to before transaction `until`, and on SQLite up to entry `event_id`."""

    until: int
    event_id: int

    def position(self) -> Position:
        """Return the position of one who heard of everything."""
        return Position(xid=0 if self.until == OPEN else self.until, until=self.until, event_id=self.event_id)

    def after(self, position: Position) -> Position:
        """Return where one stands who has gone through a window."""
        if position.until == self.until == OPEN:
            return Position(xid=position.xid, until=OPEN, event_id=max(self.event_id, position.event_id))
        return Position(xid=position.until, until=position.until, event_id=0)


def end_columns(dialect: Dialect) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return what to select, as `end_until` and `end_id`, to make an `End` of."""
    if dialect.name == "sqlite":
        newest = select(func.coalesce(func.max(journal.c.id), 0)).scalar_subquery()
        return literal_column(str(OPEN), Id).label("end_until"), newest.label("end_id")
    return _SETTLED.label("end_until"), NO_TRANSACTION.label("end_id")


def end(connection: Connection) -> End:
    """Return how far the journal is settled now."""
    row = connection.execute(select(*end_columns(connection.dialect))).one()
    return End(until=row.end_until, event_id=row.end_id)


def opened(connection: Connection, position: Position, reached: End) -> Position | None:
    """Return the next window after one that is gone through; None when nothing came since that can be told yet."""
    if reached.until <= position.until:
        return None
    c = journal.c
    inside = [c.xid >= position.until, c.xid < reached.until]
    if connection.dialect.name != "sqlite":
        inside.append(c.xid != NO_TRANSACTION)  # what the index over xid holds; the window is after 0 anyway
    ends = select(func.min(c.id + 0), func.max(c.id + 0)).where(*inside)  # + 0: not along the primary key
    first, last = connection.execute(ends).one()
    if first is None:
        return End(until=reached.until, event_id=reached.event_id).position()
    if connection.dialect.name != "sqlite" and _is_ahead(connection, inside, reached.until, last):
        return None
    return Position(xid=position.until, until=reached.until, event_id=first - 1)


def _is_ahead(connection: Connection, inside: list[ColumnElement[bool]], until: int, last: int) -> bool:
    """Return whether a window up to the entry `last` has one about a record of which an earlier one is beyond it."""
    c, beyond = journal.c, journal.alias("beyond")
    earlier = and_(beyond.c.subject_id == c.subject_id, beyond.c.id < c.id)
    late = (beyond.c.xid >= until, beyond.c.xid != NO_TRANSACTION, beyond.c.id < last)
    found = select(c.id).join(beyond, earlier).where(*inside, *late).limit(1)
    return connection.execute(found).first() is not None


def begin(connection: Connection, names: Iterable[str]) -> None:
    """Let subscribers, who are named as the plugins they are, hear from now on: not of what happened before.

    Called in the transaction that enables a plugin. What it missed while it was disabled stays untold, its schedules
    and jobs begin anew, deliveries that failed before are tried again.
    """
    wanted = list(names)
    if not wanted:
        return
    here = end(connection).position()
    for table in (schedule, job):
        connection.execute(delete(table).where(table.c.plugin.in_(wanted)))
    connection.execute(delete(subscription).where(subscription.c.name.in_(wanted)))
    connection.execute(
        insert(subscription),
        [
            {
                "name": name, "plugin": name, "at": clock.now(),
                "xid": here.xid, "until": here.until, "event_id": here.event_id,
            }
            for name in wanted
        ],
    )  # fmt: skip


def begin_new(connection: Connection, names: Iterable[str]) -> bool:
    """Let those of the subscribers hear from now on that were never seen before; return whether there were any."""
    known = set(connection.execute(select(subscription.c.name)).scalars())
    fresh = [name for name in names if name not in known]
    begin(connection, fresh)
    return bool(fresh)


def renumber(connection: Connection) -> None:
    """Make transactions of another database older than all of this one, in the same order: after a restore.

    Positions keep their meaning: what was waiting when the backup was made still is, what was told stays told.
    """
    newest = connection.execute(select(func.max(journal.c.xid))).scalar() or 0
    furthest = connection.execute(select(func.max(subscription.c.until))).scalar() or 0
    shift = max(newest + 1, furthest)
    if shift <= OPEN:
        return
    connection.execute(update(journal).values(xid=journal.c.xid - shift))
    connection.execute(update(subscription).values(xid=subscription.c.xid - shift, until=subscription.c.until - shift))
