"""What Asterisk says is alive: the answers to `Action: Status` or `CoreShowChannels`."""

from collections.abc import Sequence

from crmcore_callcenter.asterisk.reading import Fields, channel_of, epoch
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.resuming import end_gone, resume


def resumed(listed: Sequence[Fields], follow: Following) -> None:
    """Bring what is known to what is alive."""
    alive = [fields for fields in listed if fields.get("uniqueid") and fields.get("channel")]
    end_gone(follow, {fields["uniqueid"] for fields in alive})
    channels = []
    now, follow.telling.at = follow.telling.at, None  # calls not known before began when their ids say
    for fields in sorted(alive, key=lambda fields: _age(fields["uniqueid"])):
        channel = channel_of(follow, fields, event="status")
        if channel is not None:
            bridge = fields.get("bridgeid", "")
            (follow.switch.enter if bridge else follow.switch.leave)(channel, bridge)
            channels.append(channel)
    follow.telling.at = now
    resume(follow, channels)


def _age(uid: str) -> tuple[int, int]:
    number = uid.rpartition(".")[2]
    return epoch(uid), int(number) if number.isascii() and number.isdigit() and len(number) < 20 else 0
