"""The channels that messages of the Manager Interface tell of."""

from collections.abc import Mapping

from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import DOWN, RING, RINGING, UP, Channel

Fields = Mapping[str, str]
"""A message: headers in lower case to values, empty where nothing is known."""

NO_NUMBERS = ("", "s", "h", "i", "t", "failed")
"""Extensions that say nothing of what was dialled."""

_STATES = {"4": RING, "5": RINGING, "6": UP}
"""The numbers Asterisk has for states; others are those of channels with nobody at their end yet."""

_NOT_TELEPHONES = (
    "local", "message", "cbann", "cbrec", "bridge", "surrogate", "parking", "snoop", "announcer", "recorder"
)  # fmt: skip
"""Technologies of channels that Asterisk makes for itself (the part of a channel's name before its slash)."""

_NUMBER_EVENTS = ("newchannel", "newstate", "newcallerid", "newconnectedline", "status")
"""Events whose caller id is the channel's own; in others it may be that of one about to take its place."""


def find(follow: Following, fields: Fields, prefix: str = "") -> Channel | None:
    """Return the channel that a message names under `prefix` (such as dest), if it is known."""
    return follow.switch.find(fields.get(prefix + "uniqueid", ""), fields.get(prefix + "channel", ""))


def channel_of(
    follow: Following, fields: Fields, prefix: str = "", *, event: str = "", known: bool = False
) -> Channel | None:
    """Return the channel a message tells of under `prefix`, added if it is new (unless only a `known` one will do).

    What the message says of it is noted: its state, its extension and, where it is its own, its caller id.
    """
    channel = find(follow, fields, prefix)
    new = channel is None
    if channel is None:
        uid, name = fields.get(prefix + "uniqueid", ""), fields.get(prefix + "channel", "")
        if known or not uid or not name or follow.telling.gone(uid):
            return None
        channel = _added(follow, uid, name, fields.get(prefix + "linkedid", ""))
    if new or event in _NUMBER_EVENTS:
        channel.number = fields.get(prefix + "calleridnum", channel.number)
        channel.caller_name = fields.get(prefix + "calleridname", channel.caller_name)
    channel.account = fields.get(prefix + "accountcode") or channel.account
    exten = fields.get(prefix + "exten", "")
    if exten not in NO_NUMBERS:
        channel.exten = exten
        channel.first_exten = channel.first_exten or exten
    if prefix + "channelstate" in fields:
        channel.state = _STATES.get(fields[prefix + "channelstate"], DOWN)
        channel.heard_of_before_open = channel.heard_of_before_open or channel.state != UP
    return channel


def _added(follow: Following, uid: str, name: str, linked: str) -> Channel:
    """Add a channel to the call of its linked id, or else to that of the other end of its pipe."""
    channel = follow.switch.add(Channel(uid=uid, name=name, real=is_telephone(name), inner=name.endswith(";2")))
    mate = None
    if name.endswith((";1", ";2")):
        mate = follow.switch.find("", name[:-1] + ("2" if name.endswith("1") else "1"))
    if mate is not None:
        follow.switch.pair(channel, mate)
    call = linked or (follow.call_of(mate).id if mate is not None else uid)
    follow.telling.assign(channel, call, epoch(uid))
    return channel


def is_telephone(name: str) -> bool:
    """Return whether a channel of a name has a telephone at its end (a zombie of Asterisk 11 has not)."""
    return name.partition("/")[0].lower() not in _NOT_TELEPHONES and not name.endswith((">", "ZOMBIE"))


def epoch(uid: str) -> int:
    """Return the second in a unique id, such as `pbx-1530024929.2709`; 0 for one that has none."""
    second = uid.rpartition("-")[2].partition(".")[0]
    return int(second) if second.isascii() and second.isdigit() and len(second) <= 10 else 0
