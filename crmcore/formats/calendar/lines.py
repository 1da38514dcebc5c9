"""Content lines of a calendar file: unfolded, decoded, with the line they begin on (RFC 5545, 3.1)."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from crmcore.formats.calendar.encoding import (
    HEAD,
    Encoding,
    check_asked,
    is_written_in,
    read_utf8,
    spare_encoding,
    wide_encoding,
)

_PROPERTY = re.compile(rb"[A-Za-z0-9][A-Za-z0-9 ._/-]*[;:]")
_BOUNDARY = re.compile(rb"(?:BEGIN|END)\s*:", re.IGNORECASE)
_PROSE = re.compile(rb"(?:SUMMARY|DESCRIPTION|COMMENT|LOCATION|CONTACT|X-[A-Z0-9-]+)[;:]", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(rb"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_CHARSET = re.compile(rb"[^:]*;CHARSET=\"?([A-Za-z0-9._-]+)", re.IGNORECASE)


@frozen(kw_only=True)
class Line:
    """A content line: the whole text after unfolding, and the number of the line of the file it begins on."""

    number: int
    text: str


def find_encoding(path: Path, asked: str = "") -> Encoding:
    """Find how `path` is written; `asked` is the encoding the user named, which is believed.

    Raises:
        InvalidInput: if the named encoding is unknown, or not that of the file.

    """
    if asked:
        return Encoding(whole=check_asked(path, asked))
    with path.open("rb") as file:
        wide = wide_encoding(file.read(HEAD))
    if wide:
        return Encoding(whole=wide)
    if is_written_in(path, "utf-8"):
        return Encoding()
    return Encoding(spare=spare_encoding(raw for _, raw in _unfolded(path, Encoding())))


def content_lines(path: Path, encoding: Encoding) -> Iterator[Line]:
    """Yield the content lines of `path` in their order. Blank lines are left out; memory is that of one line."""
    for number, raw in _unfolded(path, encoding):
        yield Line(number=number, text=_decoded(raw, encoding))


def _physical(path: Path, encoding: Encoding) -> Iterator[bytes]:
    # Latin-1 keeps every byte as it is, so that any of the three line ends is recognised and nothing else changes.
    # Octets are unfolded before they are decoded: a fold may cut a character in two.
    with path.open(encoding=encoding.whole or "latin-1", errors="replace", newline=None) as file:
        for text in file:
            yield text.rstrip("\n").encode("utf-8" if encoding.whole else "latin-1", "replace")


def _unfolded(path: Path, encoding: Encoding) -> Iterator[tuple[int, bytes]]:
    parts: list[bytes] = []
    start = 0
    for number, raw in enumerate(_physical(path, encoding), start=1):
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if parts and (joined := _continuation(parts, raw)) is not None:
            parts[-1:] = joined
            continue
        if not raw.strip():
            continue
        if parts:
            yield start, b"".join(parts)
        parts, start = [raw.lstrip()], number
    if parts:
        yield start, b"".join(parts)


def _continuation(parts: list[bytes], raw: bytes) -> list[bytes] | None:
    """Return what replaces the last part when `raw` continues the line in `parts`; None when a new line begins."""
    last = parts[-1]
    if last.endswith(b"=") and _QUOTED_PRINTABLE.match(parts[0]) and not _BOUNDARY.match(raw):
        return [last[:-1], raw]  # a soft line break of quoted-printable, as vCalendar 1.0 has
    if raw[:1] in (b" ", b"\t"):
        return [last, raw[1:]]
    if raw.strip() and not _PROPERTY.match(raw) and _PROSE.match(parts[0]):
        return [last, b"\\n", raw]  # a line of prose that its writer forgot to fold
    return None


def _decoded(raw: bytes, encoding: Encoding) -> str:
    named = _CHARSET.match(raw)
    if named is not None and not encoding.whole:
        try:
            return raw.decode(named[1].decode("ascii"))
        except (UnicodeError, LookupError):
            pass  # it is not what it says
    text = read_utf8(raw)
    if text is not None:
        return text
    try:
        return raw.decode(encoding.spare)
    except UnicodeDecodeError:
        return raw.decode("latin-1")
