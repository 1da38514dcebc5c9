"""From the events of FreeSWITCH to what happened to calls.

A call is what one person begins by dialling, however many legs FreeSWITCH makes of it: a leg made for another one, or
by a queue for somebody waiting, belongs to that one's call.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import datetime

from attrs import define, field

from crmcore_callcenter.freeswitch import causes, queueing, resuming, transferring
from crmcore_callcenter.freeswitch.reading import Fields, leg_of, moment
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.overlapping import Overlap
from crmcore_callcenter.protocol.legs.switch import RINGING, UP, Channel
from crmcore_callcenter.protocol.legs.telling import Telling


@define
class Correlator:
    """Follows the calls of one FreeSWITCH, called `system`. Events go in by `feed`, in order; what happened comes out.

    An event that was there before changes nothing.
    """

    system: str = "freeswitch"
    _follow: Following = field(init=False)
    _overlap: Overlap = field(factory=Overlap, init=False)
    _agents: queueing.Agents = field(init=False)
    _partners: transferring.Partners = field(factory=transferring.Partners, init=False)

    def __attrs_post_init__(self) -> None:
        self._follow = Following(Telling(self.system, "esl"))
        self._agents = queueing.Agents(self.system, "esl")

    @property
    def calls(self) -> tuple[str, ...]:
        """The ids of the calls under way that were told of."""
        calls = self._follow.telling.calls.values()
        return tuple(dict.fromkeys(call.id for call in calls if call.begun))

    def feed(self, event: Mapping[str, str], at: datetime | None = None) -> list[CallEvent | AgentEvent]:
        """Take an event (header to decoded value) and return what it tells, in order.

        `at` is when it arrived, for events that do not say when they happened.
        """
        name = event.get("Event-Name", "")
        if not name or self._overlap.old(event, own="Event-Sequence" in event or name in _ONCE):
            return []
        telling, stamp = self._follow.telling, moment(event)
        telling.at, telling.stamped = stamp or at, stamp is not None
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(event, self._follow, self._partners)
        if name == "CUSTOM" and event.get("Event-Subclass") == "callcenter::info":
            queueing.queued(event, self._follow)
            return [*telling.fetch(), *self._agents.heard(event, self._follow)]
        return list(telling.fetch())

    def snapshot(
        self, rows: Iterable[Mapping[str, str]], at: datetime | None = None, *, surer: Container[str] = ()
    ) -> list[CallEvent]:
        """Take the rows of `show channels as json` (values as text), after a silence.

        Calls of which nothing is alive have ended, nobody knows when and why; others begin, ring or talk as they do. Of
        the legs `surer`, by their ids, events told more than the rows may know.
        """
        self._follow.telling.at, self._follow.telling.stamped = at, False
        resuming.resumed(list(rows), self._follow, surer)
        self._partners.forget(self._follow.telling.calls)
        return self._follow.telling.fetch()


_Handler = Callable[[Fields, Following, transferring.Partners], None]

_ONCE = ("CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE")
"""Events that a leg has once."""


def _seen(fields: Fields, follow: Following, partners: transferring.Partners) -> None:
    """Note a leg as its event shows it; an event may show that it was passed on."""
    leg = leg_of(follow, fields)
    if leg is not None:
        _state(leg, follow)
        transferring.blind(fields, leg, follow, partners)


def _parked(fields: Fields, follow: Following, partners: transferring.Partners) -> None:
    """Note a leg that waits: one that the system itself rang, and that was taken up, is a call already."""
    _seen(fields, follow, partners)
    leg = leg_of(follow, fields)
    if leg is not None and leg.state == UP:
        call = follow.call_of(leg)
        call.dialled = call.dialled or leg.dial_exten
        follow.telling.begin(call)


def _created(fields: Fields, follow: Following, _partners: transferring.Partners) -> None:
    leg = leg_of(follow, fields)
    if leg is not None:
        _state(leg, follow)
        call = follow.call_of(leg)
        if leg.real and leg.dialled_by and call.made and not follow.is_first(call, leg):
            follow.dialled(call, leg)


def _state(leg: Channel, follow: Following) -> None:
    follow.state(leg)
    call = follow.call_of(leg)
    if leg is call.caller and not call.made:
        follow.telling.begin(call)


def _rings(fields: Fields, follow: Following, _partners: transferring.Partners) -> None:
    """Take progress: of a leg that is rung. One that calls in has it when it hears ringing."""
    leg = leg_of(follow, fields)
    if leg is not None and fields.get("Call-Direction") != "inbound" and leg.state != UP:
        leg.state = RINGING
        follow.state(leg)


def _answered(fields: Fields, follow: Following, _partners: transferring.Partners) -> None:
    leg = leg_of(follow, fields)
    if leg is not None:
        leg.state = UP
        _state(leg, follow)
        if leg.bridge:
            follow.connected(leg)


def _bridged(fields: Fields, follow: Following, partners: transferring.Partners) -> None:
    leg = leg_of(follow, fields)
    other = fields.get("Bridge-B-Unique-ID") or fields.get("Other-Leg-Unique-ID", "")
    if leg is not None and other == leg.uid:
        other = fields.get("Bridge-A-Unique-ID", "")
    two = follow.switch.find(other)
    if leg is None or two is None or two is leg:
        return
    for one in (leg, two):
        follow.switch.enter(one, f"{leg.uid} {two.uid}")
    if leg.real and two.real:
        transferring.bridged(leg, two, follow, partners)
    partners.met(leg, two)
    follow.connected(leg)
    follow.settle(leg.uid)


def _apart(fields: Fields, follow: Following, partners: transferring.Partners) -> None:
    leg = leg_of(follow, fields, known=True)
    if leg is not None:
        for one in follow.switch.members(leg.bridge) if leg.bridge else ():
            follow.switch.leave(one)
        transferring.blind(fields, leg, follow, partners)


def _held(fields: Fields, follow: Following, _partners: transferring.Partners) -> None:
    leg = leg_of(follow, fields, known=True)
    if leg is not None and leg.real:
        follow.hold(leg, begins=fields.get("Event-Name") == "CHANNEL_HOLD")


def _recorded(fields: Fields, follow: Following, _partners: transferring.Partners) -> None:
    call, path = follow.telling.calls.get(fields.get("Unique-ID", "")), fields.get("Record-File-Path", "")
    if call is not None and path:
        follow.telling.tell(call, "recording", f"recording {path}", url=path)


def _hung_up(fields: Fields, follow: Following, partners: transferring.Partners) -> None:
    leg = leg_of(follow, fields, known=True)
    if leg is not None:
        transferring.blind(fields, leg, follow, partners)
        call = follow.call_of(leg)
        queueing.left(leg.uid, follow)
        cause = fields.get("Hangup-Cause") or fields.get("variable_hangup_cause", "")
        follow.hang_up(leg, causes.of_leg(cause))
        if not call.alive:
            partners.forget(follow.telling.calls)


_HANDLERS: dict[str, _Handler] = {
    "CHANNEL_CREATE": _created,
    "CHANNEL_PROGRESS": _rings,
    "CHANNEL_PROGRESS_MEDIA": _rings,
    "CHANNEL_ANSWER": _answered,
    "CHANNEL_BRIDGE": _bridged,
    "CHANNEL_UNBRIDGE": _apart,
    "CHANNEL_HOLD": _held,
    "CHANNEL_UNHOLD": _held,
    "CHANNEL_PARK": _parked,
    "CHANNEL_EXECUTE": _seen,
    "RECORD_START": _recorded,
    "RECORD_STOP": _recorded,
    "CHANNEL_HANGUP": _hung_up,
    "CHANNEL_HANGUP_COMPLETE": _hung_up,
}
