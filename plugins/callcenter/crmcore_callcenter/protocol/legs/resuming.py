"""What is still alive after a silence."""

from collections.abc import Collection, Sequence

from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import RING, RINGING, UP, Channel
from crmcore_callcenter.protocol.legs.telling import Call


def end_missing(follow: Following, alive: Collection[str]) -> None:
    """End what is known and no more alive: whole calls for an unknown reason, single legs of others."""
    for call in list({id(call): call for call in follow.telling.calls.values()}.values()):
        gone = [channel for uid, channel in call.alive.items() if uid not in alive]
        if len(gone) < len(call.alive):
            for channel in gone:
                follow.hang_up(channel, "cancelled")
            continue
        for channel in gone:
            follow.switch.remove(channel)
        call.alive.clear()
        follow.telling.end(call, "unknown")


def resume(follow: Following, channels: Sequence[Channel]) -> None:
    """Tell of beginnings, ringing and answers that were missed, from the channels alive, the oldest first."""
    for channel in channels:
        call = follow.call_of(channel)
        if call.caller is None and channel.real and channel.state in (RING, UP) and _calls(channel, call):
            call.caller, call.dialled, call.opened = channel, channel.first_exten, channel.state == UP
            follow.telling.begin(call)
    for channel in channels:
        if channel.state == RINGING:
            follow.state(channel)
        elif channel.state == UP:
            if follow.call_of(channel).rings.get(channel.uid) == "":
                follow.state(channel)
            follow.connected(channel)


def _calls(channel: Channel, call: Call) -> bool:
    """Whether a channel is the one that began its call: the one the call is named after, or else the oldest."""
    named = call.alive.get(call.id)
    return channel is named or named is None or not named.real
