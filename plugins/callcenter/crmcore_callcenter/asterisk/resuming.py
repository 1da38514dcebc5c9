"""What is still alive after a silence: the answers to `Action: Status` or `CoreShowChannels`."""

from collections.abc import Sequence

from crmcore_callcenter.asterisk.following import Following
from crmcore_callcenter.asterisk.switch import RING, RINGING, UP, Channel, Fields
from crmcore_callcenter.asterisk.telling import Call, epoch


def resume(channels: Sequence[Fields], follow: Following) -> None:
    """Bring what is known to what is alive: tell of ends, beginnings, ringing and answers that were missed."""
    alive = [fields for fields in channels if fields.get("uniqueid") and fields.get("channel")]
    _end_missing({fields["uniqueid"] for fields in alive}, follow)
    seen: list[Channel] = []
    for fields in sorted(alive, key=lambda fields: _age(fields["uniqueid"])):
        channel = follow.channel(fields, event="status")
        if channel is None:
            continue
        bridge = fields.get("bridgeid", "")
        if bridge:
            follow.switch.enter(channel, bridge)
        else:
            follow.switch.leave(channel)
        seen.append(channel)
    for channel in seen:
        call = follow.call_of(channel)
        if call.caller is None and channel.real and channel.state in (RING, UP) and _calls(channel, call):
            call.caller, call.dialled, call.opened = channel, channel.first_exten, channel.state == UP
            follow.telling.begin(call)
    for channel in seen:
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


def _age(uid: str) -> tuple[int, int]:
    number = uid.rpartition(".")[2]
    return epoch(uid), int(number) if number.isascii() and number.isdigit() else 0


def _end_missing(alive: set[str], follow: Following) -> None:
    """End what is known and no more alive: whole calls for an unknown reason, single legs of others."""
    for call in list({id(call): call for call in follow.telling.calls.values()}.values()):
        gone = [channel for uid, channel in call.alive.items() if uid not in alive]
        if len(gone) < len(call.alive):
            for channel in gone:
                follow.hang_up(channel, "")
            continue
        for channel in gone:
            follow.switch.remove(channel)
        call.alive.clear()
        follow.telling.end(call, "unknown")
