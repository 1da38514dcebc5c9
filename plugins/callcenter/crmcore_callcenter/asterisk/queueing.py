"""Queues: callers who wait in them and give up, members who come, pause and go."""

from datetime import datetime

from attrs import define, evolve, field

from crmcore_callcenter.asterisk.reading import Fields, channel_of, find
from crmcore_callcenter.protocol.events import AgentEvent
from crmcore_callcenter.protocol.legs.following import Following

_RECORDED = ("MIXMONITOR_FILENAME", "MONITOR_FILENAME")
_UNAVAILABLE = ("4", "5")
"""Device states of a member who cannot be rung: invalid, unavailable."""

_PAUSED = {"1": "paused", "yes": "paused", "true": "paused"}


def queued(event: str, fields: Fields, follow: Following) -> None:
    """Tell what other events say of a channel's call: waiting, giving up, holding, being recorded."""
    channel = channel_of(follow, fields, event=event, known=True)
    if channel is None:
        return
    telling = follow.telling
    call = follow.call_of(channel)
    queue = fields.get("queue", "")
    if event == "queuecallerjoin":
        call.queue = queue
        call.caller = call.caller or (channel if channel.real else None)
        call.arrive(None, telling)
        telling.tell(call, "queue", f"queue {channel.uid} {queue}", queue=queue)
    elif event == "queuecallerabandon":
        telling.tell(call, "abandon", f"abandon {channel.uid} {queue}", queue=queue)
    elif event in ("agentcalled", "agentconnect"):
        called = find(follow, fields, "dest") or find(follow, fields, "destination")
        if called is not None:
            called.member = fields.get("membername") or fields.get("agentname", "")
    elif event in ("hold", "unhold") and channel.real:
        follow.hold(channel, begins=event == "hold")
    elif event == "varset" and fields.get("variable") in _RECORDED and fields.get("value"):
        telling.tell(call, "recording", f"recording {fields['value']}", url=fields["value"])


@define
class Members:
    """What is known of the members of queues: by agent and queue, the state they are in."""

    system: str
    source: str
    _states: dict[tuple[str, str], str] = field(factory=dict)
    _count: int = 0

    def heard(self, event: str, fields: Fields, at: datetime | None, *, about: datetime | None) -> list[AgentEvent]:
        """Return what an event says of an agent, if it is new; `about` is when, where nobody knows `at`.

        Events: QueueMemberAdded, QueueMemberRemoved, QueueMemberPaused (and its other spelling), QueueMember (the
        answer to QueueStatus), AgentLogin, AgentLogoff.
        """
        agent = next(
            (fields[name] for name in ("membername", "name", "agent", "interface", "location") if fields.get(name)), ""
        )
        if not agent or event not in _STATES:
            return []
        queue = fields.get("queue", "")
        paused = _PAUSED.get(fields.get("paused", "").lower(), "available")
        state = _STATES[event] or paused
        if event == "queuemember" and state == "available" and fields.get("status") in _UNAVAILABLE:
            state = "offline"
        if self._states.get((agent, queue)) == state:
            return []
        self._states[agent, queue] = state
        self._count += 1
        stamp = at.isoformat() if at is not None else str(self._count)
        reason = fields.get("pausedreason") or fields.get("reason", "")
        key = f"{state} {agent} {queue} {stamp}"
        told = AgentEvent(
            system=self.system, source=self.source, agent=agent, state=state, key=key, at=at or about, queue=queue
        )
        return [evolve(told, reason=reason) if state == "paused" else told]


_STATES = {
    "queuememberadded": "",
    "queuememberpaused": "",
    "queuemember": "",
    "queuememberremoved": "offline",
    "agentlogin": "available",
    "agentlogoff": "offline",
}
"""The state an event means; "" where its header Paused tells."""
