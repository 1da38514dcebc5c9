"""An ear at one telephone system: a thread that connects, logs in, hears, and connects again whenever it is cut off."""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from queue import Full, Queue
from threading import Event as Flag
from threading import Thread
from time import monotonic
from typing import Any, TypeAlias

from attrs import define, field, frozen

from crmcore.api import CrmError, secret_at
from crmcore_callcenter.i18n import _
from crmcore_callcenter.listening.lines import ESL, Place, place
from crmcore_callcenter.listening.pace import Pace
from crmcore_callcenter.listening.talking import Broken, Event, Talk, Wrong
from crmcore_callcenter.listening.views import LISTENING, REFUSED, TRYING
from crmcore_callcenter.protocol.partly import Partly

_AT_ONCE = 65_536
_LOOK = 0.2
"""Seconds after which it looks whether to end."""


@frozen(kw_only=True)
class Spec:
    """A line as it is listened to; `password` says where the password is."""

    id: int
    name: str
    kind: str
    address: str
    login: str
    password: str = field(repr=False)
    system: str


@frozen(kw_only=True)
class Got:
    """Events, and when the last bytes of them were received (`time.monotonic`)."""

    line_id: int
    received: float
    events: list[Event]


@frozen(kw_only=True)
class Alive:
    """What is alive in the telephone system now: the ids of channels and calls."""

    line_id: int
    ids: frozenset[str]


@frozen(kw_only=True)
class Stand:
    """How it goes from now on, and why; `cut` says that a connection was lost."""

    line_id: int
    state: str
    said: str = ""
    cut: bool = False


News: TypeAlias = Got | Alive | Stand


def talk_with(spec: Spec, correlator: Any, partly: Partly, password: str) -> Talk:
    """Return the conversation that a kind of telephone system has; imported where it is needed."""
    if spec.kind == ESL:
        from crmcore_callcenter.listening.event_socket import EventSocket

        return EventSocket(login=spec.login, password=password, correlator=correlator, partly=partly)
    from crmcore_callcenter.listening.manager import Manager

    return Manager(login=spec.login, password=password, correlator=correlator, partly=partly)


def correlator_of(spec: Spec) -> Any:
    """Return what makes calls of a system's events: it stays while connections come and go."""
    if spec.kind == ESL:
        from crmcore_callcenter.freeswitch.correlating import Correlator as OfFreeswitch

        return OfFreeswitch(system=spec.system)
    from crmcore_callcenter.asterisk.correlating import Correlator

    return Correlator(system=spec.system)


def connected(to: Place, patience: float) -> socket.socket:
    """Return a connection; raises `OSError`."""
    opened = socket.create_connection((to.host, to.port), timeout=patience)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return ssl.create_default_context().wrap_socket(opened, server_hostname=to.host) if to.tls else opened
    except BaseException:
        opened.close()
        raise


@define(kw_only=True, eq=False)
class Ear:
    """Hears a line until it is told to `stop`; what it hears goes into the queue, which may keep it waiting.

    `clock` gives the workspace's time.
    """

    spec: Spec
    news: "Queue[News]"
    pace: Pace
    clock: Callable[[], datetime]
    stop: Flag = field(factory=Flag)
    heard_at: datetime | None = None
    _thread: Thread | None = None
    _failures: int = 0
    _partly: Partly = field(factory=Partly)

    def start(self) -> None:
        """Begin."""
        self._thread = Thread(target=self._run, name=f"line {self.spec.name}", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it may still hand something on."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        correlator = correlator_of(self.spec)
        while not self.stop.is_set():
            try:
                self._converse(correlator)
            except (Wrong, CrmError) as error:
                self._tell(Stand(line_id=self.spec.id, state=REFUSED, said=str(error)))
                self.stop.wait(self.pace.refused)
            except (Broken, OSError) as error:
                self._again(said(error))
            except Exception as error:  # noqa: BLE001 # one line's odd words keep no other from being heard
                correlator = correlator_of(self.spec)
                self._again(f"{type(error).__name__}: {error}")

    def _again(self, why: str) -> None:
        self._failures += 1
        self._tell(Stand(line_id=self.spec.id, state=TRYING, said=why, cut=True))
        self.stop.wait(self.pace.wait(self._failures))

    def _converse(self, correlator: Any) -> None:
        talk = talk_with(self.spec, correlator, self._partly, secret_at(self.spec.password, self.spec.name))
        with closing(connected(place(self.spec.address, self.spec.kind), self.pace.open)) as opened:
            begun = last = monotonic()
            asked = 0.0
            ready = False
            while not self.stop.is_set():
                opened.settimeout(self.pace.open)
                opened.sendall(talk.sending())
                opened.settimeout(_LOOK)
                data, now = received(opened), monotonic()
                if data is not None:
                    if not data:
                        raise Broken(_("The connection was ended by the other side."))
                    last, asked = now, 0.0
                    self._take(talk, data, now)
                if not ready and talk.ready:
                    ready, self._failures = True, 0
                    self._tell(Stand(line_id=self.spec.id, state=LISTENING, said=talk.said))
                if not ready and now - begun > self.pace.open:
                    raise Broken(_("Nobody lets us in there within {n} seconds.").format(n=round(self.pace.open)))
                if asked and now - asked > self.pace.answer:
                    raise Broken(_("Nobody answers any more."))
                if not asked and now - last > self.pace.quiet:
                    talk.ask_alive()
                    asked = now

    def _take(self, talk: Talk, data: bytes, now: float) -> None:
        self.heard_at = self.clock()
        known = talk.alive
        events = talk.received(data, self.heard_at)
        if talk.alive is not None and talk.alive is not known:  # before what began after it, and came with it
            self._tell(Alive(line_id=self.spec.id, ids=talk.alive))
        if events:
            self._tell(Got(line_id=self.spec.id, received=now, events=events))

    def _tell(self, one: News) -> None:
        """Hand news on; waits while whoever takes it has enough, and the telephone system then waits for us."""
        while True:
            try:
                self.news.put(one, timeout=_LOOK)
            except Full:
                continue
            return


def received(opened: socket.socket) -> bytes | None:
    """Return what came; nothing at the end of a connection, None where nothing came for a while."""
    try:
        return opened.recv(_AT_ONCE)
    except TimeoutError:
        return None


def said(error: Exception) -> str:
    """Return as a sentence why there is no connection."""
    if isinstance(error, (Broken, Wrong)):
        return str(error)
    strerror = getattr(error, "strerror", None)
    return _("No connection: {why}").format(why=strerror or str(error) or type(error).__name__)
