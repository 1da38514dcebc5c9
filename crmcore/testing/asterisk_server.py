"""An Asterisk that says what a recording says: a real server in the manager's framing, that is cut off at will.

It asks for a login (MD5 or plain), begins with the first message, and goes on where it was when somebody connects
again: some messages earlier (`overlap`), or later (`lost`: nobody heard them). It answers truthfully which channels
are alive, by the messages it said or lost so far.
"""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import md5
from random import Random
from select import select
from typing import NoReturn

from crmcore.testing.asterisk_channels import Channels, Message

GREETING = b"Asterisk Call Manager/7.0.3\r\n"


def framed(message: Message) -> bytes:
    """Return a message as Asterisk sends it: its event first."""
    first = ("Event", "Response")
    names = [*(each for each in first if each in message), *(each for each in message if each not in first)]
    lines = [f"{name}: {message[name]}\r\n" for name in names if name != "content"]
    return "".join([*lines, "\r\n"]).encode()


class TelephoneSystem:
    """Serves messages at `port`, cutting each connection after a number of bytes that `cut` gives (None: not).

    `every` is the time between two messages. The connection ends after the last, unless it `stays`. `finished` is set
    when all was said, and who asked what is alive after that was told. While it is `mute` it says nothing at all.
    `originated` are the actions by which calls were placed. It serves nobody unless it is `served`: a test may hold
    conversations by itself.
    """

    kind, name, login, secret = "ami", "asterisk", "crm", "geheim & 密码"

    def __init__(
        self,
        messages: Sequence[Message],
        *,
        cut: Callable[[], int | None] = lambda: None,
        overlap: Callable[[], int] = lambda: 0,
        lost: Callable[[], int] = lambda: 0,
        every: float = 0.0,
        md5_offered: bool = True,
        stays: bool = False,
        served: bool = True,
    ) -> None:
        self.messages = list(messages)
        self.finished = threading.Event()
        self.cuts = self.logins = self.refused = 0
        self.originated: list[Message] = []
        self.mute = False
        self._cut, self._overlap, self._lost, self._every = cut, overlap, lost, every
        self._md5, self.stays = md5_offered, stays
        self._next = self._reached = 0
        self._channels = Channels()
        self._ended = False
        self.port = 0
        if served:
            self._door = socket.create_server(("127.0.0.1", 0))
            self.port = int(self._door.getsockname()[1])
            threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_behind(self) -> bool:
        """Whether what is said next was said before."""
        return self._next < self._reached

    @property
    def has_more(self) -> bool:
        """Whether there is something left to say."""
        return self._next < len(self.messages)

    @property
    def said_so_far(self) -> int:
        """How many messages were said or lost."""
        return self._reached

    def go_on(self, messages: Sequence[Message], *, every: float) -> None:
        """Say more, at another pace; the connection ends after the last."""
        self._every, self.stays = every, False
        self.messages += messages

    def _serve(self) -> None:
        with suppress(OSError):
            while not self._ended:
                connection, _address = self._door.accept()
                threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def _guarded(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.conversation(connection).run()

    def conversation(self, connection: socket.socket) -> "Conversation":
        """Return a conversation with one who connected."""
        return Conversation(self, connection)

    def resume(self) -> None:
        """Go on where it was, or some messages earlier or later: somebody wants to hear."""
        if self.logins:
            self._next = max(0, self._next - self._overlap())
            for _each in range(min(self._lost(), len(self.messages) - self._next)):
                self.said(self.messages[self._next])
        self.logins += 1

    def said(self, message: Message) -> None:
        """Note that a message was said or lost."""
        if self._next == self._reached:
            self._channels.hear(message)
            self._reached += 1
        self._next += 1

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        self._ended = True
        self._door.close()


class Conversation:
    """What is said to one who connected; raises `ConnectionAbortedError` where it ends."""

    ends = b"\r\n\r\n"
    """What ends a command."""

    def __init__(self, system: TelephoneSystem, connection: socket.socket) -> None:
        self._system, self._connection = system, connection
        self._left = system._cut()
        self._in = b""
        self._challenge = ""
        self.tells = self._allowed = False
        self._last = 0.0

    def run(self) -> None:
        """Talk until the other side goes, or is cut off."""
        system = self._system
        self.greet()
        while not system._ended:
            behind = system.is_behind
            if not (self.tells and behind):  # what it is behind with comes before any answer
                self._answer(0.0 if self.tells and system.has_more else 0.02)
            if not self.tells or system.mute:
                continue
            if system.has_more:
                if system._every and not behind and (wait := self._last + system._every - time.monotonic()) > 0:
                    self._answer(wait)
                    continue
                self._last = max(self._last + system._every, time.monotonic() - 1)
                self.tell()

    def greet(self) -> None:
        """Say who it is."""
        self._send(GREETING)

    def tell(self) -> None:
        """Say the next message."""
        system = self._system
        message = system.messages[system._next]
        self._send(self.framed(message))
        system.said(message)
        if not system.has_more and not system.stays:
            self.end()

    def framed(self, message: Message) -> bytes:
        """Return a message as it is sent."""
        return framed(message)

    def _send(self, data: bytes) -> None:
        if self._left is not None and len(data) > self._left:
            self._system.cuts += 1
            self._connection.sendall(data[: self._left])
            self.end()
        if self._left is not None:
            self._left -= len(data)
        self._connection.sendall(data)

    def end(self) -> NoReturn:
        """End it."""
        self._connection.shutdown(socket.SHUT_WR)
        while self._connection.recv(4096):  # else the kernel might take back what was sent
            pass
        raise ConnectionAbortedError

    def _answer(self, wait: float) -> None:
        if not select([self._connection], [], [], wait)[0]:
            return
        some = self._connection.recv(65536)
        if not some:
            raise ConnectionAbortedError
        self.hear(some)

    def hear(self, data: bytes) -> None:
        """Take what the other side sends, and answer it."""
        self._in += data
        while self.ends in self._in:
            one, self._in = self._in.split(self.ends, 1)
            if not self._system.mute:
                self._act(one.decode())

    def _act(self, words: str) -> None:
        pairs = (line.partition(": ") for line in words.split("\r\n"))
        said = {name.lower(): value for name, _colon, value in pairs}
        system, key = self._system, said.get("actionid", "")
        action = said["action"].lower()
        if action == "challenge" and system._md5:
            self._challenge = "145769581"
            self._send(framed({"Response": "Success", "ActionID": key, "Challenge": self._challenge}))
        elif action == "login":
            self._log_in(said, key)
        elif not self._allowed:
            self._send(framed({"Response": "Error", "ActionID": key, "Message": "Permission denied"}))
        elif action == "coreshowchannels":
            self._list(key)
        elif action == "originate":
            system.originated.append(said)
            self._send(framed({"Response": "Success", "ActionID": key, "Message": "Originate successfully queued"}))
        else:
            self._send(framed({"Response": "Success", "ActionID": key}))

    def _log_in(self, said: Message, key: str) -> None:
        system = self._system
        wanted = md5((self._challenge + system.secret).encode()).hexdigest()  # noqa: S324 # as Asterisk does
        right = said.get("key") == wanted if self._challenge else said.get("secret") == system.secret
        if said.get("username") != system.login or not right:
            system.refused += 1
            self._send(framed({"Response": "Error", "ActionID": key, "Message": "Authentication failed"}))
            raise ConnectionAbortedError
        self._allowed = True
        self._send(framed({"Response": "Success", "ActionID": key, "Message": "Authentication accepted"}))
        if said.get("events") == "on":
            self._begin()

    def _begin(self) -> None:
        """Tell events from here on."""
        self._system.resume()
        self._last = time.monotonic()
        self.tells = True

    def _list(self, key: str) -> None:
        system = self._system
        over = not system.has_more
        self._send(framed({"Response": "Success", "ActionID": key, "EventList": "start"}))
        rows = system._channels.rows()
        for row in rows:
            self._send(framed({"Event": "CoreShowChannel", "ActionID": key, **row}))
        done = {"Event": "CoreShowChannelsComplete", "ActionID": key, "EventList": "Complete"}
        self._send(framed({**done, "ListItems": str(len(rows))}))
        if over and not system.stays:
            system.finished.set()


def chances(random: Random, least: int, most: int, *, times: int) -> Callable[[], int | None]:
    """Return where connections are cut: after so many bytes as chance will have it, so many times, then never."""
    left = [times]

    def cut() -> int | None:
        left[0] -= 1
        return random.randrange(least, most) if left[0] >= 0 else None

    return cut
