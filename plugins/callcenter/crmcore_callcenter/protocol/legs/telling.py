"""The calls under way in a telephone system, and the events told of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from attrs import define, field, frozen

from crmcore_callcenter.protocol.events import CallEvent, Party
from crmcore_callcenter.protocol.legs.switch import UP, Channel

ENDED_KEPT = 40_000
"""So many ids of channels of calls that ended are remembered, so that nothing told twice revives them."""


@frozen(kw_only=True)
class Passing:
    """A blind transfer that has not yet reached anybody: `by` passed `whom` on to the number `to`."""

    by: Channel
    whom: Channel
    to: str


@define(kw_only=True, eq=False)
class Call:
    """A call under way.

    `caller` is the telephone that calls, or that was passed on; for a call the server makes (`made`), the one it rang
    first. `rings` tells of each telephone rung, by its channel's id, why it stopped ringing ("" while it rings).
    `reached`: whoever was rung last talked. `why`: the reason of its caller's leg. `joined`: calls that go on in this
    one, to be told with its next event.
    """

    id: str
    number: int
    caller: Channel | None = None
    made: bool = False
    dialled: str = ""
    begun: bool = False
    began_at: datetime | None = None
    epoch: int = 0
    alive: dict[str, Channel] = field(factory=dict)
    ids: dict[str, None] = field(factory=dict)
    ids_told: int = 0
    told: set[str] = field(factory=set)
    rings: dict[str, str] = field(factory=dict)
    reached: bool = False
    why: str = ""
    opened: bool = False
    queue: str = ""
    passing: Passing | None = None
    joined: list[str] = field(factory=list)
    held: set[str] = field(factory=set)
    count: int = 0

    def arrive(self, target: Channel | None, telling: "Telling") -> None:
        """Tell the blind transfer that a ringing telephone, or a queue (no `target`), is the end of."""
        if self.passing is not None:
            passing, self.passing = self.passing, None
            self.caller = passing.whom
            self.opened = passing.whom.state == UP
            telling.transferred(self, "blind", passing.by, [target] if target is not None else [])

    def ringing(self) -> list[Channel]:
        """Return the telephones that ring now, in the order they began."""
        return [self.alive[uid] for uid, reason in self.rings.items() if not reason and uid in self.alive]


@define
class Telling:
    """What is told: the calls by the id of any of their channels, and the events not yet fetched."""

    system: str
    source: str
    calls: dict[str, Call] = field(factory=dict)
    at: datetime | None = None
    stamped: bool = False
    _events: list[CallEvent] = field(factory=list)
    _ended: dict[str, None] = field(factory=dict)
    _count: int = 0
    _latest: int = 0

    def call(self, call_id: str) -> Call:
        """Return the call of an id, which may have to be made; later ones have higher numbers."""
        if call_id not in self.calls:
            self._count += 1
            self.calls[call_id] = Call(id=call_id, number=self._count)
        return self.calls[call_id]

    def fetch(self) -> list[CallEvent]:
        """Return the events told since the last time."""
        events, self._events = self._events, []
        return events

    def gone(self, uid: str) -> bool:
        """Return whether a channel was hung up, though its call may go on."""
        call = self.calls.get(uid)
        return uid in self._ended or (call is not None and uid in call.ids and uid not in call.alive)

    def about(self) -> datetime | None:
        """Return when this happens at the earliest: the latest second in any id that was seen."""
        return datetime.fromtimestamp(self._latest, UTC) if self._latest else None

    def moment(self, call: Call) -> datetime | None:
        """Return when this happens: as the message or its receiver says, else as late as the call's youngest id.

        What is told in the same second is a microsecond apart then, so that its order is kept.
        """
        if self.at is not None or not call.epoch:
            return self.at
        return datetime.fromtimestamp(call.epoch, UTC) + timedelta(microseconds=len(call.told))

    def tell(
        self,
        call: Call,
        kind: str,
        key: str,
        *,
        target: Channel | None = None,
        by: Channel | None = None,
        caller: Channel | None = None,
        party: Party | None = None,
        at: datetime | None = None,
        timeless: bool = False,
        how: str = "",
        reason: str = "",
        queue: str = "",
        url: str = "",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Tell an event of a call, unless it was told; before its first one that it begins.

        Of a call that the system makes, and in which it reached only the one it rang first, the end alone is told:
        nobody was called. `party` is the target where more is known of it than its channel. Where the time is only
        about right, the details say `at`: `about`.
        """
        if key in call.told:
            return
        if kind != "begin" and not (kind == "hangup" and call.made):
            self.begin(call)
        who = caller or call.caller
        channels = {"caller": who, "target": target, "by": by}
        more = {f"{role}_uniqueid": channel.uid for role, channel in channels.items() if channel is not None}
        if who is not None and who.account:
            more["account"] = who.account
        if self.at is None and call.epoch and not timeless:
            more["at"] = "about"
        new = tuple(call.ids)[call.ids_told :]
        call.ids_told = len(call.ids)
        self._events.append(
            CallEvent(
                system=self.system,
                source=self.source,
                call=call.id,
                kind=kind,
                key=key,
                at=None if timeless else at or self.moment(call),
                ids=tuple(dict.fromkeys([*new, *(c.uid for c in channels.values() if c is not None)])),
                direction="out" if kind == "begin" and call.made else "",
                caller=who.party() if who is not None else None,
                dialled=call.dialled,
                target=party or (target.party() if target is not None else None),
                by=by.party() if by is not None else None,
                how=how,
                reason=reason,
                queue=queue,
                joins=call.joined.pop(0) if call.joined else "",
                url=url,
                details={**more, **(details or {})},
            )
        )
        call.told.add(key)

    def transferred(self, call: Call, how: str, by: Channel, targets: Sequence[Channel]) -> None:
        """Tell that `by` passed the caller on to `targets`: several where a group rings."""
        details = {}
        if len(targets) > 1:
            details["targets"] = " ".join(one.name for one in targets)
            details["target_uniqueid"] = " ".join(one.uid for one in targets)
        target = targets[0] if targets else None
        key = f"transfer {by.uid} {target.uid if target is not None else call.dialled}"
        self.tell(call, "transfer", key, target=target, by=by, how=how, details=details)

    def begin(self, call: Call) -> None:
        """Tell that a call begins, if it was not told."""
        if not call.begun:
            call.begun = True
            self.tell(call, "begin", f"begin {call.id}", at=call.began_at)

    def join(self, call: Call, other: Call) -> None:
        """Let another call go on in this one; the next event tells it, if the other was ever told of."""
        if call is other:
            return
        if call.caller is None:
            call.caller, call.dialled, call.made = other.caller, other.dialled, other.made
            call.opened, call.why = other.opened, other.why
        call.alive.update(other.alive)
        call.ids.update(dict.fromkeys([other.id, *other.ids]))
        call.rings.update(other.rings)
        call.told |= other.told
        call.held |= other.held
        call.epoch = max(call.epoch, other.epoch)
        call.joined += other.joined
        if other.begun:
            call.joined.append(other.id)
        for uid in other.ids:
            self.calls[uid] = call
        self.calls[other.id] = call

    def assign(self, channel: Channel, call_id: str, epoch: int = 0) -> None:
        """Put a new channel into the call of an id, which may have to be made.

        `epoch` is the second it began, where only its own id tells.
        """
        call = self.calls[channel.uid] = self.call(call_id)
        call.alive[channel.uid] = channel
        call.ids[channel.uid] = None
        call.epoch = max(call.epoch, epoch)
        self._latest = max(self._latest, call.epoch)
        call.began_at = call.began_at or self.moment(call)

    def end(self, call: Call, reason: str) -> None:
        """Tell that a call is over, if anybody took part in it, and forget it but for the ids of its channels.

        That it is gone for an unknown reason is a guess: it has a key of its own, and no time.
        """
        if call.caller is not None:
            more = {"not_reached": call.passing.to} if call.passing is not None else {}
            if call.made and not call.begun:
                more["called"] = "nobody"
            guess = reason == "unknown"
            key = f"{'gone' if guess else 'hangup'} {call.id}"
            self.tell(call, "hangup", key, reason=reason, details=more, timeless=guess)
        for uid in {call.id: None, **call.ids}:
            self.calls.pop(uid, None)
            self._ended[uid] = None
        while len(self._ended) > ENDED_KEPT:
            del self._ended[next(iter(self._ended))]
