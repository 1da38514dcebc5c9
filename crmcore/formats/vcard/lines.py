"""From the physical lines of a card to content lines: unfolded, and free of their transfer encoding.

Folding as in RFC 2426, 2.6 and RFC 6350, 3.2; quoted-printable and base64 as in vCard 2.1. Exporters fold badly in
every way: lines that lack their indent are joined to the property before them, never dropped.
"""

import re
from binascii import a2b_qp
from collections.abc import Iterable, Iterator

from attrs import frozen

from crmcore.formats.vcard.cards import Line, is_begin, is_end

_PROPERTY = re.compile(rb"[A-Za-z0-9_/.$-]+[ \t]*[;:](?!//)")
_HEAD = re.compile(rb'(?:[^":]++|"[^"]*+")*+:')
_QUOTED_PRINTABLE = re.compile(rb";\s*(?:ENCODING\s*=\s*)?\"?QUOTED-PRINTABLE", re.IGNORECASE)
_BASE64 = re.compile(rb";\s*(?:(?:ENCODING\s*=\s*)?\"?BASE64|ENCODING\s*=\s*\"?B\b)", re.IGNORECASE)

_HEAD_PARTS = 100  # lines over which name and parameters may be folded


@frozen
class ContentLine:
    """One property: `line` where it begins, `head` (group, name, parameters) and `value`, both in the file's bytes.

    `value` is unfolded and, if it was quoted-printable, decoded; if `base64`, it still is base64.
    """

    line: int
    head: bytes
    value: bytes
    base64: bool


class _Open:
    """A property that may go on in the next physical line."""

    def __init__(self, line: int, start: bytes) -> None:
        self.line = line
        self.parts: list[bytes] = []
        self.quoted = self.base64 = self.has_head = self.soft_break = False
        self.add(start)

    def add(self, part: bytes) -> None:
        self.parts.append(part)
        if not self.has_head and len(self.parts) < _HEAD_PARTS:
            so_far = b"".join(self.parts)
            end = _head_end(so_far)
            self.has_head = end >= 0
            if end > 0 and b";" in so_far[:end]:
                self.quoted = _QUOTED_PRINTABLE.search(so_far, 0, end) is not None
                self.base64 = _BASE64.search(so_far, 0, end) is not None
        self.soft_break = False
        if self.quoted:
            stripped = part.rstrip(b" \t")
            if stripped.endswith(b"="):
                self.soft_break = True
                self.parts[-1] = stripped[:-1]

    def close(self) -> ContentLine:
        whole = self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)
        end = _head_end(whole)
        if end < 0:
            end = whole.find(b":")
        if end < 0:  # parameters without a value
            return ContentLine(self.line, b"X-TEXT", whole, False)
        value = whole[end + 1 :]
        return ContentLine(self.line, whole[:end], a2b_qp(value) if self.quoted else value, self.base64)


def _head_end(line: bytes) -> int:
    """Return the place of the colon that ends name and parameters, or -1. Colons in quotes do not count."""
    colon = line.find(b":")
    quote = line.find(b'"', 0, colon) if colon >= 0 else -1
    if quote < 0:
        return colon
    found = _HEAD.match(line)
    if found:
        return found.end() - 1
    # A quote that is never closed is a letter like any other; one closed in the next line is not.
    return colon if line.count(b'"') % 2 == 0 else -1


def unfold(lines: Iterable[Line]) -> Iterator[ContentLine]:
    """Yield the content lines of a card, given its physical lines.

    An indented line, one after a quoted-printable soft break, and one that does not begin like a property belong to
    the property before. A card inside the card (after AGENT) becomes the value of that property.
    """
    current: _Open | None = None
    depth = 0
    for number, line in lines:
        depth += is_begin(line)
        if depth and current:
            current.parts.append(line + b"\n")
            depth -= is_end(line)
        elif current and current.soft_break:
            current.add(line)
        elif not line:
            continue
        elif current and line[:1] in b" \t":
            current.add(line[1:])
        elif _PROPERTY.match(line.lstrip()):
            if current:
                yield current.close()
            current = _Open(number, line.lstrip())
        elif current is None:
            yield ContentLine(number, b"X-TEXT", line, False)
        elif line.strip():
            current.add(line if current.base64 else b"\n" + line)
    if current:
        yield current.close()
