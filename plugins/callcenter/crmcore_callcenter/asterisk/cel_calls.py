"""The channel events of one call as what happened in it (https://docs.asterisk.org, CEL specification)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from attrs import define, field

from crmcore_callcenter.asterisk.causes import of_leg, of_status
from crmcore_callcenter.asterisk.cel_rows import Happening
from crmcore_callcenter.asterisk.channels import device, dialled, is_telephone, number_of, party, queue_of
from crmcore_callcenter.protocol.events import Heard, Party
from crmcore_callcenter.protocol.telling import Teller

_SOON = timedelta(seconds=2)


def channels_of(row: Happening) -> tuple[str, ...]:
    """Return the channels by which a row may be of the same call as rows of another linked id."""
    named = (row.extra.get("channel2_name", ""), row.extra.get("transfer_target_channel_name", ""))
    return tuple(filter(None, named)) if row.type == "ATTENDEDTRANSFER" else (row.channel,) if _starts(row) else ()


def one_call(these: Sequence[Happening], those: Sequence[Happening]) -> bool:
    """Return whether one of two calls was joined with the other by an attended transfer."""
    return _joins(these, those) or _joins(those, these)


def _joins(main: Sequence[Happening], other: Sequence[Happening]) -> bool:
    for passing in (row for row in main if row.type == "ATTENDEDTRANSFER"):
        for row in other:
            ended = any(
                each.type == "CHAN_END" and each.channel == row.channel and each.at < passing.at - _SOON
                for each in other
            )
            if _starts(row) and row.channel in channels_of(passing) and row.at <= passing.at and not ended:
                return True
    return False


def _starts(row: Happening) -> bool:
    return row.type == "CHAN_START" and is_telephone(row.channel)


def told(rows: Sequence[Happening]) -> Heard:
    """Return what happened in the call of these rows."""
    ordered = sorted(rows, key=lambda row: (row.at, row.line))
    call = ordered[0].linkedid
    ids = dict.fromkeys(each for row in ordered for each in (row.linkedid, row.uniqueid) if each != call)
    telling = _Telling(rows=ordered, teller=Teller(system="asterisk", source="cel", call=call, ids=tuple(ids)))
    telling.run()
    return Heard(events=telling.teller.told(), line=min(row.line for row in rows))


def _people(rows: Sequence[Happening]) -> dict[str, tuple[Party, str]]:
    """Return who is at each channel, by all that the rows say of it, and its unique id."""
    said: dict[str, tuple[str, str, str]] = {}
    for row in rows:
        number, name, unique = said.get(row.channel, ("", "", row.uniqueid))
        said[row.channel] = (number or dialled(row.number), name or row.name, unique)
    calling = {row.channel for row in rows if row.type == "CHAN_START" and dialled(row.exten)}
    return {
        channel: (
            party(
                channel, number if channel in calling else number_of(channel) or number, "" if name == number else name
            ),
            unique,
        )
        for channel, (number, name, unique) in said.items()
    }


@define
class _Telling:
    """What is known while the rows of a call are told.

    `rung` are the channels of telephones that were rung, by their names, and whether they talked; `asked` those rung
    for somebody who asks before passing on, with the row that began the asking.
    """

    rows: Sequence[Happening]
    teller: Teller
    caller: str = ""
    rung: dict[str, bool] = field(factory=dict)
    opened: set[str] = field(factory=set)
    asking: Happening | None = None
    asked: dict[str, Happening] = field(factory=dict)
    people: dict[str, tuple[Party, str]] = field(factory=dict)
    pickers: frozenset[str] = frozenset()
    alive: set[str] = field(factory=set)
    queue: str = ""
    left_queue: Happening | None = None
    status: str = ""
    cause: str = ""
    abandoned: bool = False

    def run(self) -> None:
        """Tell everything."""
        first = self.rows[0]
        self.people = _people(self.rows)
        self.pickers = frozenset(row.extra.get("pickup_channel", "") for row in self.rows if row.type == "PICKUP")
        bridged = any(row.type in ("BRIDGE_ENTER", "BRIDGE_START") for row in self.rows)
        telephones = [row for row in self.rows if _starts(row)]
        root = telephones[0] if telephones else first
        self.caller = root.channel
        made = first.type == "CHAN_START" and not is_telephone(first.channel) and bool(telephones)
        met = next((row for row in telephones[1:] if device(row.channel) != device(root.channel)), None)
        to = (self._party(met.channel).number if met else "") if made else dialled(root.exten) or root.dnid
        self.teller.tell(
            "begin", "begin", first.at, caller=self._party(self.caller), dialled=to, direction="out" if made else "",
            details={"account": root.account} if root.account else None,
        )  # fmt: skip
        handlers: Mapping[str, Callable[[Happening], None]] = {
            "CHAN_START": self._started,
            "APP_START": self._application,
            "APP_END": self._application_ends,
            "ANSWER": (lambda row: self.opened.add(row.channel)) if bridged else self._talks,
            "BRIDGE_ENTER": self._talks,
            "BRIDGE_START": self._talks,
            "BLINDTRANSFER": self._passed_blindly,
            "TRANSFER": self._passed_blindly,
            "ATTENDEDTRANSFER": self._passed_on,
            "PICKUP": self._picked_up,
            "HOLD": lambda row: self._held(row, "hold"),
            "UNHOLD": lambda row: self._held(row, "resume"),
            "HANGUP": self._hangs_up,
            "CHAN_END": lambda row: self.alive.discard(row.uniqueid),
        }
        for row in self.rows:
            if row.type in handlers:
                handlers[row.type](row)
        self._end()

    def _party(self, channel: str) -> Party:
        return self.people[channel][0] if channel in self.people else party(channel)

    def _unique(self, channel: str) -> str:
        return self.people[channel][1] if channel in self.people else channel

    def _started(self, row: Happening) -> None:
        self.alive.add(row.uniqueid)
        if not is_telephone(row.channel) or row.channel == self.caller:
            return
        busy = {device(each) for each, talked in self.rung.items() if talked} | {device(self.caller)}
        if dialled(row.exten) and device(row.channel) in busy and any(self.rung.values()):
            self.asking = row
        elif self.asking is not None:
            self.asked[row.channel] = self.asking
        elif row.channel not in self.pickers:
            self._ring(row.channel, row)

    def _ring(self, channel: str, row: Happening) -> None:
        self.rung.setdefault(channel, False)
        self.teller.tell("ring", f"ring {self._unique(channel)}", row.at, target=self._party(channel), queue=self.queue)

    def _application(self, row: Happening) -> None:
        if row.application == "Queue" and row.channel == self.caller:
            self.queue, self.left_queue = queue_of(row.arguments), None
            self.teller.tell("queue", f"queue {self.queue} {row.at:%H%M%S}", row.at, queue=self.queue)
        elif row.channel == self.caller:
            self.queue = ""

    def _application_ends(self, row: Happening) -> None:
        if row.application == "Queue" and row.channel == self.caller:
            self.left_queue = row

    def _talks(self, row: Happening) -> None:
        for channel in (row.channel, *(row.peers if row.type == "BRIDGE_START" else ())):
            if self.rung.get(channel) is False:
                self.rung[channel] = True
                key = f"answer {self._unique(channel)}"
                self.teller.tell("answer", key, row.at, target=self._party(channel), queue=self.queue)

    def _passed_blindly(self, row: Happening) -> None:
        to = Party(number=row.extra.get("extension", ""))
        key = f"transfer {row.uniqueid} {row.at:%H%M%S}"
        self.teller.tell("transfer", key, row.at, by=self._party(row.channel), target=to, how="blind")
        self.asking = None

    def _passed_on(self, row: Happening) -> None:
        named = row.extra.get("transfer_target_channel_name", "")
        target = named if named in self.asked or named in self.rung else next(iter(self.asked), named)
        asking = self.asked.pop(target, self.asking)
        talked = target in self.opened
        joins = asking.linkedid if asking is not None and asking.linkedid != self.teller.call else ""
        self.teller.tell(
            "transfer", f"transfer {row.uniqueid} {row.at:%H%M%S}", row.at, by=self._party(row.channel),
            target=self._party(target) if target else None, how="attended" if talked else "blonde", joins=joins,
        )  # fmt: skip
        self.asking = None
        if target and talked:
            self.rung[target] = True
            self.teller.tell("answer", f"answer {self._unique(target)}", row.at, target=self._party(target))
        elif target:
            self._ring(target, row)

    def _picked_up(self, row: Happening) -> None:
        picker = row.extra.get("pickup_channel", "")
        if row.channel in self.rung:
            key = f"ring_end {self._unique(row.channel)}"
            self.teller.tell("ring_end", key, row.at, target=self._party(row.channel), reason="elsewhere")
            del self.rung[row.channel]
        if picker:
            self.rung[picker] = True
            self.teller.tell("answer", f"answer {self._unique(picker)}", row.at, target=self._party(picker))

    def _held(self, row: Happening, kind: str) -> None:
        key = f"{kind} {row.uniqueid} {row.at:%H%M%S}"
        self.teller.tell(kind, key, row.at, by=self._party(row.channel))

    def _hangs_up(self, row: Happening) -> None:
        cause = row.extra.get("hangupcause", "")
        self.asked.pop(row.channel, None)
        if self.asking is not None and row.channel == self.asking.channel:
            self.asking = None
        if self.rung.get(row.channel) is False:
            del self.rung[row.channel]
            target = self._party(row.channel)
            self.teller.tell("ring_end", f"ring_end {row.uniqueid}", row.at, target=target, reason=of_leg(cause))
        if row.channel != self.caller:
            return
        self.status, self.cause = row.extra.get("dialstatus", ""), cause
        waited = self.left_queue is None or row.at - self.left_queue.at <= timedelta(seconds=1)
        own = row.extra.get("hangupsource", "") in ("", self.caller)
        if self.queue and waited and own and not any(self.rung.values()):
            self.abandoned = True
            self.teller.tell("abandon", f"abandon {row.uniqueid}", row.at, queue=self.queue)

    def _end(self) -> None:
        last = self.rows[-1]
        if self.alive and not any(row.type == "LINKEDID_END" for row in self.rows):
            return  # it goes on where the log stops
        if any(self.rung.values()):
            reason = "completed"
        elif self.abandoned:
            reason = "cancelled"
        elif self.status:
            reason = of_status(self.status)
        else:
            reason = "completed" if self.caller in self.opened else of_leg(self.cause)
        self.teller.tell("hangup", "hangup", last.at, reason=reason)
