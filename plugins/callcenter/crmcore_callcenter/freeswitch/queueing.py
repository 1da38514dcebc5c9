"""FreeSWITCH's call centre (mod_callcenter): callers in queues, and what its agents do."""

from attrs import define, field

from crmcore_callcenter.freeswitch.reading import Fields, place
from crmcore_callcenter.protocol.events import AgentEvent
from crmcore_callcenter.protocol.legs.following import Following

_STATES = {
    "Available": "available",
    "Available (On Demand)": "available",
    "On Break": "paused",
    "Logged Out": "offline",
}

_GAVE_UP = ("", "NONE", "BREAK_OUT")
"""Reasons for which a member cancelled that are the caller's own; others are time-outs of the queue."""


def queued(fields: Fields, follow: Following) -> None:
    """Tell that a caller came to a queue, gave up in it, or is put through to an agent."""
    uid = fields.get("CC-Member-Session-UUID", "")
    call, queue = follow.telling.calls.get(uid), fields.get("CC-Queue", "")
    if call is None:
        return
    action = fields.get("CC-Action")
    if action == "member-queue-start":
        call.queue = queue
        call.caller = call.caller or call.alive.get(uid)
        call.arrive(None, follow.telling)
        follow.telling.tell(call, "queue", f"queue {uid} {queue}", queue=queue)
    elif action == "member-queue-end":
        if fields.get("CC-Cause") == "Cancel" and fields.get("CC-Cancel-Reason", "") in _GAVE_UP:
            _give_up(uid, queue, follow)
        call.queue = ""
    elif action == "bridge-agent-start":
        _put_through(fields, uid, follow)


def _put_through(fields: Fields, uid: str, follow: Following) -> None:
    """Tell that caller and agent talk, of whom each may have been heard of alone."""
    caller, agent = follow.switch.find(uid), follow.switch.find(fields.get("CC-Agent-UUID", ""))
    if caller is None or agent is None:
        return
    agent.member = fields.get("CC-Agent", "")
    place(follow, agent, uid)
    for leg in (caller, agent):
        follow.switch.enter(leg, f"{caller.uid} {agent.uid}")
    follow.connected(agent)


def left(uid: str, follow: Following) -> None:
    """Tell that a caller who hangs up in a queue gives up: the queue itself says so only when the leg is gone."""
    call = follow.telling.calls[uid]
    if call.queue and call.caller is not None and call.caller.uid == uid and not call.reached:
        _give_up(uid, call.queue, follow)


def _give_up(uid: str, queue: str, follow: Following) -> None:
    follow.telling.tell(follow.telling.calls[uid], "abandon", f"abandon {uid} {queue}", queue=queue)


@define
class Agents:
    """The status each agent was last said to have."""

    system: str
    source: str
    _states: dict[str, str] = field(factory=dict)
    _count: int = 0

    def heard(self, fields: Fields, follow: Following) -> list[AgentEvent]:
        """Return what an event says of an agent, if it is new."""
        agent, state = fields.get("CC-Agent", ""), _STATES.get(fields.get("CC-Agent-Status", ""))
        if fields.get("CC-Action") != "agent-status-change" or not agent or state is None:
            return []
        if self._states.get(agent) == state:
            return []
        self._states[agent] = state
        self._count += 1
        at = follow.telling.at
        key = f"{state} {agent} {at.isoformat() if at is not None else self._count}"
        return [AgentEvent(system=self.system, source=self.source, agent=agent, state=state, key=key, at=at)]
