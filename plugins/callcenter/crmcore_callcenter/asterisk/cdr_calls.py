"""The rows of one call as what happened in it.

Asterisk writes a row for each telephone rung, and after a transfer one for each new pair that talked (CDR
specification of Asterisk 12 and newer; older ones write one row with the last that was rung).
"""

import re
from collections.abc import Sequence

from attrs import define, evolve, field

from crmcore_callcenter.asterisk.cdr_rows import Leg
from crmcore_callcenter.asterisk.channels import device, is_local, is_unique, mate, number_of, party, queue_of
from crmcore_callcenter.protocol.events import CallEvent, Heard, Party
from crmcore_callcenter.protocol.telling import Teller

_SOON = 2.0
_REASONS = {"BUSY": "busy", "NO ANSWER": "no-answer", "FAILED": "failed", "CONGESTION": "failed"}


def one_call(these: Sequence[Leg], those: Sequence[Leg]) -> bool:
    """Return whether rows with a channel in common are of one call, and not of two on a channel of the same name.

    They are where one channel has a row of its own after it was rung, or, if no unique ids tell, two rows at the same
    time; and where one is the consultation of an attended transfer in the other.
    """
    linked = {one.linkedid for one in (*these, *those)}
    alone = len(linked) == 1 or "" in linked
    if alone and any(_same(one, other) or _same(other, one) for one in these for other in those):
        return True
    return _consults(these, those) or _consults(those, these)


def channels_of(leg: Leg) -> tuple[str, ...]:
    """Return the channels that another row of the same call may name too."""
    return tuple(sorted(_channels(leg)))


def told(legs: Sequence[Leg]) -> Heard:
    """Return what happened in the call of these rows."""
    ordered = sorted(legs, key=lambda leg: (leg.start, leg.sequence, leg.key))
    root = ordered[0]
    call = root.linkedid or root.uniqueid or f"cdr {root.key} {root.src} {root.dst}"
    ids = dict.fromkeys(each for leg in ordered for each in (leg.linkedid, leg.uniqueid) if each and each != call)
    telling = _Telling(root=root, teller=Teller(system="asterisk", source="cdr", call=call, ids=tuple(ids)))
    joins = tuple(dict.fromkeys(leg.linkedid for leg in ordered if leg.linkedid not in ("", root.linkedid)))
    events = telling.run(_telephones(ordered), ordered)
    return Heard(events=_joined(events, joins if root.linkedid else ()), line=min(leg.line for leg in legs))


def _joined(events: tuple[CallEvent, ...], others: tuple[str, ...]) -> tuple[CallEvent, ...]:
    """Let the calls in which agents consulted go on in this one: its transfers say so, in their order."""
    left = list(others)
    return tuple(evolve(one, joins=left.pop(0)) if left and one.kind == "transfer" else one for one in events)


def _same(one: Leg, other: Leg) -> bool:
    """Return whether a channel of `one` has the row `other` too, at the same time or right after."""
    known = bool(one.uniqueid and other.uniqueid)
    channels = {one.dstchannel, mate(one.dstchannel)} | (set() if known else {one.channel})
    slack = _SOON if is_unique(other.channel) else 0.0
    first, second = sorted((one, other), key=lambda leg: leg.start)
    return other.channel in channels and (second.start - first.end).total_seconds() <= slack


def _channels(leg: Leg) -> set[str]:
    named = {leg.channel, leg.dstchannel}
    return {each for channel in named for each in (channel, mate(channel)) if each}


def _consults(main: Sequence[Leg], other: Sequence[Leg]) -> bool:
    """Return whether `other` is a call in which one who talks in `main` asked whom they then passed it on to."""
    return any(
        before.dstchannel == after.dstchannel
        and before.channel != after.channel
        and abs((after.start - before.end).total_seconds()) <= _SOON
        and any(
            talk.answer and device(before.channel) in (device(talk.dstchannel), device(talk.channel)) for talk in main
        )
        for after in main
        for before in other
        if after.dstchannel
    )


def _telephones(legs: Sequence[Leg]) -> list[Leg]:
    """Return the rows with telephones at their ends: what a Local channel rang, for the row that rang the channel."""
    beyond: dict[str, list[Leg]] = {}
    for leg in legs:
        if is_local(leg.channel):
            beyond.setdefault(leg.channel, []).append(leg)
    found: list[Leg] = []
    used: set[str] = set()
    for leg in legs:
        inner = beyond.get(mate(leg.dstchannel), [])
        if inner:
            used.add(mate(leg.dstchannel))
            found += [
                evolve(each, channel=leg.channel, src=leg.src, application=leg.application, arguments=leg.arguments)
                for each in inner
            ]
        else:
            found.append(leg)
    return [leg for leg in found if leg.channel not in used]


