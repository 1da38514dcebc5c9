"""Deliveries that did not succeed at once: listed, tried again, dropped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Row, Select, and_, delete, or_, select, tuple_, update

from crmcore.delivery.states import CUT, WAITING
from crmcore.engine.tables import delivery, journal
from crmcore.engine.transaction import Transaction
from crmcore.errors import Denied, InvalidInput, NotFound
from crmcore.i18n import _


@frozen(kw_only=True)
class Undelivered:
    """A delivery that did not succeed at once; `id` is the name of who listens, a colon, and the event's number."""

    id: str
    state: str
    type: str
    entity: str
    subject_id: int
    attempts: int
    next_at: datetime | None
    error: str
    at: datetime


def parsed(said: str) -> tuple[str, int]:
    """Return the name and event of a delivery's id; raises `InvalidInput` for what is none."""
    name, _colon, number = said.rpartition(":")
    if not name or not number.isdecimal():
        raise InvalidInput(
            _("“{said}” is no delivery; write it as PLUGIN:EVENT, as `crm delivery list` does.").format(said=said)
        )
    return name, int(number)


def page(connection: Connection, *, limit: int, after: str | None = None, state: str = "") -> list[Undelivered]:
    """Return deliveries by name and event, those after `after` (an id)."""
    c = delivery.c
    statement = _listed().order_by(c.subscription, c.event_id).limit(limit)
    if state:
        statement = statement.where(c.state == state)
    if after:
        statement = statement.where(tuple_(c.subscription, c.event_id) > parsed(after))
    return [_undelivered(row) for row in connection.execute(statement)]


def _listed() -> Select[Any]:
    c = delivery.c
    columns = (c.subscription, c.event_id, c.state, c.subject_id, c.attempts, c.next_at, c.error, c.at)
    return select(*columns, journal.c.type, journal.c.entity).join(journal, journal.c.id == c.event_id)


def _undelivered(row: Row[Any]) -> Undelivered:
    return Undelivered(
        id=f"{row.subscription}:{row.event_id}",
        **{
            name: getattr(row, name)
            for name in ("state", "type", "entity", "subject_id", "attempts", "next_at", "error", "at")
        },
    )


def retry(tx: Transaction, said: str) -> None:
    """Let a delivery be tried again at once, all its attempts anew; raises `NotFound` for one that is not there."""
    _must_manage(tx)
    if not _again(tx, _is(said)):
        raise NotFound(_("There is no delivery {said}; see `crm delivery list`.").format(said=said))


def retry_all(tx: Transaction) -> int:
    """Let everything that waits or is set aside be tried again at once; return how many. Cut-off loops stay cut."""
    _must_manage(tx)
    return _again(tx, delivery.c.state != CUT)


def _again(tx: Transaction, which: Any) -> int:
    values = {"state": WAITING, "attempts": 0, "next_at": tx.now, "at": tx.now}
    return tx.connection.execute(update(delivery).where(which).values(**values)).rowcount


def drop(tx: Transaction, ids: Sequence[str]) -> None:
    """Give up deliveries, which the journal tells of; what waits behind them goes on. Raises `NotFound`."""
    _must_manage(tx)
    wanted = or_(*[_is(said) for said in ids])
    found = {one.id: one for one in map(_undelivered, tx.connection.execute(_listed().where(wanted)))}
    for said in ids:
        if said not in found:
            raise NotFound(_("There is no delivery {said}; see `crm delivery list`.").format(said=said))
    tx.connection.execute(delete(delivery).where(wanted))
    for said in dict.fromkeys(ids):
        one = found[said]
        data = {"delivery": one.id, "state": one.state, "attempts": one.attempts, "error": one.error}
        tx.record("delivery.dropped", one.entity, one.subject_id, data)


def _is(said: str) -> Any:
    name, event_id = parsed(said)
    return and_(delivery.c.subscription == name, delivery.c.event_id == event_id)


def _must_manage(tx: Transaction) -> None:
    if not tx.scope.manages:
        raise Denied(_("Only an administrator decides on deliveries."))
