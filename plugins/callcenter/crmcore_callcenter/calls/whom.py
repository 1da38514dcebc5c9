"""Who takes part in a call: which side is ours, whose number the other is, and which of us it was with."""

from collections.abc import Mapping, Sequence

from attrs import define, frozen
from sqlalchemy import select

from crmcore_callcenter.agents.finding import Agent, AnyReader, Ours
from crmcore_callcenter.calls.facts import Facts, Leg
from crmcore_callcenter.model.call import Call
from crmcore_callcenter.protocol.events import Party
from crmcore_callcenter.recognising.numbers import Match, agreed, whose
from crmcore_callcenter.tables import call as call_table

IN, OUT, INTERNAL = "in", "out", "internal"
MATCHES, CHOSEN = "matches", "whose"
"""In a call's details: how many have its number, where it is not certain whose it is; who said whose it was."""


@frozen(kw_only=True)
class Sides:
    """Who called whom: `agents` are ours by the place of their leg, `caller` is the one of ours who called."""

    direction: str
    dialled: str
    caller: Agent | None
    agents: Mapping[int, Agent]


def sides(facts: Facts, ours: Ours) -> Sides:
    """Return who is ours in a call, and which way it went: as a source says it, else by whose the numbers are."""
    system = facts.system
    caller = ours.agent_of(facts.caller, system) if _is_somebody(facts.caller) else None
    found = {place: ours.agent_of(leg.party, system) for place, leg in enumerate(facts.legs)}
    agents = {place: agent for place, agent in found.items() if agent is not None}
    dialled = facts.dialled or next((leg.party.number for leg in facts.legs if leg.party.number), "")
    from_us = facts.direction == OUT or caller is not None or ours.is_ours(facts.caller.number)
    if from_us and facts.direction not in (IN, INTERNAL):
        dialled = ours.beyond(dialled, system)
    to_us = ours.is_ours(dialled) or (agents.get(0) is not None and agents[0] is not caller)
    return Sides(
        direction=_direction(facts, dialled, from_us=from_us, to_us=to_us),
        dialled=dialled,
        caller=caller,
        agents=agents,
    )


def _direction(facts: Facts, dialled: str, *, from_us: bool, to_us: bool) -> str:
    """Return which way a call went."""
    if facts.direction in (IN, INTERNAL):
        return facts.direction
    if not from_us:
        return IN if facts.caller.number or facts.started_at is not None else ""
    if not dialled:
        return facts.direction
    return INTERNAL if to_us else OUT


def _is_somebody(party: Party) -> bool:
    return bool(party.number or party.device or party.agent)


def owner(facts: Facts, sides: Sides) -> Agent | None:
    """Return whose call it is: of us who called; else who talked last, or the one whose telephone rings."""
    if sides.direction in (OUT, INTERNAL) and sides.caller is not None:
        return sides.caller
    talked = [sides.agents[place] for place, _leg in in_talking_order(facts.legs) if place in sides.agents]
    if talked:
        return talked[-1]
    ringing = {agent.id: agent for place, agent in sides.agents.items() if facts.legs[place].ended_at is None}
    return next(iter(ringing.values())) if len(ringing) == 1 and not facts.ended else None


def in_talking_order(legs: Sequence[Leg]) -> list[tuple[int, Leg]]:
    """Return those who talked, with the places of their legs, in the order in which they began to."""
    talked = [(place, leg) for place, leg in enumerate(legs) if leg.answered]
    if any(leg.answered_at is None for _place, leg in talked):
        return talked
    return sorted(talked, key=lambda one: (one[1].answered_at, one[0]))


def outside(call: Call) -> tuple[str, str]:
    """Return the number of who is not of us, as it is written and in E.164; empty where all are."""
    if call.direction == OUT:
        return call.to_number, call.to_normal
    return (call.from_number, call.from_normal) if call.direction != INTERNAL else ("", "")


@define
class Recognised:
    """Whose the numbers of some calls are, asked once for all."""

    _matches: Mapping[str, Sequence[Match]]

    def know(self, call: Call) -> None:
        """Say whose call it is, unless that is known or was said by somebody."""
        if call.contact_id is not None or CHOSEN in call.details:
            return
        matches = self._matches.get(outside(call)[1], ())
        contact_id, customer_id = agreed(matches)
        call.contact_id, call.customer_id = contact_id, customer_id or call.customer_id
        details = {name: value for name, value in call.details.items() if name != MATCHES}
        call.details = {**details, MATCHES: len(matches)} if contact_id is None and len(matches) > 1 else details


def recognised(reader: AnyReader, calls: Sequence[Call]) -> Recognised:
    """Look up whose the numbers are of calls of which it is not known: as many statements for one as for all."""
    normals = {outside(call)[1] for call in calls if call.contact_id is None and CHOSEN not in call.details} - {""}
    return Recognised(whose(reader, normals, say=False) if normals else {})


def candidates(reader: AnyReader, call_id: int) -> list[Match]:
    """Return who has the number of a call that is nobody's yet, with reasons, best first."""
    c = call_table.c
    row = reader.first(select(c.direction, c.from_normal, c.to_normal).where(c.id == call_id))
    if row is None or row.direction == INTERNAL:
        return []
    normal = row.to_normal if row.direction == OUT else row.from_normal
    return whose(reader, [normal])[normal] if normal else []
