"""The legs of one call as what happened in it."""

from collections.abc import Sequence
from datetime import timedelta

from attrs import define, field

from crmcore_callcenter.freeswitch.cdr_legs import Leg
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.protocol.telling import Teller

_REASONS = {
    "NORMAL_CLEARING": "cancelled", "ORIGINATOR_CANCEL": "cancelled", "USER_BUSY": "busy", "NO_ANSWER": "no-answer",
    "NO_USER_RESPONSE": "no-answer", "ALLOTTED_TIMEOUT": "no-answer", "PROGRESS_TIMEOUT": "no-answer",
    "MEDIA_TIMEOUT": "failed", "CALL_REJECTED": "rejected", "LOSE_RACE": "elsewhere", "PICKED_OFF": "elsewhere",
    "SUCCESS": "completed", "NONE": "unknown", "": "unknown",
}  # fmt: skip
"""Why a leg that nobody took up ended; other causes are failures of the network."""

_SOON = timedelta(seconds=2)


def ids_of(leg: Leg) -> tuple[str, ...]:
    """Return the ids by which legs are told of together: those of who calls, and of whom that one rang.

    Whoever asks somebody before passing a call on makes a call of their own; by the ids that both have, of the leg of
    who was asked, they become one when they are taken in.
    """
    return tuple(dict.fromkeys(filter(None, (leg.uuid, leg.call, leg.made_by))))


def told(legs: Sequence[Leg]) -> Heard:
    """Return what happened in the call of these legs."""
    ordered = sorted(legs, key=lambda leg: (leg.start, bool(leg.made_by), leg.uuid))
    ids_in_order = [each for leg in ordered for each in (leg.uuid, *leg.others)]
    ordered = [leg for leg in ordered if not leg.channel.startswith("loopback/")] or ordered
    callers = [leg for leg in ordered if not leg.made_by]
    root = (callers or ordered)[0]
    call = root.uuid
    if root.made_by:
        call = root.call if root.call not in ("", root.uuid) else root.made_by
    ids = dict.fromkeys(each for each in ids_in_order if each != call)
    telling = _Telling(root=root, teller=Teller(system="freeswitch", source="cdr", call=call, ids=tuple(ids)))
    return Heard(events=telling.run(ordered), line=min(leg.line for leg in legs))


def _target(leg: Leg) -> Party:
    return Party(
        number=leg.callee or leg.dialled,
        name=leg.callee_name if leg.callee_name not in ("Outbound Call", leg.callee) else "",
        device=leg.channel,
        agent=leg.agent,
    )


