"""A conversation with Asterisk's Manager Interface (AMI): logging in, asking what is alive, and what happens.

https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import md5

from attrs import define, field

from crmcore_callcenter.asterisk.correlating import Correlator
from crmcore_callcenter.asterisk.wire import Frame, Frames, action
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.talking import Broken, Event, Wrong
from crmcore_callcenter.protocol.events import AgentEvent, CallEvent
from crmcore_callcenter.protocol.partly import Partly

_LISTS = ("CoreShowChannels", "Status")
"""Actions that list the channels; the second where the first is not allowed."""
_ROW = {"coreshowchannel", "status"}
_DONE = {"coreshowchannelscomplete", "statuscomplete"}

_TICK, _NEVER = timedelta(microseconds=1), datetime.min.replace(tzinfo=UTC)


@define(kw_only=True)
class Manager:
    """One connection's conversation; bytes go in by `received` and out by `sending`. The correlator outlives it.

    It is `ready` when it is logged in and knows which calls are alive: `alive` are the ids of their channels then. With
    `events` off it only logs in, to place calls.
    """

    login: str
    password: str = field(repr=False)
    correlator: Correlator | None
    partly: Partly = field(factory=Partly)
    greeting: str = ""
    logged_in: bool = False
    ready: bool = False
    alive: frozenset[str] | None = None
    channels: int = 0
    said: str = ""
    _frames: Frames = field(factory=Frames)
    _out: bytearray = field(factory=bytearray)
    _asked: dict[str, str] = field(factory=dict)
    _count: int = 0
    _listed: dict[str, Mapping[str, str]] = field(factory=dict)
    _meanwhile: dict[str, Mapping[str, str] | None] = field(factory=dict)
    _answers: dict[str, Mapping[str, str]] = field(factory=dict)
    _last: datetime = _NEVER

    def sending(self) -> bytes:
        """Return what is to be sent now."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def ask_alive(self) -> None:
        """Ask whether anybody is there."""
        self.ask("Ping")

    def ask(self, name: str, **fields: str | list[str]) -> str:
        """Send an action; return the id by which `answer` finds what is said to it."""
        self._count += 1
        key = f"crm-{self._count}"
        self._asked[key] = name
        self._out += action(name, {"ActionID": key, **fields})
        return key

    def answer(self, key: str) -> Mapping[str, str] | None:
        """Return the answer to an action that was asked, once, if it has come."""
        return self._answers.pop(key, None)

    def received(self, data: bytes, now: datetime) -> list[Event]:
        """Take bytes; return what they tell. Raises `Wrong` for a password, `Broken` for who is no Asterisk."""
        told: list[Event] = []
        for frame in self._frames.feed(data):
            self._last = max(now, self._last + _TICK)  # in the order in which they came
            told += self._heard(frame, self._last)
        return told

    def _heard(self, frame: Frame, now: datetime) -> list[CallEvent | AgentEvent]:
        fields = {name.lower(): value for name, value in frame.fields.items()}
        if frame.problem:
            self.said = frame.problem
            if not self.greeting:
                raise Broken(
                    _("What answers there is no Manager Interface of Asterisk: {why}").format(why=frame.problem)
                )
            return []
        if "greeting" in fields:
            self.greeting = fields["greeting"]
            self.ask("Challenge", AuthType="MD5")
            return []
        if not self.greeting:
            raise Broken(_("What answers there is no Manager Interface of Asterisk: it does not greet."))
        key = fields.get("actionid", "")
        if "response" in fields:
            self._answered(key, fields)
            return []
        event = fields.get("event", "").lower()
        if key in self._asked and event in _ROW:
            self._listed[fields.get("uniqueid", "")] = frame.fields
            return []
        if key in self._asked and event in _DONE:
            return self._resumed(key, now)
        if self.correlator is None:
            return []
        self._note(event, fields, frame.fields)
        return self.partly.marked(self.correlator.feed(frame.fields, now))

    def _answered(self, key: str, fields: Mapping[str, str]) -> None:
        name = self._asked.get(key, "")
        well = fields["response"].lower() == "success"
        if name == "Challenge":
            self._log_in(fields.get("challenge", "") if well else "")
        elif name == "Login":
            self.partly.was_away()
            if not well:
                raise Wrong(_("Asterisk refuses the login “{login}”: {why}").format(login=self.login, why=_why(fields)))
            self.logged_in = True
            if self.correlator is None:
                self.ready = True
            else:
                self.correlator.resume()
                self._list(_LISTS[0])
                self.ask("QueueStatus")  # what its agents do now
        elif name in _LISTS and not well:
            self._asked.pop(key)
            if name == _LISTS[0]:
                self._list(_LISTS[1])
            else:
                self.said = _("Asterisk does not say which channels are alive: {why}").format(why=_why(fields))
                self.partly.came_back(())
                self.ready = True
        elif name == "Originate":
            self._answers[key] = fields
        if name not in ("", *_LISTS):
            self._asked.pop(key)

    def _log_in(self, challenge: str) -> None:
        """Log in by MD5 over the challenge, as servers offer it; else with the password."""
        events = "on" if self.correlator is not None else "off"
        if challenge:
            key = md5((challenge + self.password).encode(), usedforsecurity=False).hexdigest()
            self.ask("Login", AuthType="MD5", Username=self.login, Key=key, Events=events)
        else:
            self.ask("Login", Username=self.login, Secret=self.password, Events=events)

    def _list(self, name: str) -> None:
        self._listed, self._meanwhile = {}, {}
        self.ask(name)

    def _note(self, event: str, fields: Mapping[str, str], frame: Mapping[str, str]) -> None:
        """Remember what began and ended while the list was under way: it may tell of these or not."""
        if self.ready or not self.logged_in:
            return
        if event == "newchannel":
            uid = fields.get("uniqueid", "")
            self._meanwhile[uid] = frame
            if fields.get("linkedid", uid) == uid:
                self.partly.begins(uid)
        elif event == "hangup":
            self._meanwhile[fields.get("uniqueid", "")] = None

    def _resumed(self, key: str, now: datetime) -> list[CallEvent | AgentEvent]:
        self._asked.pop(key)
        channels = {**self._listed}
        for uid, frame in self._meanwhile.items():
            if frame is None:
                channels.pop(uid, None)
            else:
                channels.setdefault(uid, frame)
        self.ready = True
        rows = list(channels.values())
        self.channels = len(rows)
        self.alive = frozenset(
            value for row in rows for name, value in row.items() if name.lower() in ("uniqueid", "linkedid") and value
        )
        told = self.partly.marked(self.correlator.snapshot(rows, now)) if self.correlator is not None else []
        self.partly.came_back(self.alive)
        return told


def _why(fields: Mapping[str, str]) -> str:
    return fields.get("message", "") or fields.get("response", "")
