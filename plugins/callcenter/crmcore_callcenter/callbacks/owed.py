"""Whom we owe a callback: who gave up waiting, until we reach them or they reach us."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import or_, select

from crmcore.api import Calendar, NotFound, NotifyTransaction, PluginReader, Reader, Transaction, calendar_named
from crmcore_callcenter.callbacks.episodes import Past, go_on
from crmcore_callcenter.model.agent import Callback, CallQueue
from crmcore_callcenter.tables import call, callback, queue

AnyTransaction = Transaction | NotifyTransaction
MINUTES = 60
"""Within how many working minutes who called no queue is called back."""


@frozen(kw_only=True)
class Owed:
    """Ids of callbacks that calls opened, raised or ended; `withheld` are those of calls without a number: no callback.

    A callback may be in several.
    """

    opened: tuple[int, ...] = ()
    raised: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    withheld: tuple[int, ...] = ()


def ended(tx: AnyTransaction, call_ids: Collection[int]) -> Owed:
    """Take in that calls ended, as they stand: open callbacks, or raise them, and end those where somebody was reached.

    Somebody outside who gave up before anybody answered is called back, once however often they gave up in the same
    queue meanwhile, and not later than after the first time. Calls from before the setting `callcenter.callback_days`
    open none, nor do withheld numbers. Told again nothing changes. A bounded number of statements.
    """
    ids, c, b = set(call_ids), call.c, callback.c
    tx.flush()
    rows = tx.rows(
        select(c.id, c.direction, c.from_normal, c.to_normal, c.abandoned, c.ended_at, c.started_at, c.queue_id).where(
            c.id.in_(ids), c.direction.in_(("in", "out")), c.status == "ended"
        )
    )
    withheld = tuple(row.id for row in rows if row.direction == "in" and row.abandoned and not row.from_normal)
    told = {row.id: row for row in rows if _normal(row)}
    normals = {_normal(row) for row in told.values()}
    if not told:
        return Owed(withheld=withheld)
    gave_up = {row.queue_id for row in told.values() if row.direction == "in" and row.abandoned}
    if gave_up - {None}:
        tx.lock(CallQueue, *sorted(key for key in gave_up if key))  # who gives up twice at once is owed one callback
    first = min(row.ended_at or row.started_at for row in told.values())
    held = tx.load(Callback, b.normal.in_(normals), or_(b.status == "open", b.done_at >= first, b.call_id.in_(told)))
    if not held and not gave_up:
        return Owed(withheld=withheld)
    since = min([first, *(one.asked_at for one in held)])
    if since < first:
        known = {one.id for one in held}
        held += [one for one in tx.load(Callback, b.normal.in_(normals), b.done_at >= since) if one.id not in known]
    before = {one.id: (one.attempts, one.status) for one in held}
    past = _past(tx, normals, min([since, *(one.asked_at for one in held)]))
    opening = _Opening(tx, {one.row.queue_id for each in past.values() for one in each})
    retry = timedelta(minutes=tx.setting("callcenter.callback_retry_minutes"))
    owed = []
    for normal in sorted(normals):
        callbacks = [one for one in held if one.normal == normal]
        go_on(callbacks, past[normal], since=since, opening=opening, retry=retry)
        owed += [tx.add(one) if one.id == 0 else one for one in callbacks]
    return Owed(
        opened=tuple(one.id for one in owed if one.id not in before),
        raised=tuple(one.id for one in owed if one.id in before and one.attempts > before[one.id][0]),
        done=tuple(one.id for one in owed if one.status == "done" and before.get(one.id, (0, "open"))[1] == "open"),
        withheld=withheld,
    )


def _normal(row: Any) -> str:
    """Return the number of whoever is outside."""
    return str(row.from_normal if row.direction == "in" else row.to_normal)


def _past(tx: AnyTransaction, normals: Collection[str], since: datetime) -> dict[str, list[Past]]:
    """Return by number the ended calls with it, in order: one statement."""
    c = call.c
    rows = tx.rows(
        select(
            c.id, c.direction, c.from_normal, c.to_normal, c.from_number, c.abandoned, c.answered, c.answered_at,
            c.started_at, c.ended_at, c.queue_id, c.contact_id, c.customer_id, c.source, c.batch_id,
        ).where(
            c.status == "ended", c.direction.in_(("in", "out")), or_(c.ended_at >= since, c.started_at >= since),
            or_(c.from_normal.in_(normals), c.to_normal.in_(normals)),
        )
    )  # fmt: skip
    found: dict[str, list[Past]] = defaultdict(list)
    for row in rows:
        end = row.ended_at or row.started_at
        at = (row.answered_at or end) if row.answered else end
        found[_normal(row)].append(Past(id=row.id, at=at, ended_at=end, row=row))
    for each in found.values():
        each.sort(key=lambda one: (one.at, one.id))
    return found


class _Opening:
    """Gives the callback that a call opens: due as its queue promises, by the queue's calendar."""

    def __init__(self, reader: Reader | PluginReader, queue_ids: Collection[int | None]) -> None:
        q = queue.c
        wanted = select(q.id, q.calendar, q.callback_minutes).where(q.id.in_({key for key in queue_ids if key}))
        self._queues: Mapping[int, Any] = {row.id: row for row in reader.rows(wanted)}
        self._reader, self._calendars = reader, dict[str, Calendar]()
        self._since = reader.now - timedelta(days=reader.setting("callcenter.callback_days"))

    def __call__(self, one: Past) -> Callback | None:
        if one.ended_at < self._since:
            return None
        row = one.row
        return Callback(
            asked_at=one.ended_at, due_at=self.due(row.queue_id, one.ended_at), call_id=one.id, queue_id=row.queue_id,
            contact_id=row.contact_id, customer_id=row.customer_id, number=row.from_number, normal=row.from_normal,
            attempts=1, source=row.source, batch_id=row.batch_id,
        )  # fmt: skip

    def due(self, queue_id: int | None, at: datetime) -> datetime:
        """Return until when somebody who waited in a queue is called back."""
        held = self._queues.get(queue_id) if queue_id is not None else None
        if held is None:
            return self._calendar("").add(at, timedelta(minutes=MINUTES))
        return self._calendar(held.calendar).add(at, timedelta(minutes=held.callback_minutes))

    def _calendar(self, name: str) -> Calendar:
        if name not in self._calendars:
            try:
                self._calendars[name] = calendar_named(self._reader, name)
            except NotFound:  # it was taken away since: who gave up is called back all the same
                self._calendars[name] = calendar_named(self._reader)
        return self._calendars[name]
