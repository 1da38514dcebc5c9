"""Keeping the periods of agents: what may have changed is reckoned anew, and only what differs is written."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, frozen
from sqlalchemy import and_, delete, func, insert, or_, select

from crmcore_callcenter.agents.finding import AnyReader, AnyTransaction
from crmcore_callcenter.agents.reckoning import LONGEST, Mark, Period, Span, periods
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.tables import presence, presence_call, presence_mark

_PERIOD = ("from_at", "until_at", "state", "reason", "call_id")


@frozen(kw_only=True)
class Reach:
    """From when to when something may have changed what an agent did; `last` is None where it holds on."""

    first: datetime
    last: datetime | None

    def and_(self, other: "Reach | None") -> "Reach":
        """Return what both reach over together."""
        if other is None:
            return self
        last = None if self.last is None or other.last is None else max(self.last, other.last)
        return Reach(first=min(self.first, other.first), last=last)


def renew(tx: AnyTransaction, reach: Mapping[int, Reach]) -> None:
    """Reckon anew what agents did, each over what changed: eight statements, however many agents and periods.

    Nobody else changes the same agents' periods meanwhile.
    """
    if not reach:
        return
    tx.lock(CallAgent, *reach)
    whole = Reach(first=next(iter(reach.values())).first, last=next(iter(reach.values())).last)
    for one in reach.values():
        whole = one.and_(whole)
    wrapping = min(timedelta(seconds=tx.setting("callcenter.wrap_seconds")), LONGEST)
    held = _held(tx, reach, whole)
    marks, spans = _marks(tx, reach, whole), _spans(tx, reach, whole)
    gone: list[int] = []
    new: list[dict[str, Any]] = []
    for agent_id in sorted(reach):
        old = held.get(agent_id, {})
        reckoned = periods(marks.get(agent_id, ()), spans.get(agent_id, ()), wrapping=wrapping)
        now = _joined(_outside(old.values(), whole), _within(reckoned, whole))
        kept = set(now) & set(old.values())
        gone += [key for key, one in old.items() if one not in kept]
        new += [
            {"id": tx.new_id(), "agent_id": agent_id, **{name: getattr(one, name) for name in _PERIOD}}
            for one in now
            if one not in kept
        ]
    if gone:
        tx.execute(delete(presence).where(presence.c.id.in_(gone)))
    if new:
        tx.execute(insert(presence), new)


def _held(reader: AnyReader, agents: Collection[int], over: Reach) -> dict[int, dict[int, Period]]:
    """Return by agent and id the periods that lie in what changed, or touch it."""
    p = presence.c
    near = [p.agent_id.in_(agents), or_(p.until_at.is_(None), p.until_at >= over.first)]
    if over.last is not None:
        near.append(p.from_at <= over.last)
    found: dict[int, dict[int, Period]] = defaultdict(dict)
    for row in reader.rows(select(p.id, p.agent_id, *(p[name] for name in _PERIOD)).where(*near).order_by(p.from_at)):
        found[row.agent_id][row.id] = Period(**{name: getattr(row, name) for name in _PERIOD})
    return found


def _marks(reader: AnyReader, agents: Collection[int], over: Reach) -> dict[int, list[Mark]]:
    """Return by agent what was said, in order: in the time that changed, and last before in each queue."""
    m, since = presence_mark.c, over.first - LONGEST
    before = (
        select(m.agent_id, m.queue, func.max(m.at).label("at"))
        .where(m.agent_id.in_(agents), m.at < since)
        .group_by(m.agent_id, m.queue)
        .subquery()
    )
    columns = (m.id, m.agent_id, m.at, m.state, m.reason, m.queue)
    last = select(*columns).join(
        before, and_(m.agent_id == before.c.agent_id, m.queue == before.c.queue, m.at == before.c.at)
    )
    within = [m.agent_id.in_(agents), m.at >= since, *([m.at <= over.last] if over.last is not None else [])]
    rows = [*reader.rows(last), *reader.rows(select(*columns).where(*within))]
    found: dict[int, list[Mark]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: (each.at, each.id)):
        found[row.agent_id].append(Mark(at=row.at, state=row.state, reason=row.reason, queue=row.queue))
    return found


def _spans(reader: AnyReader, agents: Collection[int], over: Reach) -> dict[int, list[Span]]:
    """Return by agent the calls that they took part in, or summed up, in the time that changed."""
    s = presence_call.c
    near = [s.agent_id.in_(agents), or_(s.ended_at.is_(None), s.ended_at >= over.first - LONGEST)]
    if over.last is not None:
        near.append(s.rang_at <= over.last)
    columns = (s.call_id, s.rang_at, s.answered_at, s.ended_at, s.wraps, s.wrapped_at)
    wanted = select(s.agent_id, *columns).where(*near).order_by(s.rang_at, s.call_id, s.id)
    found: dict[int, list[Span]] = defaultdict(list)
    for row in reader.rows(wanted):
        found[row.agent_id].append(Span(**{column.name: getattr(row, column.name) for column in columns}))
    return found


def _within(found: Collection[Period], over: Reach) -> list[Period]:
    """Return what of periods lies in the time that changed."""
    kept = []
    for one in found:
        until = one.until_at
        if over.last is not None and (until is None or until > over.last):
            until = over.last
        from_at = max(one.from_at, over.first)
        if until is None or until > from_at:
            kept.append(evolve(one, from_at=from_at, until_at=until))
    return kept


def _outside(held: Collection[Period], over: Reach) -> list[Period]:
    """Return what of periods lies outside the time that changed."""
    kept = []
    for one in held:
        if one.from_at < over.first:
            until = over.first if one.until_at is None else min(one.until_at, over.first)
            kept.append(evolve(one, until_at=until))
        if over.last is not None and (one.until_at is None or one.until_at > over.last):
            kept.append(evolve(one, from_at=max(one.from_at, over.last)))
    return kept


def _joined(one: Collection[Period], other: Collection[Period]) -> list[Period]:
    """Return periods in order, neighbours that are the same as one."""
    found: list[Period] = []
    for each in sorted([*one, *other], key=lambda each: each.from_at):
        same = bool(found) and evolve(found[-1], from_at=each.from_at, until_at=each.until_at) == each
        if same and found[-1].until_at == each.from_at:
            found[-1] = evolve(found[-1], until_at=each.until_at)
        else:
            found.append(each)
    return found
