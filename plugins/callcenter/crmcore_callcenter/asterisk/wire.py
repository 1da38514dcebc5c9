"""Asterisk's Manager Interface (AMI) as bytes: messages read from a stream cut anywhere, actions written.

A message is lines of `Header: value` up to an empty one; lines end with CR LF, in files often with LF alone
(https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/).
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from attrs import define, evolve, field, frozen

from crmcore.api import InvalidInput
from crmcore_callcenter.i18n import _

LONGEST = 1024 * 1024
"""Bytes of a message, without its end; a longer one is said to be too long and is not kept."""

_GREETING = "Asterisk Call Manager"
_END = "--END COMMAND--"
_BESIDE_OUTPUT = ("response", "privilege", "actionid", "message")


@frozen(kw_only=True)
class Frame:
    """A message of the stream. `line` is where it begins, counted from 1.

    `fields` maps each header, written as sent, to its value; the values of a header that comes more than once
    (Variable, ChanVariable, Output) are joined by line breaks. The greeting of a connection is the one field
    `Greeting`. With a `problem`, a sentence, the message could not be read and `raw` is how it begins.
    """

    fields: Mapping[str, str] = field(factory=dict)
    line: int = 0
    problem: str = ""
    raw: str = ""


@define
class Frames:
    """Cuts a stream of bytes into messages. `encoding` is tried for lines that are not UTF-8, before Latin-1."""

    encoding: str = "latin-1"
    _rest: bytes = field(default=b"", init=False)
    _line: int = field(default=0, init=False)
    _begins: int = field(default=0, init=False)
    _size: int = field(default=0, init=False)
    _long: bool = field(default=False, init=False)
    _lines: list[str] = field(factory=list, init=False)
    _output: bool = field(default=False, init=False)

    def feed(self, data: bytes) -> list[Frame]:
        """Return the messages that end within `data`."""
        found: list[Frame] = []
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._line += 1
            found += self._take(line[:-1] if line.endswith(b"\r") else line)
        if self._size + len(self._rest) > LONGEST:
            self._long = True
            self._rest = self._rest[:2]
        return found

    def close(self) -> list[Frame]:
        """Return what the end of the stream left without its empty line: nothing, or one message.

        It has a problem only if the stream ended within a line.
        """
        if not self._rest.strip(b"\r"):
            self._rest = b""
            return self._ended()
        self._begins = self._begins or self._line + 1
        self._lines.append(self._text(self._rest))
        self._rest = b""
        return [
            evolve(frame, problem=_("The last message is cut off."), raw=frame.raw or _shown(frame.fields))
            for frame in self._ended()
        ]

    def _take(self, line: bytes) -> list[Frame]:
        """Take a line without its end; return the message that it ends, if it does."""
        if not line and not (self._output and not self._long):
            return self._ended()
        self._begins = self._begins or self._line
        self._size += len(line) + 1
        if self._long or self._size > LONGEST:
            self._long = True
            return []
        text = self._text(line)
        if not self._lines and text.startswith(_GREETING):
            begins = self._begins
            self._forget()
            return [Frame(fields={"Greeting": text}, line=begins)]
        self._lines.append(text)
        if text.endswith(_END):
            self._output = False
        elif len(self._lines) == 1 and _split(text) == ("Response", "Follows"):
            self._output = True
        return []

    def _ended(self) -> list[Frame]:
        lines, begins, long = self._lines, self._begins, self._long
        self._forget()
        if long:
            problem = _("The message is longer than {limit} bytes.").format(limit=LONGEST)
            return [Frame(line=begins, problem=problem, raw="\n".join(lines)[:2000])]
        if not lines:
            return []
        fields = _fields(lines)
        if fields is None:
            problem = _("This is not a message of the Manager Interface: it has no headers.")
            return [Frame(line=begins, problem=problem, raw="\n".join(lines)[:2000])]
        return [Frame(fields=fields, line=begins)]

    def _forget(self) -> None:
        self._begins, self._size, self._long, self._lines, self._output = 0, 0, False, [], False

    def _text(self, line: bytes) -> str:
        """Decode a line; no database keeps NUL in a text."""
        for encoding in ("utf-8", self.encoding):
            try:
                return line.decode(encoding).replace("\0", "")
            except (UnicodeDecodeError, LookupError):
                continue
        return line.decode("latin-1").replace("\0", "")


def _split(line: str) -> tuple[str, str] | None:
    """Return a line's header and value; None for a line that has none."""
    header, colon, value = line.partition(":")
    if not colon or not header.strip():
        return None
    return header.strip(), value.strip()


def _shown(fields: Mapping[str, str]) -> str:
    return "\n".join(f"{header}: {value}" for header, value in fields.items())[:2000]


def _fields(lines: Sequence[str]) -> dict[str, str] | None:
    """Return the headers of a message; None if there are none. A line without one goes on with the one before."""
    if _split(lines[0]) == ("Response", "Follows"):
        return _followed(lines)
    fields: dict[str, str] = {}
    header = ""
    for line in lines:
        pair = _split(line)
        if pair is None:
            if not header:
                return None
            fields[header] += "\n" + line
            continue
        header, value = pair
        fields[header] = f"{fields[header]}\n{value}" if header in fields else value
    return fields


def _followed(lines: Sequence[str]) -> dict[str, str]:
    """Return a command's answer as older Asterisk gives it: some headers, the bare output, and a mark at its end."""
    pairs = [_split(line) for line in lines]
    headers = list(takewhile(lambda pair: pair is not None and pair[0].lower() in _BESIDE_OUTPUT, pairs))
    output = "\n".join(lines[len(headers) :])
    return {**dict(pair for pair in headers if pair is not None), "Output": output.removesuffix(_END).rstrip("\n")}


def action(name: str, fields: Mapping[str, str | Sequence[str]]) -> bytes:
    """Return an action as it is sent; a sequence writes its header once for each value.

    Raises `InvalidInput` for a line break in a header or value: it would begin a header nobody meant.
    """
    lines = [("Action", name)]
    for header, value in fields.items():
        lines += [(header, one) for one in ([value] if isinstance(value, str) else value)]
    for header, value in lines:
        if any(sign in header + value for sign in "\r\n\0") or ":" in header or not header:
            raise InvalidInput(
                _("A line break cannot be sent to Asterisk in the header “{header}”.").format(header=header)
            )
    return ("".join(f"{header}: {value}\r\n" for header, value in lines) + "\r\n").encode(errors="replace")
