"""Properties: group, name, parameters and text, with the escapes of vCard resolved.

Sources: RFC 2426, 4 and 5; RFC 6350, 3.3, 3.4 and 5; RFC 6868 (carets in parameters); vCard 2.1 for parameters that
stand alone (``TEL;WORK;FAX:``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from attrs import frozen

from crmcore.formats.vcard.charset import choose, codec_of, decode, is_utf8
from crmcore.formats.vcard.lines import ContentLine

_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"}
_VALUES = {"INLINE", "URL", "URI", "CID", "CONTENT-ID"}
_ESCAPE = re.compile(r'\\([nN,;:"\\])')
_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}
_PARAMETER = re.compile(r';((?:[^";]++|"[^"]*+"|")*+)')
_LIST = re.compile(r'((?:[^",]++|"[^"]*+"|")*+),?')

Parameters = Mapping[str, tuple[str, ...]]


@frozen
class Head:
    """What stands before the value: `group` (item1), `key` (the name as in the file), parameters by upper-case name."""

    group: str
    key: str
    name: str  # the key in upper case
    parameters: Parameters

    def first(self, parameter: str) -> str:
        """Return the first value of a parameter, or ""."""
        return self.parameters.get(parameter, ("",))[0]


@frozen
class Property:
    """One property. `value` still has its backslashes, so that it can be split; `data` is its undecoded bytes."""

    line: int
    head: Head
    name: str
    value: str
    data: bytes
    base64: bool

    @property
    def text(self) -> str:
        """The value as one text."""
        return unescape(self.value)


def parse_head(head: str) -> Head:
    """Parse group, name and parameters, as in ``item1.TEL;TYPE=work,voice`` or ``TEL;WORK;VOICE``."""
    dotted, _semicolon, _rest = head.partition(";")
    group, _dot, key = dotted.strip().rpartition(".")
    found: dict[str, list[str]] = {}
    for part in _PARAMETER.findall(head[len(dotted) :]):
        name, equals, value = part.partition("=")
        name, value = (name.strip().upper(), value) if equals else (_kind_of(part), part)
        if value.strip():
            found.setdefault(name, []).extend(_values(value))
    return Head(group.lower(), key, key.upper(), {name: tuple(values) for name, values in found.items() if values})


def _kind_of(bare: str) -> str:
    word = bare.strip().upper()
    return "ENCODING" if word in _ENCODINGS else "VALUE" if word in _VALUES else "TYPE"


def _values(text: str) -> Iterator[str]:
    for item in _LIST.findall(text):
        value = item.strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if value:
            yield unescape(_CARET.sub(lambda found: _CARETS[found[1]], value))


def foreign_values(lines: Iterable[ContentLine]) -> list[bytes]:
    """Return the values that are not UTF-8 and whose charset is not declared, not known, or declared wrongly as UTF-8.

    None of them, if more values are UTF-8 (beyond ASCII): then these few are damaged, and say nothing of the others.
    """
    undeclared = [line.value for line in lines if not line.value.isascii() and _declared(line.head) in ("", "utf-8")]
    foreign = [value for value in undeclared if not is_utf8(value)]
    return foreign if 2 * len(foreign) >= len(undeclared) else []


def parse(lines: list[ContentLine], hint: str) -> list[Property]:
    """Return the properties of a card's lines. `hint` is the codec that the rest of the file suggests, or ""."""
    fallback = choose(foreign_values(lines), filter(None, {_declared(line.head): 0 for line in lines}), hint)
    found = []
    for line in lines:
        head = _head(line.head, fallback)
        value = "" if line.base64 else decode(line.value, _declared(line.head), fallback)
        found.append(Property(line.line, head, head.name, value, line.value, line.base64))
    return found


@lru_cache(maxsize=4096)
def _head(head: bytes, fallback: str) -> Head:
    return parse_head(decode(head, "", fallback))


@lru_cache(maxsize=4096)
def _declared(head: bytes) -> str:
    upper = head.upper()
    if b"CHARSET" not in upper:
        return ""
    return codec_of(parse_head(head.decode("latin-1")).first("CHARSET"))


def unescape(text: str) -> str:
    r"""Resolve ``\n``, ``\,``, ``\;``, ``\:`` and ``\\``; any other backslash stays what it is."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def split(value: str, separator: str) -> list[str]:
    """Split at each `separator` that no backslash escapes, and resolve the escapes of each part."""
    if "\\" not in value:
        return value.split(separator)
    parts: list[str] = []
    pending: list[str] = []
    for piece in value.split(separator):
        pending.append(piece)
        # An odd number of backslashes at the end: the separator after it is text.
        if (len(piece) - len(piece.rstrip("\\"))) % 2 == 0:
            parts.append(unescape(separator.join(pending)))
            pending = []
    if pending:
        parts.append(unescape(separator.join(pending)))
    return parts


def escape(text: str, also: str = "") -> str:
    r"""Return text for a value: backslashes and line ends escaped, and each character in `also` (``,;``)."""
    text = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    for character in also:
        text = text.replace(character, "\\" + character)
    return text


def parameter(name: str, value: str) -> str:
    """Return ``;NAME="value"`` with the escapes of RFC 6868."""
    safe = escape(value).replace("^", "^^").replace('"', "^'")
    return f';{name}="{safe}"'
