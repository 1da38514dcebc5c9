"""From the events of a call, as one source told them, to what the call was: `fold`."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from attrs import define, evolve, field

from crmcore_callcenter.calls.facts import Facts, Leg
from crmcore_callcenter.calls.ordering import in_order
from crmcore_callcenter.calls.seconds import talked, whole
from crmcore_callcenter.protocol.events import CallEvent, Party

UNKNOWN, COMPLETED, ANSWERED, ELSEWHERE = "unknown", "completed", "answered", "elsewhere"


def fold(events: Iterable[CallEvent], joined: Collection[str] = ()) -> Facts:
    """Return what a call was by the events that one source told of it, in whatever order and however often.

    The calls `joined`, and those that the events say they join, went on in it: who rang or talked in them counts, not
    how they ended; who called whom is as the first of them began. Raises `ValueError` for no events at all.
    """
    told = in_order(events)
    if not told:
        raise ValueError("no events")
    inside = {*joined, *(event.joins for event in told if event.joins)}
    own = [event for event in told if event.call not in inside] or told
    first = told[0] if _is_before(told[0], own[0]) else own[0]
    goes_on = {event.call for event in own}
    folding = _Folding()
    for event in told:
        folding.hear(event, begins=not inside or event.call == first.call, goes_on=event.call in goes_on)
    return folding.facts(first, max((event.at for event in told if event.at is not None), default=None))


def _is_before(one: CallEvent, other: CallEvent) -> bool:
    return one.at is not None and other.at is not None and one.at < other.at


@define(eq=False)
class _Open:
    """A leg as it goes; `call` is the call in which it rang."""

    call: str
    party: Party
    rang_at: datetime | None = None
    answered: bool = False
    answered_at: datetime | None = None
    ended: bool = False
    ended_at: datetime | None = None
    reason: str = ""
    transfer: str = ""

    def end(self, at: datetime | None, reason: str) -> None:
        """End it."""
        self.ended, self.ended_at, self.reason = True, at, reason

    def closed(self, ended_at: datetime | None, reason: str) -> Leg:
        """Return what it was, its call having ended so."""
        if not self.ended:
            self.end(ended_at, COMPLETED if self.answered else self.reason or reason)
        return self.leg()

    def leg(self) -> Leg:
        """Return what it is by now."""
        return Leg(
            party=self.party, rang_at=self.rang_at, answered=self.answered, answered_at=self.answered_at,
            ended_at=self.ended_at, reason=self.reason, transfer=self.transfer,
        )  # fmt: skip


@define
class _Folding:
    direction: str = ""
    caller: Party | None = None
    dialled: str = ""
    queue: str = ""
    started_at: datetime | None = None
    queued_at: datetime | None = None
    abandoned_at: datetime | None = None
    abandoned: bool = False
    held: bool = False
    held_at: datetime | None = None
    hold: float = 0.0
    transfers: int = 0
    coming: str = ""
    legs: list[_Open] = field(factory=list)
    recordings: list[str] = field(factory=list)
    hangups: list[CallEvent] = field(factory=list)
    about: bool = False

    def hear(self, event: CallEvent, *, begins: bool, goes_on: bool) -> None:
        """Take the next event: of the call that began first also who called whom, of the one that goes on how it went.

        Of all of them who rang and talked.
        """
        self.about = self.about or (event.kind in _TIMING and is_about(event))
        if begins:
            self._whose(event)
        if goes_on and (about := _ABOUT.get(event.kind)):
            about(self, event)
        if of_legs := _OF_LEGS.get(event.kind):
            of_legs(self, event)

    def _whose(self, event: CallEvent) -> None:
        self.direction = self.direction or event.direction
        if event.caller is not None and (self.caller is None or not (self.caller.number or self.caller.device)):
            self.caller = event.caller
        self.dialled = self.dialled or event.dialled
        if self.started_at is None:
            self.started_at = event.at

    def _queued(self, event: CallEvent) -> None:
        self.queue = event.queue or self.queue
        self.queued_at = self.queued_at or event.at

    def _abandoned(self, event: CallEvent) -> None:
        self.abandoned, self.abandoned_at = True, event.at
        self.queue = event.queue or self.queue

    def _hold(self, event: CallEvent) -> None:
        if not self.held:
            self.held, self.held_at = True, event.at

    def _resume(self, event: CallEvent) -> None:
        if self.held and self.held_at is not None and event.at is not None:
            self.hold += (event.at - self.held_at).total_seconds()
        self.held, self.held_at = False, None

    def _recorded(self, event: CallEvent) -> None:
        if event.url and event.url not in self.recordings:
            self.recordings.append(event.url)

    def _hung_up(self, event: CallEvent) -> None:
        self.hangups.append(event)

    def _rang(self, event: CallEvent) -> None:
        party = event.target or Party(number=event.dialled or self.dialled)
        there = self._find(party, lambda leg: not leg.ended)
        if there is None:
            self._add(event, party, rang_at=event.at)
        elif there.rang_at is None:
            there.rang_at = event.at

    def _rang_out(self, event: CallEvent) -> None:
        party = event.target or Party(number=event.dialled or self.dialled)
        leg = self._find(party, lambda leg: not leg.answered)
        if leg is None:
            return
        if event.reason == ANSWERED:
            leg.reason = leg.reason or ANSWERED  # taken up; whether they talk is told by itself
        else:
            leg.end(leg.ended_at or event.at, event.reason or leg.reason)

    def _answered(self, event: CallEvent) -> None:
        waiting = [leg for leg in self.legs if not leg.answered and not leg.ended and leg.call == event.call]
        leg: _Open | None
        if event.target is None:
            leg = waiting[-1] if waiting else None
        else:
            leg = self._find(event.target, lambda one: not one.ended)
        if leg is None:
            leg = self._add(event, event.target or Party(number=event.dialled or self.dialled))
        if not leg.answered:
            leg.answered, leg.answered_at, leg.reason = True, event.at, ""
        if event.target is not None:
            leg.party = _fuller(leg.party, event.target)
        self.coming = ""
        for other in waiting:
            if other is not leg:
                other.end(event.at, ELSEWHERE)

    def _passed_on(self, event: CallEvent) -> None:
        self.transfers += 1
        if event.by is not None:
            for leg in self.legs:
                if leg.answered and not leg.ended and _is(leg.party, event.by):
                    leg.end(event.at, COMPLETED)
        target = event.target
        if target is not None and self._calls(target):  # somebody else is connected with the caller
            target = event.caller if event.caller is not None and not self._calls(event.caller) else None
        to = self._find(target, lambda leg: not leg.ended) if target is not None else None
        if to is None and event.how == "attended" and target is not None:
            to = self._add(event, target)
            to.answered, to.answered_at = True, event.at
        reached = [to] if to is not None else [leg for leg in self._rung_at(event.at) if not leg.ended]
        for leg in reached:
            leg.transfer = event.how
        self.coming = "" if reached else event.how

    def _calls(self, party: Party) -> bool:
        return self.caller is not None and _is(self.caller, party)

    def _rung_at(self, at: datetime | None) -> list[_Open]:
        return [leg for leg in self.legs if at is not None and leg.rang_at == at and leg.answered_at in (None, at)]

    def _add(self, event: CallEvent, party: Party, rang_at: datetime | None = None) -> _Open:
        leg = _Open(call=event.call, party=party, rang_at=rang_at, transfer=self.coming)
        self.legs.append(leg)
        return leg

    def _find(self, party: Party, which: Callable[[_Open], bool]) -> _Open | None:
        """Return the last leg of a party: by device, where one says none by what a queue calls them, or by number."""
        legs = [leg for leg in reversed(self.legs) if which(leg)]
        found = next((leg for leg in legs if party.device and leg.party.device == party.device), None)
        for name in ("agent", "number"):
            if found is None and (value := getattr(party, name)):
                alike = (leg for leg in legs if getattr(leg.party, name) == value)
                found = next((leg for leg in alike if not (leg.party.device and party.device)), None)
        return found

    def facts(self, first: CallEvent, last_at: datetime | None) -> Facts:
        """Return what came of it."""
        sure = [event for event in self.hangups if event.reason != UNKNOWN] or self.hangups
        last = max(sure, key=lambda event: (event.at is not None, event.at), default=None)
        ended_at = last.at if last is not None else self.abandoned_at
        ended = last is not None or self.abandoned
        if self.held and ended_at is not None and self.held_at is not None:
            self.hold += max((ended_at - self.held_at).total_seconds(), 0)
        answered = any(leg.answered for leg in self.legs)
        reason = last.reason if last is not None else ""
        if ended and reason in ("", UNKNOWN):
            reason = reason or (COMPLETED if answered else "cancelled" if self.abandoned else UNKNOWN)
        legs = tuple(leg.closed(ended_at, reason) if ended else leg.leg() for leg in self.legs)
        facts = Facts(
            system=first.system, call=first.call, direction=self.direction, caller=self.caller or Party(),
            dialled=self.dialled, queue=self.queue, status="ended" if ended else self._status(),
            started_at=self.started_at, queued_at=self.queued_at, answered=answered,
            answered_at=min((leg.answered_at for leg in legs if leg.answered_at is not None), default=None),
            ended_at=ended_at, last_at=last_at, hold_seconds=int(self.hold), legs=legs, transfers=self.transfers,
            abandoned=self.abandoned and not answered, reason=reason,
            guessed=last is not None and last.reason == UNKNOWN, about=self.about, recordings=tuple(self.recordings),
        )  # fmt: skip
        if not ended:
            return facts
        return evolve(
            facts,
            seconds=None if self.about else whole(facts.started_at, ended_at),
            talk_seconds=None if answered and self.about else talked(facts),
        )

    def _status(self) -> str:
        if any(leg.answered and not leg.ended for leg in self.legs):
            return "held" if self.held else "talking"
        if any(not leg.ended for leg in self.legs):
            return "ringing"
        return "queued" if self.queued_at is not None or self.queue else "ringing"


def is_about(event: CallEvent) -> bool:
    """Return whether a source says only roughly when it happened: no seconds can be told then."""
    return event.details.get("at") == "about"


def _is(one: Party, other: Party) -> bool:
    """Return whether two parties are the same: by device where both say one, else by agent or number."""
    if one.device and one.device == other.device:
        return True
    return bool((one.agent and one.agent == other.agent) or (one.number and one.number == other.number))


def _fuller(party: Party, other: Party) -> Party:
    """Return a party with what the other says where it says nothing."""
    return Party(
        number=party.number or other.number, name=party.name or other.name, device=party.device or other.device,
        agent=party.agent or other.agent,
    )  # fmt: skip


_TIMING = frozenset({"answer", "transfer", "hangup"})
_ABOUT = {
    "queue": _Folding._queued, "abandon": _Folding._abandoned, "hold": _Folding._hold, "resume": _Folding._resume,
    "hangup": _Folding._hung_up,
}  # fmt: skip
_OF_LEGS = {
    "ring": _Folding._rang, "ring_end": _Folding._rang_out, "answer": _Folding._answered,
    "transfer": _Folding._passed_on, "recording": _Folding._recorded,
}  # fmt: skip
