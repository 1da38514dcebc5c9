"""From a file to numbered physical lines of bytes, whatever its byte-order mark and line ends."""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from crmcore.errors import InvalidInput
from crmcore.i18n import _

LONGEST_LINE = 64 * 2**20
"""Bytes of one physical line that are kept together; a longer one is cut, so that memory stays bounded."""

WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
"""Encodings of which every letter has two or four bytes."""

_HEAD = 64 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def physical_lines(path: Path, encoding: str = "") -> Iterator[tuple[int, bytes]]:
    r"""Yield (line number from 1, line without its end) of the file at `path`.

    Ends are CR LF, LF or CR. UTF-16 and UTF-32 (by mark, by the zero bytes of ``BEGIN``, or by `encoding`) come out as
    UTF-8; every other encoding comes out as the bytes it is, for its properties may each have a charset of their own.

    Raises InvalidInput: the file cannot be read, is empty, or holds binary data.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            _refuse_binary(head, path)
            file.seek(0)
            wide = _wide_encoding(head, encoding)
            yield from _lines(file, wide)
    except OSError as error:
        message = _("{file} cannot be read: {reason}.")
        raise InvalidInput(message.format(file=path, reason=error.strerror or error)) from error


def _lines(file: io.BufferedReader, wide: str) -> Iterator[tuple[int, bytes]]:
    # Latin-1 maps every byte to one character and back, so the line ends of all systems are found without decoding.
    text = io.TextIOWrapper(file, encoding=wide or "latin-1", errors="replace" if wide else "strict", newline=None)
    back = "utf-8" if wide else "latin-1"
    number = 1
    while line := text.readline(LONGEST_LINE):
        raw = line.rstrip("\n").encode(back)
        if number == 1 and not wide:
            raw = raw.lstrip(b"\xff\xfe\0")  # a mark that lies
        # A mark stands before each part of a file that was put together from several.
        yield number, raw.removeprefix(codecs.BOM_UTF8)
        number += line.endswith("\n")


def _wide_encoding(head: bytes, asked: str) -> str:
    if b"BEGIN:VCARD" in head.upper():
        return ""  # whatever a mark or the user says: some marks lie
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    for width, encoding in ((4, "utf-32"), (2, "utf-16")):
        place = head.upper().find(bytes(width - 1).join([b"B", b"E", b"G", b"I", b"N"]))
        if place >= 0:
            return f"{encoding}-le" if place % width == 0 else f"{encoding}-be"
    # Without a mark and without a card to look at, the user's word is all there is.
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(asked, asked) if asked in WIDE else ""


def _refuse_binary(head: bytes, path: Path) -> None:
    if not head.strip():
        raise InvalidInput(_("{file} is empty.").format(file=path))
    if b"\0" in head and b"BEGIN" not in head.upper().replace(b"\0", b""):
        raise InvalidInput(_("{file} is not a vCard file: it holds binary data.").format(file=path))
