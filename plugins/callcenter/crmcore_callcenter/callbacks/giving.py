"""Callbacks by hand: who asks for one, who takes the next that may be called, how it ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import field, frozen
from sqlalchemy import or_, select

from crmcore.api import Act, Decision, InvalidInput, NotFound, permit_all
from crmcore_callcenter.callbacks.owed import AnyTransaction
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import Callback
from crmcore_callcenter.tables import agent, call, callback, member, queue

_STEPS = (10, 90, 400, 1_500)
"""So many callbacks are asked about at once: most often one of the first may be made."""


@frozen(kw_only=True)
class LeftOut:
    """A callback that is due earlier than the one given, and why nobody may call it now; `until` when that ends."""

    id: int
    number: str
    reasons: tuple[str, ...]
    until: datetime | None


@frozen(kw_only=True)
class Given:
    """The callback to be called now, if there is one, and those left out before it; `warnings` are of the one given."""

    id: int | None = None
    warnings: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = field(default=())


def take(tx: AnyTransaction, *, queue_id: int | None = None) -> Given:
    """Give the actor the callback that is due first and may be called now: policy is asked, with the queue's purpose.

    Without a queue it is one of those the actor answers, or of any where they answer none. What others took lately, and
    who was called in vain a moment ago, is not given. Of numbers that nobody is known by policy knows nothing.
    """
    b, now = callback.c, tx.now
    tx.flush()
    lately = now - timedelta(minutes=tx.setting("callcenter.callback_take_minutes"))
    wanted = (
        select(b.id, b.number, b.contact_id, b.customer_id, b.call_id, queue.c.purpose)
        .select_from(callback.outerjoin(queue, queue.c.id == b.queue_id))
        .where(
            b.status == "open",
            or_(b.next_at.is_(None), b.next_at <= now),
            or_(b.owner_id.is_(None), b.owner_id == tx.actor.user_id, b.taken_at.is_(None), b.taken_at < lately),
        )
        .order_by(b.due_at, b.id)
    )
    queues = [queue_id] if queue_id else _answered(tx)
    if queues:
        wanted = wanted.where(b.queue_id.in_(queues) if queue_id else or_(b.queue_id.in_(queues), b.queue_id.is_(None)))
    left: list[LeftOut] = []
    for place, step in enumerate(_STEPS):
        rows = tx.rows(wanted.offset(sum(_STEPS[:place])).limit(step))
        tx.lock(Callback, *(row.id for row in rows))
        free = {row.id for row in tx.rows(wanted.where(b.id.in_([row.id for row in rows])))} if rows else set()
        for row, decision in _asked(tx, [row for row in rows if row.id in free]):
            if decision is None or decision.allowed:
                record = tx.get(Callback, row.id)
                record.owner_id, record.taken_at = tx.actor.user_id or None, now
                return Given(
                    id=row.id, warnings=() if decision is None else decision.reasons, left_out=tuple(left)
                )  # fmt: skip
            left.append(LeftOut(id=row.id, number=row.number, reasons=decision.reasons, until=decision.until))
        if len(rows) < step:
            break
    return Given(left_out=tuple(left))


def _answered(tx: AnyTransaction) -> list[int]:
    """Return the queues that the actor answers."""
    m, a = member.c, agent.c
    wanted = select(m.queue_id).join(agent, a.id == m.agent_id)
    return [row.queue_id for row in tx.rows(wanted.where(a.user_id == tx.actor.user_id, a.active.is_(True)))]


def _asked(tx: AnyTransaction, rows: Sequence[Any]) -> list[tuple[Any, Decision | None]]:
    """Return what policy says of each, None where nobody is known by the number."""
    parties = _parties(tx, rows)
    acts = {
        row.id: Act(
            kind="contact", channel="call", purpose=row.purpose or "service", at=tx.now,
            contact_id=parties[row.id][0], customer_id=parties[row.id][1],
        )
        for row in rows
        if any(parties[row.id])
    }  # fmt: skip
    said = dict(zip(acts, permit_all(tx, list(acts.values())), strict=True)) if acts else {}
    return [(row, said.get(row.id)) for row in rows]


def _parties(tx: AnyTransaction, rows: Sequence[Any]) -> dict[int, tuple[int | None, int | None]]:
    """Return who is to be called: as the callback says, or as its call says by now."""
    c = call.c
    unknown = {row.call_id for row in rows if row.call_id and not (row.contact_id or row.customer_id)}
    calls = tx.rows(select(c.id, c.contact_id, c.customer_id).where(c.id.in_(unknown))) if unknown else ()
    later = {row.id: (row.contact_id, row.customer_id) for row in calls}
    return {
        row.id: (row.contact_id, row.customer_id)
        if row.contact_id or row.customer_id
        else later.get(row.call_id, (None, None))
        for row in rows
    }


def end(tx: AnyTransaction, record: Callback, *, status: str, why: str) -> None:
    """End a callback by hand: done or given_up, and why; raises `InvalidInput` for one that has ended."""
    if record.status != "open":
        raise InvalidInput(_("Callback {id} has ended already: {why}.").format(id=record.id, why=_(record.why)))
    if status == "given_up" and not why.strip():
        raise InvalidInput(_("Say why nobody calls them back."))
    record.status, record.why, record.done_at = status, why.strip(), tx.now
    record.owner_id = record.owner_id or tx.actor.user_id or None


def ask(tx: AnyTransaction, call_id: int, *, at: datetime | None = None, note: str = "") -> Callback:
    """Open a callback for whoever asked for one in a call, at an instant, or as soon as somebody can.

    Raises `NotFound` for a call that is absent, and `InvalidInput` for one with nobody outside or no number.
    """
    c = call.c
    row = tx.first(select(call).where(c.id == call_id))
    if row is None:
        raise NotFound(_("There is no call {id}.").format(id=call_id))
    number, normal = (row.from_number, row.from_normal) if row.direction == "in" else (row.to_number, row.to_normal)
    if row.direction not in ("in", "out") or not normal:
        raise InvalidInput(_("Call {id} has no number of somebody outside to call back.").format(id=call_id))
    return tx.add(
        Callback(
            asked_at=tx.now, due_at=at or tx.now, next_at=at, call_id=call_id, queue_id=row.queue_id,
            contact_id=row.contact_id, customer_id=row.customer_id, number=number, normal=normal, note=note,
        )
    )  # fmt: skip
