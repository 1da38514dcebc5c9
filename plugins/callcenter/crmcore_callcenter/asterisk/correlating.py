"""From the messages of Asterisk's Manager Interface to what happened to calls.

A call is what one person begins by dialling, however many channels Asterisk makes of it. A telephone rings when it says
so, ringing ends when it is taken up or given up, and two talk when bridges and pipes lead from one to the other: who
must still press a key to accept a call does not yet talk.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from attrs import define, field

from crmcore_callcenter.asterisk import causes, queueing, resuming, transferring
from crmcore_callcenter.asterisk.older import renewed
from crmcore_callcenter.asterisk.reading import Fields, channel_of, find, is_telephone
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.overlapping import Overlap
from crmcore_callcenter.protocol.legs.switch import RINGING, UP
from crmcore_callcenter.protocol.legs.telling import Telling

_ONCE = ("newchannel", "hangup", "bridgecreate", "bridgedestroy", "localbridge")
"""Events whose message never comes twice in the same words, though it may have no timestamp."""

_STATES = (
    "newstate", "newcallerid", "newconnectedline", "newaccountcode", "newexten", "dialbegin", "dialend", "bridgeenter",
    "bridgeleave",
)  # fmt: skip
"""Events that tell how channels are, as a list of those alive does."""

_WHILE_MEETING = (
    "newconnectedline", "newcallerid", "bridgeenter", "bridgeleave", "bridgecreate", "bridgedestroy", "bridgemerge",
    "attendedtransfer",
)  # fmt: skip
"""Events that come between two calls meeting in a bridge and Asterisk saying that it was a transfer."""


@define
class Correlator:
    """Follows the calls of one Asterisk, called `system`. Messages go in by `feed`, in order; what happened comes out.

    A message that was there before changes nothing. What is kept: the channels alive, the ids of the calls that ended
    last, a hash of the last messages, and the state of each queue member.
    """

    system: str = "asterisk"
    _follow: Following = field(init=False)
    _overlap: Overlap = field(factory=Overlap, init=False)
    _members: queueing.Members = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._follow = Following(Telling(self.system, "ami"))
        self._members = queueing.Members(self.system, "ami")

    @property
    def calls(self) -> tuple[str, ...]:
        """The ids of the calls under way that were told of."""
        calls = self._follow.telling.calls.values()
        return tuple(dict.fromkeys(call.id for call in calls if call.begun))

    def feed(self, message: Mapping[str, str], at: datetime | None = None) -> list[CallEvent | AgentEvent]:
        """Take a message (header to value) and return what it tells, in order.

        `at` is when it arrived, with a zone; a header Timestamp (`timestampevents=yes`) wins. Without either, the time
        of an event is the latest second in the ids of its call, which Asterisk makes from its clock: that is when its
        last leg began, so that an end is told too early.
        """
        fields = _plain(message)
        event = fields.get("event", "").lower()
        stamp = _stamp(fields)
        own = event in _ONCE or stamp is not None
        if not event or self._overlap.old(fields, own=own, state=event in _STATES):
            return []
        telling = self._follow.telling
        telling.at, telling.stamped = stamp or at, stamp is not None
        agents: list[AgentEvent] = []
        for name, words in renewed(event, fields):
            self._take(name, words)
            agents += self._members.heard(name, words, telling.at, about=telling.about())
        return [*telling.fetch(), *agents]

    def resume(self) -> None:
        """Expect that what comes next may have been fed before: its sender was lost, and is there again."""
        self._overlap.resume()

    def snapshot(self, channels: Iterable[Mapping[str, str]], at: datetime | None = None) -> list[CallEvent]:
        """Take what Asterisk says is alive (events of `Action: Status` or `CoreShowChannels`), after a silence.

        Calls of which nothing is alive have ended, nobody knows when and why; others begin, ring or talk as they do.
        """
        self._follow.telling.at, self._follow.telling.stamped = at, False
        resuming.resumed([_plain(message) for message in channels], self._follow)
        return self._follow.telling.fetch()

    def _take(self, event: str, fields: Fields) -> None:
        if event.startswith("bridge") and fields.get("bridgetechnology") == "holding_bridge":
            return
        if event not in _WHILE_MEETING:
            self._follow.settle(fields.get("uniqueid", ""))
        handler = _HANDLERS.get(event, queueing.queued)
        handler(event, fields, self._follow)


def _plain(message: Mapping[str, str]) -> dict[str, str]:
    """Return headers in lower case, without values that say a thing is not known."""
    return {name.lower(): "" if value == "<unknown>" else value for name, value in message.items()}


def _stamp(fields: Fields) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(fields["timestamp"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _new(event: str, fields: Fields, follow: Following) -> None:
    channel = channel_of(follow, fields, event=event, known=event == "newstate" and "channelstate" not in fields)
    if channel is not None:
        follow.state(channel)


def _noted(event: str, fields: Fields, follow: Following) -> None:
    channel_of(follow, fields, event=event, known=True)


def _dialled(event: str, fields: Fields, follow: Following) -> None:
    """Note who rings whom. A telephone that called before, and is now the end of a dial, picked that up: it joins."""
    dialler = channel_of(follow, fields, event=event)
    channel = channel_of(follow, fields, "dest", event=event)
    if channel is None or dialler is None:
        return
    call, dest = follow.call_of(dialler), follow.call_of(channel)
    channel.dialled_by, channel.dial_exten = dialler.uid, dialler.exten
    channel.opened_before_dial = channel.state == UP and channel.uid not in dest.rings
    follow.telling.join(call, dest)
    if dialler.real and call.caller is None:
        call.caller, call.dialled = dialler, dialler.first_exten
    if dialler is call.caller and not call.made:
        follow.telling.begin(call)
    elif channel.real and call.made and not follow.is_first(call, channel):
        follow.dialled(call, channel)
    if channel.state == RINGING:
        follow.state(channel)


def _dial_ended(event: str, fields: Fields, follow: Following) -> None:
    channel = channel_of(follow, fields, "dest", event=event, known=True)
    if channel is None or not channel.real or "dialstatus" not in fields:
        return
    reason = causes.of_status(fields["dialstatus"])
    if reason == "answered":
        channel.state = UP
        follow.state(channel)
    forward = fields.get("forward", "")
    follow.stop(follow.call_of(channel), channel, reason, {"forward": forward} if forward else None)


def _entered(event: str, fields: Fields, follow: Following) -> None:
    channel = channel_of(follow, fields, event=event)
    if channel is not None and fields.get("bridgeuniqueid"):
        follow.switch.enter(channel, fields["bridgeuniqueid"])
        follow.connected(channel)


def _left(event: str, fields: Fields, follow: Following) -> None:
    channel = channel_of(follow, fields, event=event, known=True)
    if channel is not None:
        follow.switch.leave(channel, fields.get("bridgeuniqueid", ""))


def _paired(event: str, fields: Fields, follow: Following) -> None:
    one, two = channel_of(follow, fields, "localone", event=event), channel_of(follow, fields, "localtwo", event=event)
    if one is not None and two is not None:
        follow.switch.pair(one, two)
        follow.telling.join(follow.call_of(one), follow.call_of(two))


def _renamed(_event: str, fields: Fields, follow: Following) -> None:
    channel = find(follow, fields)
    if channel is not None and fields.get("newname"):
        follow.switch.rename(channel, fields["newname"])
        channel.real = is_telephone(channel.name)


def _hung_up(event: str, fields: Fields, follow: Following) -> None:
    channel = channel_of(follow, fields, event=event, known=True)
    if channel is not None:
        follow.hang_up(channel, causes.of_leg(fields.get("cause", "")))


_HANDLERS: dict[str, Callable[[str, Fields, Following], None]] = {
    "newchannel": _new,
    "newstate": _new,
    "newcallerid": _noted,
    "newconnectedline": _noted,
    "newexten": _noted,
    "dialbegin": _dialled,
    "dialend": _dial_ended,
    "bridgeenter": _entered,
    "bridgeleave": _left,
    "localbridge": _paired,
    "attendedtransfer": transferring.attended,
    "blindtransfer": transferring.blind,
    "masquerade": transferring.masquerade,
    "rename": _renamed,
    "hangup": _hung_up,
}
