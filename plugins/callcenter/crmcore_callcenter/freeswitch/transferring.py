"""Calls passed on in FreeSWITCH, which has no event for it: bridges and the causes of hang-ups tell."""

from collections.abc import Container

from attrs import define, field

from crmcore_callcenter.freeswitch.reading import Fields
from crmcore_callcenter.protocol.legs import transferring
from crmcore_callcenter.protocol.legs.following import Following
from crmcore_callcenter.protocol.legs.switch import Channel
from crmcore_callcenter.protocol.legs.telling import Call


@define
class Partners:
    """Who talked with whom in the calls under way: the last partner of each leg, and every pair."""

    _last: dict[str, Channel] = field(factory=dict)
    _pairs: set[frozenset[str]] = field(factory=set)
    _legs: dict[str, Channel] = field(factory=dict)

    def met(self, one: Channel, two: Channel) -> None:
        """Note that two legs came together."""
        self._last[one.uid], self._last[two.uid] = two, one
        self._legs[one.uid], self._legs[two.uid] = one, two
        self._pairs.add(frozenset((one.uid, two.uid)))

    def last(self, leg: Channel) -> Channel | None:
        """Return who talked with a leg last."""
        return self._last.get(leg.uid)

    def leg(self, uid: str) -> Channel | None:
        """Return a leg that talked with somebody, be it hung up or not."""
        return self._legs.get(uid)

    def talked(self, one: Channel, two: Channel) -> bool:
        """Return whether two legs were ever together."""
        return frozenset((one.uid, two.uid)) in self._pairs

    def forget(self, alive: Container[str]) -> None:
        """Drop the legs of calls that are not `alive`: ids of the legs of calls under way."""
        for uid in [uid for uid in self._legs if uid not in alive]:
            del self._legs[uid], self._last[uid]
        self._pairs = {pair for pair in self._pairs if all(uid in alive for uid in pair)}


def blind(fields: Fields, leg: Channel, follow: Following, partners: Partners) -> None:
    """Note a blind transfer that an event shows: the leg passed on has it as its source, the one who did as its cause.

    The source is `second:id:bl_xfer:number/context/dialplan`.
    """
    call = follow.call_of(leg)
    source = fields.get("variable_transfer_source", "")
    if ":bl_xfer:" in source and source not in call.told:
        call.told.add(source)
        by = partners.last(leg)
        to = source.partition(":bl_xfer:")[2].partition("/")[0]
        _pass(follow, call, by, leg, to)
    elif fields.get("Hangup-Cause") == "BLIND_TRANSFER":
        whom = partners.last(leg)
        if whom is not None and whom.uid in call.alive:
            _pass(follow, call, leg, whom, "")


def _pass(follow: Following, call: Call, by: Channel | None, whom: Channel, to: str) -> None:
    """Note it once, whichever of the two events comes first; a telephone may ring for it already."""
    if by is None:
        return
    mark = f"passing {by.uid} {whom.uid}"
    known = call.passing is not None and call.passing.by is by
    if mark in call.told and not (known and to):
        return
    call.told.add(mark)
    transferring.blind(follow, by, whom, to)
    ringing = [one for one in call.ringing() if one.dialled_by == whom.uid]
    if ringing:
        call.dialled = to or ringing[0].number
        call.arrive(ringing[0], follow.telling)


def bridged(one: Channel, two: Channel, follow: Following, partners: Partners) -> None:
    """Tell what it means that two legs came together, if it is a transfer.

    Legs of two calls: the younger call was made to consult, unless its own caller is one of them: who picks up a
    call. Legs of one call: the new one was rung by one who had the caller, not by the caller.
    """
    first, second = follow.call_of(one), follow.call_of(two)
    if first is second:
        _within(first, one, two, follow, partners)
        return
    older, younger = (first, second) if first.number < second.number else (second, first)
    whom, target = (one, two) if older is first else (two, one)
    consulting = younger.caller
    if consulting is None or consulting is target:
        return
    if younger.reached:
        transferring.attended(follow, consulting, consulting, whom, target)
    else:
        older.caller, older.opened, older.dialled = whom, True, younger.dialled or older.dialled
        follow.explained(older, younger)
        follow.telling.join(older, younger)
        follow.telling.transferred(older, "blonde", consulting, [target])


def _within(call: Call, one: Channel, two: Channel, follow: Following, partners: Partners) -> None:
    target = two if one is call.caller else one
    if call.caller not in (one, two) or target.dialled_by in ("", call.caller.uid if call.caller else ""):
        return
    by = partners.leg(target.dialled_by)
    if by is None or by.uid not in call.rings:
        return
    call.dialled = target.number
    talked = partners.talked(by, target)
    follow.telling.transferred(call, "attended" if talked else "blonde", by, [target])
    if talked and call.caller is not None:
        call.told.add(f"answer {call.caller.uid} {target.uid}")
