"""A telephone system and who listens to it, without a network: who does what first, and every cut, is chance."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from crmcore_callcenter.listening.ear import Alive, Got, News, Spec, correlator_of, talk_with
from crmcore_callcenter.listening.keeping import Keeper
from crmcore_callcenter.protocol.partly import Partly

from crmcore.app import App
from crmcore.testing.asterisk_channels import Message
from crmcore.testing.asterisk_server import Conversation, TelephoneSystem

_FEW = (1, 1, 1, 2, 2, 3, 5)
"""Messages after which a connection is often cut: what one tells again first is taken in alone then."""


_MOST = 20_000
"""Turns of a conversation, of which most are far shorter: it would go on for ever then."""


class Wire:
    """The socket of a conversation: what was sent waits in `out`."""

    def __init__(self) -> None:
        self.out, self.is_over = b"", False

    def sendall(self, data: bytes) -> None:
        self.out += data

    def shutdown(self, _how: int) -> None:
        self.is_over = True

    def recv(self, _most: int) -> bytes:
        return b""


def mixed(streams: Sequence[list[Message]], random: Random) -> list[Message]:
    """Return streams of calls as if these were under way at the same time, up to some; each in its own order."""
    waiting, under_way, told = [list(each) for each in streams], [], []
    random.shuffle(waiting)
    many = random.choice((1, 2, 4))
    while waiting or under_way:
        while waiting and len(under_way) < many:
            under_way.append(waiting.pop())
        one = random.choice(under_way)
        told.append(one.pop(0))
        under_way = [each for each in under_way if each]
    return told


class Play:
    """Messages said by a telephone system that is cut off again and again, and taken in by a keeper of a line."""

    def __init__(self, app: App, line_id: int, system: TelephoneSystem, random: Random) -> None:
        self._system, self._random = system, random
        self._spec = Spec(
            id=line_id, name="HQ", kind=system.kind, address="127.0.0.1:1", login=system.login, password="",
            system=system.name,
        )  # fmt: skip
        self._keeper = Keeper(app=app, spec=self._spec, say=print, over=lambda: True)
        self._correlator, self._partly = correlator_of(self._spec), Partly()
        self._news: list[News] = []
        self._at = datetime(2026, 11, 24, 2, tzinfo=UTC)
        self.cuts = 0

    def run(self) -> None:
        """Say all of it, in as many connections as it takes."""
        while not self._system.finished.is_set():
            self._connection()
            self._at += timedelta(milliseconds=self._random.choice((1, 20, 500)))
        self._take_in()

    def _connection(self) -> None:
        system, wire = self._system, Wire()
        conversation = system.conversation(wire)
        conversation.greet()
        talk = talk_with(self._spec, self._correlator, self._partly, system.secret)
        told = iter(range(self._random.choice((*_FEW, self._random.randrange(6, 80)))))
        asked = b""
        turns = count()
        while not (wire.is_over and not wire.out) and not (system.finished.is_set() and not wire.out):
            assert next(turns) < _MOST, "it never ends"
            for _each in range(self._random.choice((0, 1, 1, 2, 5, 20))):
                asked = self._speak(conversation, wire, asked, told)
            for _each in range(self._random.choice((0, 1, 1, 3))):
                asked += talk.sending()
                size = self._random.choice((65_536, 65_536, self._random.randrange(1, 4_000)))
                data, wire.out = wire.out[:size], wire.out[size:]
                self._at += timedelta(milliseconds=self._random.choice((0, 1, 5, 50)))
                known, events = talk.alive, talk.received(data, self._at) if data else []
                if talk.alive is not None and talk.alive is not known:
                    self._news.append(Alive(line_id=self._spec.id, ids=talk.alive))
                if events:
                    self._news.append(Got(line_id=self._spec.id, received=0.0, events=events))
                if self._random.random() < 0.1:
                    self._take_in()
                if talk.ready and self._random.random() < 0.02:  # nothing came for a while
                    talk.ask_alive()

    def _speak(self, conversation: Conversation, wire: Wire, asked: bytes, told: Iterator[int]) -> bytes:
        """Let the system answer what it was asked, say its next message, or be cut off; return what is not answered."""
        system = self._system
        behind = conversation.tells and system.is_behind
        with suppress(ConnectionAbortedError):
            if wire.is_over:
                return asked
            if asked and not behind and (self._random.random() < 0.5 or not (conversation.tells and system.has_more)):
                conversation.hear(asked)
                return b""
            if conversation.tells and system.has_more:
                if next(told, None) is None:
                    self.cuts += 1
                    conversation.end()
                conversation.tell()
        return asked

    def _take_in(self) -> None:
        """Take in what was heard, in its order."""
        got: list[Got] = []
        for one in (*self._news, None):
            if isinstance(one, Got):
                got.append(one)
                continue
            if got:
                self._keeper.keep(got)
            got = []
            if isinstance(one, Alive):
                self._keeper.end_gone(one)
        self._news.clear()
