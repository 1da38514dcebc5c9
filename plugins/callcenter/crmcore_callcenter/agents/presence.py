"""Taking in what agents are doing: as they or telephone systems say, and as follows from calls.

What was said, and who took part in which call, is kept once; the periods are reckoned from that alone. So news that
comes twice, or late, leads to the same periods.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import delete, insert, select

from crmcore.api import ApplyTransaction, Change, Denied, Transaction
from crmcore_callcenter.agents.finding import AnyTransaction, Ours
from crmcore_callcenter.agents.periods import Reach, renew
from crmcore_callcenter.agents.reckoning import LONGEST, Span
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.protocol.events import AgentEvent
from crmcore_callcenter.tables import agent, call, leg, presence_call, presence_mark

_SPAN = ("agent_id", "call_id", "rang_at", "answered_at", "ended_at", "wraps", "wrapped_at")


@frozen(kw_only=True)
class Noted:
    """How many words of agents were new, which they are, and the names by which nobody of us is known."""

    new: int
    unknown: tuple[str, ...] = ()
    fresh: tuple[AgentEvent, ...] = ()


def note(tx: AnyTransaction, said: Sequence[AgentEvent], ours: Ours | None = None) -> Noted:
    """Take in that agents came, paused, went on or left; what was taken in before changes nothing.

    A bounded number of statements, however many there are. Without a time it is now.
    """
    ours = ours or (Ours(tx) if said else None)
    new: dict[tuple[int, str, str], AgentEvent] = {}
    unknown: dict[str, None] = {}
    for one in said:
        found = ours.agent(one.agent, system=one.system) if ours else None
        if found is None:
            unknown[one.agent] = None
        else:
            new.setdefault((found.id, one.source, one.key), one)
    m = presence_mark.c
    if new:
        tx.lock(CallAgent, *{key[0] for key in new})
        wanted = select(m.agent_id, m.source, m.key).where(
            m.agent_id.in_({key[0] for key in new}), m.key.in_({key[2] for key in new})
        )
        for row in tx.rows(wanted):
            new.pop((row.agent_id, row.source, row.key), None)
    _keep(tx, new)
    return Noted(new=len(new), unknown=tuple(unknown), fresh=tuple(new.values()))


def say(tx: Transaction, agent_id: int, state: str, reason: str = "") -> None:
    """Say that an agent is available, paused or offline now, in all queues; the journal has it.

    Raises `Denied` for somebody else's state where the actor may change own records only.
    """
    owner = tx.value(select(agent.c.user_id).where(agent.c.id == agent_id))
    if tx.scope.write == "none" or (tx.scope.write != "all" and owner != tx.actor.user_id):
        raise Denied(_("{login} may not say what another agent does.").format(login=tx.actor.login))
    key = str(tx.new_id())
    told = AgentEvent(system="", source="desk", agent="", state=state, key=key, at=tx.now, reason=reason.strip())
    _keep(tx, {(agent_id, told.source, key): told})
    tx.record("callcenter_call_agent.presence", agent.name, agent_id, {"state": state, "reason": told.reason})


def _keep(tx: AnyTransaction, new: Mapping[tuple[int, str, str], AgentEvent]) -> None:
    if not new:
        return
    tx.execute(
        insert(presence_mark),
        [
            {
                "id": tx.new_id(), "agent_id": agent_id, "source": source, "key": key, "at": one.at or tx.now,
                "state": one.state, "reason": one.reason, "queue": one.queue.strip().casefold(),
            }
            for (agent_id, source, key), one in new.items()
        ],
    )  # fmt: skip
    reach: dict[int, Reach] = {}
    for (agent_id, _source, _key), one in new.items():
        reach[agent_id] = Reach(first=one.at or tx.now, last=None).and_(reach.get(agent_id))
    renew(tx, reach)


def follow(tx: AnyTransaction, call_ids: Collection[int], ours: Ours | None = None) -> None:
    """Take in what agents did in calls: whose legs, end or wrap-up changed, and which are gone.

    The calls and their legs are written before. A bounded number of statements; `ours` is read where it is not given,
    and a call out of the house has no leg of its caller.
    """
    ids = set(call_ids)
    if not ids:
        return
    s = presence_call.c
    held: dict[int, set[tuple[int, Span]]] = defaultdict(set)
    for row in tx.rows(select(*(s[name] for name in _SPAN)).where(s.call_id.in_(ids))):
        held[row.call_id].add((row.agent_id, Span(**{name: getattr(row, name) for name in _SPAN[1:]})))
    now = _spans(tx, ids, ours)
    changed = {key for key in ids if held[key] != now[key]}
    if any(held[key] for key in changed):
        tx.execute(delete(presence_call).where(s.call_id.in_(changed)))
    rows = [each for key in sorted(changed) for each in now[key]]
    if rows:
        tx.execute(
            insert(presence_call),
            [
                {"id": tx.new_id(), "agent_id": agent_id, **{name: getattr(span, name) for name in _SPAN[1:]}}
                for agent_id, span in rows
            ],
        )
    reach: dict[int, Reach] = {}
    for key in changed:
        for agent_id, span in held[key] ^ now[key]:
            last = None if span.ended_at is None else max(span.ended_at, span.rang_at) + LONGEST
            reach[agent_id] = Reach(first=span.rang_at, last=last).and_(reach.get(agent_id))
    renew(tx, reach)


def keep(changes: Sequence[Change], tx: ApplyTransaction) -> None:
    """Follow calls that were summed up, or are gone."""
    follow(
        tx,
        [
            one.id
            for one in changes
            if one.entity == call.name
            and (one.action == "removed" or (one.action == "changed" and "wrapped_at" in one.after))
        ],
    )


def _spans(tx: AnyTransaction, ids: Collection[int], ours: Ours | None) -> dict[int, set[tuple[int, Span]]]:
    """Return by call the agents who took part: who was rung, and who of us called."""
    c, g = call.c, leg.c
    calls = {
        row.id: row
        for row in tx.rows(
            select(
                c.id, c.system, c.direction, c.from_number, c.started_at, c.answered_at, c.ended_at, c.wrapped_at
            ).where(c.id.in_(ids))
        )
    }
    found: dict[int, set[tuple[int, Span]]] = defaultdict(set)
    legs = select(g.call_id, g.agent_id, g.rang_at, g.answered, g.answered_at, g.ended_at)
    for row in tx.rows(legs.where(g.call_id.in_(ids), g.agent_id.is_not(None))) if calls else ():
        one = calls.get(row.call_id)
        if one is not None:
            rang_at = row.rang_at or row.answered_at or one.started_at
            answered_at = row.answered_at or (max(one.answered_at or rang_at, rang_at) if row.answered else None)
            found[row.call_id].add((row.agent_id, _part(one, rang_at, answered_at, row.ended_at)))
    called = [one for one in calls.values() if one.direction in ("out", "internal") and one.from_number]
    ours = ours or (Ours(tx) if called else None)
    for one in called:
        caller = ours.agent(one.from_number, system=one.system) if ours else None
        if caller is not None and caller.id not in {each for each, _span in found[one.id]}:
            found[one.id].add((caller.id, _part(one, one.started_at, one.answered_at, None)))
    return found


def _part(one: Any, rang_at: datetime, answered_at: datetime | None, ended_at: datetime | None) -> Span:
    """Return a part in a call (its row), which ends with the call at the latest; calls within the house need no sum."""
    return Span(
        call_id=one.id, rang_at=rang_at, answered_at=answered_at, ended_at=ended_at or one.ended_at,
        wraps=one.direction != "internal", wrapped_at=one.wrapped_at,
    )  # fmt: skip
