"""FreeSWITCH's event socket (ESL) as bytes: messages read from a stream cut anywhere, commands written.

A message is lines of `Header: value` up to an empty one, and a body of as many bytes as its Content-Length says. An
event is such headers again in that body, percent-encoded and perhaps with a body of its own, or a JSON object
(https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Modules/mod_event_socket_1048924/).
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from attrs import define, evolve, field, frozen

from crmcore.api import InvalidInput
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.objects import clean, fields_of

LONGEST_HEAD = 1024 * 1024
"""Bytes of a message's headers; longer ones are said to be too long and are not kept."""

LONGEST_BODY = 16 * 1024 * 1024
"""Bytes of a body: room for a list of some 10,000 channels."""


_EMPTY = re.compile(rb"\r?\n\r?\n")


@frozen(kw_only=True)
class Frame:
    """A message of the stream. `line` is where it begins, counted from 1.

    `headers` are the outer ones, as sent; `body` the text after them (the answer to a command). `event` holds the
    headers of an event, decoded, with its own body as `_body`; it is empty for other messages. With a `problem`, a
    sentence, the message could not be read and `raw` is how it begins.
    """

    headers: Mapping[str, str] = field(factory=dict)
    event: Mapping[str, str] = field(factory=dict)
    body: str = ""
    line: int = 0
    problem: str = ""
    raw: str = ""


@define
class Frames:
    """Cuts a stream of bytes into messages."""

    _rest: bytes = field(default=b"", init=False)
    _line: int = field(default=1, init=False)
    _head: Frame | None = field(default=None, init=False)
    _missing: int = field(default=0, init=False)
    _skips: bool = field(default=False, init=False)
    _long: str = field(default="", init=False)

    def feed(self, data: bytes) -> list[Frame]:
        """Return the messages that end within `data`."""
        self._rest += data
        found: list[Frame] = []
        while (frames := self._finish() if self._head is not None else self._begin()) is not None:
            found += frames
        return found

    def close(self) -> list[Frame]:
        """Return what the end of the stream left without its end: nothing, or one message.

        It has a problem unless it is an event that lacks only the empty line after it.
        """
        found = self.feed(b"\n") if self._head is None and self._rest.endswith(b"\n") else []
        raw = _text(self._rest)[:2000]
        if self._head is not None:
            found.append(evolve(self._head, event={}, problem=_("The last message is cut off."), raw=raw))
        elif raw.strip():
            found.append(Frame(line=self._line, problem=_("The last message is cut off."), raw=raw))
        self._rest, self._head, self._long, self._skips = b"", None, "", False
        return found

    def _take(self, count: int) -> bytes:
        taken, self._rest = self._rest[:count], self._rest[count:]
        self._line += taken.count(b"\n")
        return taken

    def _begin(self) -> list[Frame] | None:
        """Read headers; return what they end, or None where more is needed."""
        if not self._long:
            self._take(len(self._rest) - len(self._rest.lstrip(b"\r\n")))
        end = _EMPTY.search(self._rest)
        if len(self._rest if end is None else self._rest[: end.start()]) > LONGEST_HEAD and not self._long:
            self._long = _text(self._rest[:2000])
        line = self._line
        if end is None:
            if self._long:
                self._take(max(0, len(self._rest) - 3))
            return None
        head = self._take(end.end())
        if self._long:
            raw, self._long = self._long, ""
            problem = _("The message is longer than {limit} bytes.").format(limit=LONGEST_HEAD)
            return [Frame(line=line, problem=problem, raw=raw)]
        headers = _headers(head)
        if not headers:
            problem = _("This is not a message of the event socket: it has no headers.")
            return [Frame(line=line, problem=problem, raw=_text(head)[:2000])]
        frame = Frame(headers=headers, line=line, event=_decoded(headers) if "Event-Name" in headers else {})
        self._missing = _length(headers)
        if self._missing:
            self._head, self._skips = frame, self._missing > LONGEST_BODY
            return []
        return [frame]

    def _finish(self) -> list[Frame] | None:
        """Read the body that is missing; return its message, or None where more is needed."""
        frame = self._head
        if frame is None or (len(self._rest) < self._missing and not self._skips):
            return None
        if self._skips:
            self._missing -= len(self._take(min(self._missing, len(self._rest))))
            if self._missing:
                return None
            self._head, self._skips = None, False
            problem = _("The message is longer than {limit} bytes.").format(limit=LONGEST_BODY)
            return [evolve(frame, event={}, problem=problem)]
        body = self._take(self._missing)
        self._head = None
        return [_with_body(frame, body)]


def _with_body(frame: Frame, body: bytes) -> Frame:
    """Return a message with its body, and the event in it."""
    kind = frame.headers.get("Content-Type", "")
    if frame.event:
        return evolve(frame, event={**frame.event, "_body": _text(body)})
    if kind == "text/event-plain":
        head, nested = body.lstrip(b"\r\n"), b""
        end = _EMPTY.search(head)
        if end is not None:
            head, nested = head[: end.start()], head[end.end() :]
        event = _decoded(_headers(head))
        nested = nested[: _length(event)]
        return evolve(frame, event={**event, "_body": _text(nested)} if nested else event)
    if kind == "text/event-json":
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            return evolve(frame, problem=_("The event is not a JSON object."), raw=_text(body)[:2000])
        return evolve(frame, event=fields_of(told))
    return evolve(frame, body=_text(body))


def _headers(head: bytes) -> dict[str, str]:
    """Return the headers of lines; what is no header is left out."""
    pairs = (_text(line).partition(":") for line in head.splitlines())
    return {name.strip(): value.strip() for name, colon, value in pairs if colon and name.strip()}


def _decoded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: _text(unquote_to_bytes(value)) for name, value in headers.items()}


def _length(headers: Mapping[str, str]) -> int:
    said = headers.get("Content-Length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0


def _text(data: bytes) -> str:
    try:
        return clean(data.decode())
    except UnicodeDecodeError:
        return clean(data.decode("latin-1"))


def command(line: str, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a command, such as `api show channels as json`, as it is sent, with headers if it has any.

    Raises `InvalidInput` for a line break in it: what follows would be a command nobody meant.
    """
    lines = [line, *(f"{name}: {value}" for name, value in (headers or {}).items())]
    if any(sign in one for one in lines for sign in "\r\n\0"):
        raise InvalidInput(_("A line break cannot be sent to FreeSWITCH."))
    return ("\n".join(lines) + "\n\n").encode(errors="replace")