@define
class _Telling:
    """What is known while the legs of a call are told: who talked."""

    root: Leg
    teller: Teller
    _talked: list[Leg] = field(factory=list)

    def run(self, legs: Sequence[Leg]) -> tuple[CallEvent, ...]:
        """Return the events."""
        root, tell = self.root, self.teller.tell
        rung = [leg for leg in legs if leg.made_by]
        caller, dialled = Party(number=root.number, name=root.name, device=root.channel), root.dialled
        made = root.outbound and not root.made_by
        if root.made_by:
            caller, dialled = Party(number=root.number, name=root.name), ""
        elif made:
            caller, dialled = _target(root), next((leg.dialled for leg in rung), "")
        if caller.name == caller.number:
            caller = Party(number=caller.number, device=caller.device, agent=caller.agent)
        tell(
            "begin", f"begin {root.uuid}", root.start, caller=caller, dialled=dialled,
            direction="out" if made else "", details={"account": root.account} if root.account else None,
        )  # fmt: skip
        queued = next((leg for leg in legs if leg.queue and not leg.made_by), None)
        if queued is not None:
            tell("queue", f"queue {queued.uuid}", queued.joined or queued.start, queue=queued.queue)
        for leg in rung:
            self._rung(leg, queued.queue if queued is not None else "")
        self._bridged()
        if not rung and not root.channel and root.answer is None:
            self._alone()
        for leg in legs:
            self._passed_on(leg)
            self._beside(leg)
        if root.cause == "ATTENDED_TRANSFER" and not root.made_by and root.answer is not None:
            self._passed_by_caller()
        self._end(legs, queued)
        return self.teller.told()

    def _rung(self, leg: Leg, queue: str) -> None:
        tell, target = self.teller.tell, _target(leg)
        tell("ring", f"ring {leg.uuid}", leg.start, target=target, queue=queue)
        if leg.answer is not None:
            tell("answer", f"answer {leg.uuid}", leg.answer, target=target, queue=queue)
            self._talked.append(leg)
        else:
            reason = _REASONS.get(leg.cause, "failed")
            tell("ring_end", f"ring_end {leg.uuid}", leg.end, target=target, reason=reason)

    def _bridged(self) -> None:
        """Tell of whom the caller talked with, where that one has no leg here."""
        root = self.root
        if root.made_by or not root.bridge or root.bridged is None or self._talked:
            return
        target = Party(number=root.callee or root.dialled)
        self.teller.tell("ring", f"ring {root.bridge}", root.start, target=target, queue=root.queue)
        self.teller.tell("answer", f"answer {root.bridge}", root.bridged, target=target, queue=root.queue)
        self._talked.append(root)

    def _alone(self) -> None:
        """Tell of whom the caller did not reach, where a table has the caller's leg only."""
        root, target = self.root, Party(number=self.root.dialled)
        reason = _REASONS.get(root.cause, "failed")
        self.teller.tell("ring", f"ring to {root.uuid}", root.start, target=target)
        self.teller.tell("ring_end", f"ring_end to {root.uuid}", root.end, target=target, reason=reason)

    def _passed_on(self, leg: Leg) -> None:
        """Tell of transfers after somebody talked: others are how a dialplan finds its way."""
        for at, attended, to in leg.transfers:
            before = [talk for talk in self._talked if talk.answer is not None and talk.answer < at]
            if not before:
                continue
            by = _target(before[-1]) if leg is not before[-1] else self._caller()
            how = "attended" if attended else "blind"
            self.teller.tell("transfer", f"transfer {at:%Y%m%dT%H%M%S}", at, by=by, target=Party(number=to), how=how)

    def _passed_by_caller(self) -> None:
        """Tell that the caller passed whom they talked with on to another, whose call goes on in this one."""
        at, root = self.root.end, self.root
        to = self._talked[-1] if self._talked else root
        target = _target(to) if to is not root else Party(number=root.callee or root.dialled)
        key = f"transfer {at:%Y%m%dT%H%M%S}"
        self.teller.tell("transfer", key, at, by=self._caller(), target=target, how="attended")

    def _beside(self, leg: Leg) -> None:
        by = _target(leg) if leg.made_by else self._caller()
        for begin, end in leg.holds:
            self.teller.tell("hold", f"hold {leg.uuid} {begin:%H%M%S}", begin, by=by)
            if end is not None:
                self.teller.tell("resume", f"resume {leg.uuid} {end:%H%M%S}", end, by=by)
        if leg.recording:
            self.teller.tell("recording", f"recording {leg.recording}", leg.answer or leg.start, url=leg.recording)

    def _caller(self) -> Party:
        return Party(number=self.root.number, name=self.root.name, device=self.root.channel)

    def _end(self, legs: Sequence[Leg], queued: Leg | None) -> None:
        root, tell = self.root, self.teller.tell
        if root.made_by and not self._talked:
            return  # the caller's own leg, which tells how it went on, is not here
        last = max(legs, key=lambda leg: (leg.end, leg.uuid))
        reason = "completed"
        if not self._talked:
            reason = "completed" if root.answer is not None else _REASONS.get(root.cause, "failed")
            if queued is not None and (queued.gave_up or queued.cause == "ORIGINATOR_CANCEL"):
                reason = "cancelled"
                tell("abandon", f"abandon {queued.uuid}", queued.gave_up or queued.end, queue=queued.queue)
        tell("hangup", f"hangup {last.uuid}", last.end, reason=reason)
