"""What is still alive after a silence."""

from collections.abc import Collection, Sequence

from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import RING, RINGING, UP, Channel
from crmcore_callcenter.protocol.legs.telling import Call


def end_gone(follow: Following, alive: Collection[str]) -> None:
    """End, for an unknown reason, the calls that were known and of which no channel is alive."""
    for call in _calls(follow):
        if not call.alive.keys() & alive:
            for channel in call.alive.values():
                follow.switch.remove(channel)
            call.alive.clear()
            follow.telling.end(call, "unknown")


def resume(follow: Following, channels: Sequence[Channel]) -> None:
    """Tell of beginnings, ringing, ends and answers that were missed, from all channels alive, the oldest first."""
    for channel in channels:
        call = follow.call_of(channel)
        if call.caller is None and channel.real and channel.state in (RING, UP) and _began(channel, call):
            call.caller, call.dialled, call.opened = channel, channel.first_exten, channel.state == UP
            follow.telling.begin(call)
    for channel in channels:
        was_rung = follow.call_of(channel).rings.get(channel.uid) == ""
        if channel.state == RINGING or (channel.state == UP and was_rung):
            follow.state(channel)
    alive = {channel.uid for channel in channels}
    for call in _calls(follow):
        for channel in [one for uid, one in call.alive.items() if uid not in alive]:
            follow.hang_up(channel, "cancelled")
    for channel in channels:
        if channel.state == UP:
            follow.connected(channel)


def _calls(follow: Following) -> list[Call]:
    return list({id(call): call for call in follow.telling.calls.values()}.values())


def _began(channel: Channel, call: Call) -> bool:
    """Whether a channel is the one that began its call: the one the call is named after, or else the oldest."""
    named = call.alive.get(call.id)
    return channel is named or named is None or not named.real
