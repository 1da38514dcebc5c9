"""A call as its facts say: the record, and its legs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from crmcore_callcenter.agents.finding import AnyReader, AnyTransaction, Ours
from crmcore_callcenter.calls.facts import Facts
from crmcore_callcenter.calls.whom import IN, Sides, owner
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.tables import leg

QUEUE, RECORDINGS, SOURCES = "queue", "recordings", "sources"
"""In a call's details: the word of a queue that nobody has set up, all recordings where there are several, who told."""
_WITHHELD = frozenset({"anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "<unknown>", "null"})
"""What telephone systems write for a number that they do not tell."""
_ADDRESS = re.compile(r"(?:^|<)\s*sips?:([^@;>]*)", re.IGNORECASE)
"""Whom a SIP URI names, alone or behind a name (RFC 3261)."""
_GAVE_UP = frozenset({"cancelled", "completed"})
LEG = (
    "place", "device", "number", "name", "agent_id", "user_id", "rang_at", "answered", "answered_at", "ended_at",
    "reason", "transfer",
)  # fmt: skip


def fill(call: Call, facts: Facts, sides: Sides, ours: Ours, sources: Sequence[str]) -> None:
    """Let a call be what its facts say. What agents said of it stays."""
    call.system, call.external_id = facts.system, facts.call
    call.direction = sides.direction
    call.from_normal = normal(ours, facts.caller.number)
    call.from_number = facts.caller.number if call.from_normal else ""
    call.from_name = facts.caller.name
    call.to_number, call.to_normal = sides.dialled, normal(ours, sides.dialled)
    queue_id = ours.queue(facts.queue) if facts.queue else None
    if not facts.queue and sides.direction == IN and sides.dialled:
        queue_id = ours.queue(sides.dialled)
    call.queue_id = queue_id
    one = owner(facts, sides)
    call.owner_id = one.user_id if one is not None else None
    call.status, call.reason = facts.status, facts.reason
    call.started_at = facts.started_at or call.started_at
    call.queued_at, call.answered_at = facts.queued_at, facts.answered_at
    call.ended_at = (facts.ended_at or facts.last_at or call.ended_at or call.started_at) if facts.ended else None
    call.seconds, call.talk_seconds, call.hold_seconds = facts.seconds, facts.talk_seconds, facts.hold_seconds
    call.answered, call.transfers = facts.answered, facts.transfers
    call.abandoned = facts.abandoned or _gave_up(facts, sides)
    call.recording = facts.recordings[0] if facts.recordings else ""
    details = {name: value for name, value in call.details.items() if name not in (QUEUE, RECORDINGS, SOURCES)}
    if facts.queue and queue_id is None:
        details[QUEUE] = facts.queue
    if len(facts.recordings) > 1:
        details[RECORDINGS] = list(facts.recordings)
    call.details = {**details, SOURCES: list(sources)}


def normal(ours: Ours, number: str) -> str:
    """Return a number as it is compared: in E.164, else as it is written; empty where it was withheld."""
    written = number.strip()
    address = _ADDRESS.search(written)
    if (address[1] if address else written.partition("@")[0]).strip().casefold() in _WITHHELD:
        return ""
    return ours.normal(written) or written


def _gave_up(facts: Facts, sides: Sides) -> bool:
    """Return whether somebody outside waited or heard it ring, and hung up before anybody answered."""
    waited = facts.queued_at is not None or bool(facts.queue) or bool(facts.legs)
    return sides.direction == IN and facts.ended and not facts.answered and waited and facts.reason in _GAVE_UP


def legs_of(facts: Facts, sides: Sides) -> list[dict[str, Any]]:
    """Return the rows of the legs of a call, but for what ties them to it."""
    rows = []
    for place, one in enumerate(facts.legs):
        agent = sides.agents.get(place)
        rows.append(
            {
                "place": place, "device": one.party.device, "number": one.party.number,
                "name": one.party.name or one.party.agent, "agent_id": agent.id if agent else None,
                "user_id": agent.user_id if agent else None, "rang_at": one.rang_at, "answered": one.answered,
                "answered_at": one.answered_at, "ended_at": one.ended_at, "reason": one.reason,
                "transfer": one.transfer,
            }
        )  # fmt: skip
    return rows


def kept_legs(reader: AnyReader, call_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the legs that are kept of calls, in their order: one statement."""
    found: dict[int, list[dict[str, Any]]] = {}
    if call_ids:
        wanted = select(leg.c.call_id, *(leg.c[name] for name in LEG)).where(leg.c.call_id.in_(call_ids))
        for row in reader.rows(wanted.order_by(leg.c.call_id, leg.c.place)):
            found.setdefault(row.call_id, []).append(dict(zip(LEG, row[1:], strict=True)))
    return found


def write_legs(
    tx: AnyTransaction, wanted: Mapping[int, list[dict[str, Any]]], kept: Mapping[int, list[dict[str, Any]]]
) -> None:
    """Write the legs of calls whose legs are no longer as they are kept: two statements at most."""
    changed = {call_id: rows for call_id, rows in wanted.items() if rows != kept.get(call_id, [])}
    gone = [call_id for call_id in changed if call_id in kept]
    if gone:
        tx.execute(delete(leg).where(leg.c.call_id.in_(gone)))
    rows = [{"id": tx.new_id(), "call_id": call_id, **row} for call_id, each in changed.items() for row in each]
    if rows:
        tx.execute(insert(leg), rows)
