"""Who stands where in the journal: reading, locking and moving the positions of subscribers."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, Row, select, update

from crmcore.engine import clock
from crmcore.engine.positions import NO_TRANSACTION, OPEN, End, Position, end_columns
from crmcore.engine.tables import journal, subscription
from crmcore.engine.transaction import Transaction

_LOOKED_AHEAD = 1000


@frozen(kw_only=True)
class Standing:
    """The position of a subscriber, and how far the journal is settled."""

    position: Position
    end: End


def everybody(connection: Connection) -> tuple[dict[str, Position], End]:
    """Return the positions of all subscribers by name, and how far the journal is settled."""
    until, newest = end_columns(connection.dialect)
    c = subscription.c
    found = connection.execute(select(c.name, c.xid, c.until, c.event_id, until, newest)).all()
    if not found:
        return {}, End(until=0, event_id=0)
    return {row.name: _position(row) for row in found}, _end(found[0])


def lock(tx: Transaction, name: str) -> Standing | None:
    """Take a subscription for this transaction; None when another worker has it, or there is none of the name."""
    tx.begin()
    until, newest = end_columns(tx.connection.dialect)
    c = subscription.c
    statement = select(c.xid, c.until, c.event_id, until, newest).where(c.name == name)
    row = tx.connection.execute(statement.with_for_update(skip_locked=True, of=subscription)).first()
    return None if row is None else Standing(position=_position(row), end=_end(row))


def move(connection: Connection, name: str, to: Position) -> None:
    """Move a subscriber whose subscription this transaction has taken."""
    _move(connection, subscription.c.name == name, to)


def skip(connection: Connection, names: Iterable[str], position: Position, end: End) -> None:
    """Move subscribers to the end, over entries that are none of their business; not who is being told of others."""
    c = subscription.c
    still = (c.name.in_(list(names)), c.xid == position.xid, c.until == position.until)
    here = select(c.name).where(*still, c.event_id == position.event_id).with_for_update(skip_locked=True)
    _move(connection, c.name.in_(list(connection.execute(here).scalars())), end.position())


def _move(connection: Connection, who: ColumnElement[bool], to: Position) -> None:
    values = {"xid": to.xid, "until": to.until, "event_id": to.event_id, "at": clock.now()}
    connection.execute(update(subscription).where(who).values(**values))


def ahead(connection: Connection, position: Position, end: End) -> frozenset[str] | None:
    """Return the types of all entries that came since; None when there are too many to look at them before."""
    c = journal.c
    if position.is_through:
        inside = [c.xid >= position.until, c.xid < end.until]
        if connection.dialect.name != "sqlite":
            inside.append(c.xid != NO_TRANSACTION)  # as the index over xid has it
    elif position.until == end.until == OPEN:
        inside = [position.rest()]
    else:
        return None
    kinds = list(connection.execute(select(c.type).where(*inside).limit(_LOOKED_AHEAD)).scalars())
    return frozenset(kinds) if len(kinds) < _LOOKED_AHEAD else None


def _position(row: Row[Any]) -> Position:
    return Position(xid=row.xid, until=row.until, event_id=row.event_id)


def _end(row: Row[Any]) -> End:
    return End(until=row.end_until, event_id=row.end_id)


def groups(positions: Mapping[str, Position]) -> dict[Position, list[str]]:
    """Return who stands at the same position."""
    together: dict[Position, list[str]] = {}
    for name, position in positions.items():
        together.setdefault(position, []).append(name)
    return together
