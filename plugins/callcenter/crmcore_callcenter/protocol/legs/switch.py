"""The channels alive in a telephone system: who dialled whom, and who can hear whom.

A channel is one leg to a telephone. Some systems put pipes between real ones (Asterisk's Local channels, FreeSWITCH's
loopback): what enters one end comes out of the other, so that two telephones talk when bridges and pipes lead from one
to the other.
"""

from collections.abc import Iterator

from attrs import define, field

from crmcore_callcenter.protocol.events import Party

DOWN, RING, RINGING, UP = "", "ring", "ringing", "up"
"""States of a channel: nothing yet; it calls; it is rung; it is open."""


@define(kw_only=True, eq=False)
class Channel:
    """A leg. `real`: there is a telephone at its end, not the other end of a pipe (`mate`).

    `dialled_by` is the id of the channel that rings it and `dial_exten` what that one dialled; the `inner` end of a
    pipe is the one that goes on dialling. `member`: the name by which a queue rings it. `account`: who pays.
    `passed_on`: it is of one who passed a call on, and is about to go.
    """

    uid: str
    name: str
    real: bool
    inner: bool = False
    number: str = ""
    caller_name: str = ""
    account: str = ""
    first_exten: str = ""
    exten: str = ""
    state: str = DOWN
    bridge: str = ""
    mate: str = ""
    dialled_by: str = ""
    dial_exten: str = ""
    member: str = ""
    opened_before_dial: bool = False
    heard_of_before_open: bool = False
    passed_on: bool = False

    def party(self, member: str = "") -> Party:
        """Return who is at its end."""
        return Party(number=self.number, name=self.caller_name, device=self.name, agent=member or self.member)


@define
class Switch:
    """Every channel alive by its unique id, and by its name; the members of each bridge in the order they entered."""

    channels: dict[str, Channel] = field(factory=dict)
    _names: dict[str, str] = field(factory=dict)
    _bridges: dict[str, dict[str, None]] = field(factory=dict)

    def find(self, uid: str, name: str = "") -> Channel | None:
        """Return the channel of an id, or else of a name, if it is known."""
        return self.channels.get(uid or self._names.get(name, ""))

    def add(self, channel: Channel) -> Channel:
        """Add a channel that was not known."""
        self.channels[channel.uid] = channel
        self._names[channel.name] = channel.uid
        return channel

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        if self._names.get(channel.name) == channel.uid:
            del self._names[channel.name]
        channel.name = name
        self._names[name] = channel.uid

    def pair(self, one: Channel, two: Channel) -> None:
        """Note that two channels are the ends of one pipe."""
        one.mate, two.mate = two.uid, one.uid

    def remove(self, channel: Channel) -> None:
        """Forget a channel that was hung up."""
        self.leave(channel)
        self.channels.pop(channel.uid, None)
        if self._names.get(channel.name) == channel.uid:
            del self._names[channel.name]

    def enter(self, channel: Channel, bridge: str) -> None:
        """Put a channel into a bridge, and out of the one it was in."""
        self.leave(channel)
        channel.bridge = bridge
        self._bridges.setdefault(bridge, {})[channel.uid] = None

    def leave(self, channel: Channel, bridge: str = "") -> None:
        """Take a channel out of `bridge`, or of whichever it is in."""
        if channel.bridge and bridge in ("", channel.bridge):
            members = self._bridges.get(channel.bridge, {})
            members.pop(channel.uid, None)
            if not members:
                self._bridges.pop(channel.bridge, None)
            channel.bridge = ""

    def members(self, bridge: str) -> list[Channel]:
        """Return the channels in a bridge, in the order they entered."""
        return [self.channels[uid] for uid in self._bridges.get(bridge, ())]

    def heard_by(self, channel: Channel, *, through: bool = False) -> list[Channel]:
        """Return the telephones that hear a channel, the nearest first, itself included if it is one.

        With `through`, of the end of a pipe: those at its other end.
        """
        beyond = self.channels.get(channel.mate) if through else channel
        if beyond is None:
            return []
        known = {channel.uid, beyond.uid}
        found: list[Channel] = []
        waiting = [beyond]
        while waiting:
            one = waiting.pop(0)
            if one.real:
                found.append(one)
            mate = self.channels.get(one.mate)
            for other in [*self.members(one.bridge), *([mate] if mate is not None else [])]:
                if other.uid not in known:
                    known.add(other.uid)
                    waiting.append(other)
        return found

    def telephone(self, channel: Channel) -> Channel:
        """Return a channel itself, or for the end of a pipe the telephone at the other end."""
        if channel.real:
            return channel
        return next(iter(self.heard_by(channel, through=True)), channel)

    def above(self, channel: Channel) -> Iterator[Channel]:
        """Yield who dialled a channel, who dialled that one, and so on, through the pipes."""
        known = {channel.uid}
        uid = channel.dialled_by
        while uid and uid in self.channels and uid not in known:
            one = self.channels[uid]
            known.add(uid)
            yield one
            uid = one.dialled_by
            if one.inner and one.mate:
                uid = one.mate
