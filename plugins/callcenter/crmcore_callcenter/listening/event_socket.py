"""A conversation with FreeSWITCH's event socket (ESL): logging in, asking what is alive, and what happens.

https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Modules/mod_event_socket_1048924/
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import define, field

from crmcore_callcenter.freeswitch.correlating import Correlator
from crmcore_callcenter.freeswitch.wire import Frame, Frames, command
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.talking import Broken, Event, Wrong
from crmcore_callcenter.protocol.partly import Partly

EVENTS = (
    "CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HOLD"
    " CHANNEL_UNHOLD CHANNEL_PARK CHANNEL_EXECUTE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE RECORD_START RECORD_STOP"
    " CUSTOM callcenter::info"
)
"""What calls are made of; CUSTOM comes last, as its subclasses follow it."""
_LIST = "api show channels as json"

_SETTLES = timedelta(seconds=2)
"""After that FreeSWITCH has written down what happened before: it does so some 200 ms late (switch_core_sqldb.c)."""

_TICK, _NEVER = timedelta(microseconds=1), datetime.min.replace(tzinfo=UTC)


@define(kw_only=True)
class EventSocket:
    """One connection's conversation, as `talking.Talk` has it; the correlator outlives it.

    FreeSWITCH answers commands in the order in which they were sent: `_asked` are those that wait for it. Those of its
    interface for programs (api) have answers of another kind than the socket's own. Without a correlator it only logs
    in, to place calls.

    What happened between the list of channels and the first event, the list may not know: it is asked for twice, and
    till then what events tell of a leg counts more (`_meanwhile`: how they show it, None where it is gone).
    """

    password: str = field(repr=False)
    login: str = ""
    correlator: Correlator | None
    partly: Partly = field(factory=Partly)
    greeting: str = ""
    ready: bool = False
    alive: frozenset[str] | None = None
    channels: int = 0
    said: str = ""
    _frames: Frames = field(factory=Frames)
    _out: bytearray = field(factory=bytearray)
    _asked: list[str] = field(factory=list)
    _meanwhile: dict[str, Mapping[str, str] | None] = field(factory=dict)
    _begun: set[str] = field(factory=set)
    _sure: bool = False
    _again_at: datetime | None = None
    _answers: dict[str, str] = field(factory=dict)
    _last: datetime = _NEVER

    def sending(self) -> bytes:
        """Return what is to be sent now."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def ask_alive(self) -> None:
        """Ask whether anybody is there."""
        if self._again_at is None:
            self.ask("api uptime")
        else:
            self._look_again()

    def _look_again(self) -> None:
        self._again_at, self._sure = None, True
        self.ask(_LIST)

    def ask(self, words: str, **headers: str) -> None:
        """Send a command; `answer` gives what is said to it."""
        self._asked.append(words)
        self._out += command(words, headers)

    def answer(self, words: str) -> str | None:
        """Return the answer to a command, once, if it has come."""
        return self._answers.pop(words, None)

    def received(self, data: bytes, now: datetime) -> list[Event]:
        """Take bytes; return what they tell. Raises `Wrong` for a password, `Broken` for who is no FreeSWITCH."""
        told: list[Event] = []
        for frame in self._frames.feed(data):
            self._last = max(now, self._last + _TICK)  # in the order in which they came
            told += self._heard(frame, self._last)
        if self._again_at is not None and now >= self._again_at:
            self._look_again()
        return told

    def _heard(self, frame: Frame, now: datetime) -> list[Event]:
        kind = frame.headers.get("Content-Type", "")
        if frame.problem or not (kind or frame.event):
            self.said = frame.problem
            if not self.greeting:
                raise Broken(_("What answers there is no event socket of FreeSWITCH: {why}").format(why=frame.problem))
        elif kind == "auth/request":
            self.greeting = "FreeSWITCH"
            self.ask(f"userauth {self.login}:{self.password}" if self.login else f"auth {self.password}")
        elif kind == "text/rude-rejection":
            raise Wrong(_("FreeSWITCH takes no connection from here: {why}").format(why=frame.body.strip()))
        elif kind == "text/disconnect-notice":
            raise Broken(_("FreeSWITCH ends the connection."))
        elif kind in ("command/reply", "api/response"):
            return self._answered(frame, now)
        elif frame.event and self.correlator is not None:
            self._note(frame.event)
            return self.partly.marked(self.correlator.feed(frame.event, now))
        return []

    def _answered(self, frame: Frame, now: datetime) -> list[Event]:
        api = frame.headers.get("Content-Type") == "api/response"
        words = next((each for each in self._asked if each.startswith("api ") == api), "")
        if words:
            self._asked.remove(words)
        said = frame.body.strip() or frame.headers.get("Reply-Text", "")
        if words.startswith(("auth ", "userauth ")):
            if not said.startswith("+OK"):
                raise Wrong(_("FreeSWITCH refuses the password: {why}").format(why=said.removeprefix("-ERR").strip()))
            if self.correlator is None:
                self.ready = True
            else:
                self.partly.was_away()
                self.ask(f"event plain {EVENTS}")
                self.ask(_LIST)
        elif words == _LIST:
            return self._resumed(said, now)
        elif words.startswith("event "):
            if not said.startswith("+OK"):
                self.said = said
        elif not words.startswith("api uptime"):
            self._answers[words] = said
        return []

    def _note(self, event: Mapping[str, str]) -> None:
        """Remember what events tell of legs while the list may not know of it."""
        uid, name = event.get("Unique-ID", ""), event.get("Event-Name", "")
        if not uid or (self._sure and _LIST not in self._asked):
            return
        if name in ("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"):
            self._meanwhile[uid] = None
        elif event.get("Channel-Name") and self._meanwhile.get(uid, event) is not None:
            self._meanwhile[uid] = _row(event)
        call = event.get("Channel-Call-UUID", uid)
        if name == "CHANNEL_CREATE" and call == uid:
            self._begun.add(uid)
            self.partly.begins(uid)
        elif self.ready:  # unless it began here, the list lacks it
            self.partly.came_back({uid, call} - self._begun)

    def _resumed(self, said: str, now: datetime) -> list[Event]:
        rows = _rows(said)
        if rows is None or self.correlator is None:
            self.ready, self._sure = True, True
            self.said = _("FreeSWITCH does not say which channels are alive: {why}").format(why=said[:200])
            self.partly.came_back(())
            return []
        channels = {row.get("uuid", ""): row for row in rows}
        for uid, row in self._meanwhile.items():
            if row is None:
                channels.pop(uid, None)
            else:
                channels[uid] = row
        is_first, self.channels = self.alive is None, len(channels)
        self.alive = frozenset(
            value for row in channels.values() for name in ("uuid", "call_uuid") if (value := row.get(name, ""))
        )
        told: list[Event] = [*self.correlator.snapshot(channels.values(), now, surer=self._meanwhile)]
        if is_first:
            self.ready, self._again_at = True, now + _SETTLES
            told = self.partly.marked(told)
        self.partly.came_back(self.alive.union(self.correlator.calls) - self._begun)
        if not is_first:
            self._meanwhile.clear()
            told = self.partly.marked(told)
        return told


def _rows(said: str) -> list[Mapping[str, str]] | None:
    """Return the rows of `show channels as json`, their values as texts; None for another answer."""
    try:
        found: Any = json.loads(said)
        rows = found.get("rows", []) if found["row_count"] else []
        return [{str(name): str(value) for name, value in row.items()} for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _row(event: Mapping[str, str]) -> Mapping[str, str]:
    """Return a channel that was created as the list would show it."""
    names = {
        "uuid": "Unique-ID", "call_uuid": "Channel-Call-UUID", "name": "Channel-Name", "direction": "Call-Direction",
        "callstate": "Channel-Call-State", "cid_num": "Caller-Caller-ID-Number", "cid_name": "Caller-Caller-ID-Name",
        "dest": "Caller-Destination-Number", "created_epoch": "",
    }  # fmt: skip
    return {name: event.get(header, "") for name, header in names.items()}