@define
class _Telling:
    """What is known while the rows of a call are told: who talked, and who asked somebody before passing on."""

    root: Leg
    teller: Teller
    _talked: list[Leg] = field(factory=list)
    _asked: dict[str, Leg] = field(factory=dict)

    def run(self, legs: Sequence[Leg], all_legs: Sequence[Leg]) -> tuple[CallEvent, ...]:
        """Return the events; `legs` are the rows with telephones, `all_legs` all."""
        root, tell = self.root, self.teller.tell
        details = {"account": root.account, "userfield": root.userfield}
        tell(
            "begin", "begin", root.start,
            caller=party(root.channel, root.src, root.name) if not is_local(root.channel) else Party(number=root.src),
            dialled=root.did or root.dst, details={name: text for name, text in details.items() if text},
        )  # fmt: skip
        queue = next((queue_of(leg.arguments) for leg in all_legs if leg.application == "Queue"), "")
        if queue:
            tell("queue", f"queue {queue}", root.start, queue=queue)
        for leg in legs:
            self._leg(leg)
        for leg in all_legs:
            if leg.recording:
                tell("recording", f"recording {leg.recording}", leg.answer or leg.start, url=leg.recording)
        self._end(all_legs, queue)
        return self.teller.told()

    def _leg(self, leg: Leg) -> None:
        if not leg.dstchannel:
            return
        by = self._asking(leg)
        if by is not None:
            self._asked[leg.dstchannel] = leg
            return
        target, tell = _target(leg), self.teller.tell
        asked = self._asked.get(leg.dstchannel)
        talk = self._talk_before(leg, asked)
        if talk is not None:
            how = "attended" if asked else "blind"
            tell("transfer", f"transfer {talk.key}", leg.start, by=_passing(talk, leg, asked), target=target, how=how)
        queue = queue_of(leg.arguments) if leg.application == "Queue" else ""
        if asked is None:
            tell("ring", f"ring {leg.key}", leg.start, target=target, queue=queue)
        if leg.answer is not None:
            tell("answer", f"answer {leg.key}", leg.answer, target=target, queue=queue)
            self._talked.append(leg)
        else:
            tell(
                "ring_end", f"ring_end {leg.key}", leg.end, target=target,
                reason=_REASONS.get(leg.disposition, "unknown"),
            )  # fmt: skip

    def _asking(self, leg: Leg) -> Leg | None:
        """Return the row in which somebody talks who calls another in this one, from a second channel."""
        if leg.channel == self.root.channel:
            return None
        return next(
            (
                talk
                for talk in self._talked
                if talk.answer is not None
                and leg.channel not in (talk.channel, talk.dstchannel)
                and device(leg.channel) in (device(talk.channel), device(talk.dstchannel))
                and talk.answer <= leg.start <= talk.end
            ),
            None,
        )

    def _talk_before(self, leg: Leg, asked: Leg | None) -> Leg | None:
        """Return the row of the talk that had ended when one of its channels rang whom this row rings."""
        for talk in reversed(self._talked):
            later = leg.start > talk.start and leg.end > talk.end
            goes_on = asked is not None or leg.channel in (talk.channel, talk.dstchannel)
            if later and goes_on and (talk.end - leg.start).total_seconds() <= _SOON:
                return talk
        return None

    def _end(self, legs: Sequence[Leg], queue: str) -> None:
        last = max(legs, key=lambda leg: (leg.end, leg.key))
        own = [leg for leg in legs if leg.channel == self.root.channel] or [last]
        final = max(own, key=lambda leg: (leg.end, leg.sequence, leg.key))
        reason = "completed"
        if not self._talked:
            reason = _REASONS.get(final.disposition, "completed")
            if queue and final.application == "Queue":
                reason = "cancelled"
                self.teller.tell("abandon", f"abandon {final.key}", last.end, queue=queue)
        self.teller.tell("hangup", f"hangup {last.key}", last.end, reason=reason)


def _passing(talk: Leg, leg: Leg, asked: Leg | None) -> Party:
    """Return who of a talk passed the other on: the one who is not in the row that follows."""
    if leg.channel == talk.channel:
        return _target(talk)
    if leg.channel == talk.dstchannel or asked is None:
        return party(talk.channel, talk.src)
    return party(asked.channel, asked.src)


def _target(leg: Leg) -> Party:
    """Return who was rung: what was dialled, if that was the device and no queue or group; else its own extension."""
    alone = rf"(?<!\d){re.escape(leg.dst)}(?!\d)"
    itself = leg.application != "Queue" and bool(leg.dst and re.search(alone, leg.arguments))
    own = "" if itself else number_of(leg.dstchannel)
    return party(leg.dstchannel, own or ("" if leg.application == "Queue" else leg.dst))
