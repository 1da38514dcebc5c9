"""What the states of channels mean for calls: who calls, who is rung, who talks, when it is over."""

from collections.abc import Mapping
from datetime import datetime

from attrs import define, field

from crmcore_callcenter.protocol.legs.switch import RING, RINGING, UP, Channel, Switch
from crmcore_callcenter.protocol.legs.telling import Call, Telling


@define
class Following:
    """The channels alive, and what is told of their calls."""

    telling: Telling
    switch: Switch = field(factory=Switch)
    _met: list[tuple[Call, Call, datetime | None]] = field(factory=list)

    def call_of(self, channel: Channel) -> Call:
        """Return the call of a channel."""
        return self.telling.calls[channel.uid]

    def state(self, channel: Channel) -> None:
        """Tell what a channel's state means: that it calls, is rung, or is taken up."""
        if not channel.real:
            return
        call = self.call_of(channel)
        self._find_caller(call, channel)
        if channel.state == RINGING:
            self._ring(call, channel)
        elif channel.state == UP and channel is call.caller:
            call.opened = True
            if not call.made:
                self.telling.begin(call)
        elif channel.state == UP and self._was_rung(call, channel):
            self._ring(call, channel)
            self.stop(call, channel, "answered")

    def _find_caller(self, call: Call, channel: Channel) -> None:
        """Note who calls: a telephone that says so; or, heard of only since it is open, one a call is named after."""
        calls = channel.state == RING and not channel.dialled_by
        if call.caller is None and (calls or (channel.uid == call.id and not channel.heard_of_before_open)):
            call.caller, call.dialled, call.opened = channel, channel.first_exten, channel.state == UP

    def _was_rung(self, call: Call, channel: Channel) -> bool:
        """Whether a telephone that is open was rung for it; one that picks up another's call opened by itself."""
        if channel.opened_before_dial or not (channel.heard_of_before_open or channel.dialled_by):
            return False
        return bool(channel.dialled_by) or call.caller is None or channel.uid in call.rings

    def _ring(self, call: Call, channel: Channel) -> None:
        """Tell that a telephone rings. The one the server calls first is the caller: it does not ring for them."""
        if channel.uid in call.rings or channel is call.caller:
            return
        if self.is_first(call, channel):
            call.made = True
            if call.caller is None or channel.state == UP:
                call.caller = channel
                call.opened = channel.state == UP
            return
        above = list(self.switch.above(channel))
        root = above[-1] if above and above[-1].real else call.caller
        if call.caller is None and root is not None:
            call.caller, call.dialled = root, root.first_exten
        call.rings[channel.uid] = ""
        call.reached = False
        self.dialled(call, channel)
        call.arrive(channel, self.telling)
        party = channel.party(self._member(channel))
        self.telling.tell(
            call, "ring", f"ring {channel.uid}", target=channel, caller=root, party=party, queue=call.queue
        )

    def dialled(self, call: Call, channel: Channel) -> None:
        """Tell that a call the system makes begins: it dials another than the one it rang first."""
        if call.made and call.caller is not None and call.dialled in ("", call.caller.dial_exten):
            call.dialled = channel.number or channel.dial_exten
        self.telling.begin(call)

    def is_first(self, call: Call, channel: Channel) -> bool:
        """Whether a telephone is rung for a call the system makes itself, to have its caller."""
        above = list(self.switch.above(channel))
        by_pipe = len(above) > 1 and above[-2].mate == above[-1].uid
        named = call.alive.get(call.id)
        alone = not above and named is not None and (named is channel or not named.real)
        return (alone or by_pipe) and (call.caller is None or (call.made and call.caller.state != UP))

    def _member(self, channel: Channel) -> str:
        """Return the name by which a queue dialled a telephone, through however many pipes."""
        return next((one.member for one in [channel, *self.switch.above(channel)] if one.member), "")

    def stop(self, call: Call, channel: Channel, reason: str, details: Mapping[str, str] | None = None) -> None:
        """Tell that a telephone rings no more, once; cancelled because another was taken up is elsewhere."""
        if call.rings.get(channel.uid) != "":
            return
        answered = [call.alive[uid] for uid, why in call.rings.items() if why == "answered" and uid in call.alive]
        if reason == "cancelled" and any(one.state == UP for one in answered):
            reason = "elsewhere"
        call.rings[channel.uid] = reason
        party = channel.party(self._member(channel))
        key = f"ring_end {channel.uid}"
        self.telling.tell(
            call, "ring_end", key, target=channel, party=party, reason=reason, queue=call.queue, details=details
        )

    def connected(self, channel: Channel) -> None:
        """Tell who talks now that a channel came to a bridge. Where two calls meet, wait: a transfer may explain it."""
        telephones = self.switch.heard_by(channel)
        for one in telephones:
            self._find_caller(self.call_of(one), one)
        calls = list({id(call): call for call in map(self.call_of, telephones)}.values())
        if len(calls) == 2:
            older, younger = sorted(calls, key=lambda call: (call.caller is None, not call.begun, call.number))
            self._met.append((older, younger, self.telling.moment(older)))
        for call in calls if len(calls) == 1 else ():
            self._talk(call, telephones)

    def _talk(self, call: Call, telephones: list[Channel], at: datetime | None = None) -> None:
        if call.caller not in telephones:
            return
        for channel in telephones:
            if channel is not call.caller and channel.state == UP and not channel.passed_on:
                call.reached = True
                party = channel.party(self._member(channel))
                key = f"answer {call.caller.uid} {channel.uid}"
                self.telling.tell(call, "answer", key, target=channel, party=party, queue=call.queue, at=at)

    def hold(self, channel: Channel, *, begins: bool) -> None:
        """Tell that a telephone puts the other side on hold, or takes it back."""
        call, telling = self.call_of(channel), self.telling
        if begins == (channel.uid in call.held):
            return
        (call.held.add if begins else call.held.discard)(channel.uid)
        call.count += 1
        stamp = telling.at.isoformat() if telling.stamped and telling.at is not None else str(call.count)
        kind = "hold" if begins else "resume"
        telling.tell(call, kind, f"{kind} {channel.uid} {stamp}", by=channel)

    def settle(self, uid: str) -> None:
        """Join calls that met in a bridge and that no transfer explained, as when one fetches a parked caller.

        `uid` is a channel that something else happens to.
        """
        for meeting in list(self._met):
            older, younger, at = meeting
            if uid in older.alive or uid in younger.alive:
                self._met.remove(meeting)
                telephones = self.switch.heard_by(older.caller) if older.caller is not None else []
                if any(one.uid in younger.alive for one in telephones):
                    self.telling.join(older, younger)
                    self._talk(older, telephones, at)

    def explained(self, call: Call, other: Call) -> None:
        """Forget that two calls met: a transfer explains it."""
        self._met = [met for met in self._met if {id(met[0]), id(met[1])} != {id(call), id(other)}]

    def hang_up(self, channel: Channel, why: str) -> None:
        """Forget a channel; tell that it rings no more, and of its call's end when it was the last of it.

        `why` is its own reason, as of a leg that nobody answered.
        """
        call = self.call_of(channel)
        self.stop(call, channel, why)
        if channel is call.caller:
            call.why = why
        elif call.caller is None and channel.real and channel.uid == call.id:
            call.caller, call.why, call.made = channel, why, True
        call.alive.pop(channel.uid, None)
        self.switch.remove(channel)
        if not call.alive:
            self.telling.end(call, _reason(call))


def _reason(call: Call) -> str:
    """Return why a call ended: completed if whoever rang last talked, or by its caller in a queue or a menu.

    In a call the system made the caller's leg says nothing of the other side: there it counts why the last telephone
    stopped ringing.
    """
    if call.reached:
        return "completed"
    last = next(reversed(call.rings.values()), "")
    if call.made:
        unreached = "no-answer" if call.why == "cancelled" else call.why
        return unreached if last in ("", "answered") else last
    return "completed" if call.why == "cancelled" and call.opened else call.why
