"""How the bytes of a calendar file stand for characters."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.i18n import _

HEAD = 65536
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ((b"B\0\0\0", "utf-32-le"), (b"\0\0\0B", "utf-32-be"), (b"B\0", "utf-16-le"), (b"\0B", "utf-16-be"))
_EASTERN = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1251")


@frozen(kw_only=True)
class Encoding:
    """`whole` is the encoding of the whole file, or empty: then each line is UTF-8, or `spare` where it is not."""

    whole: str = ""
    spare: str = "cp1252"


def wide_encoding(head: bytes) -> str:
    """Return the name of the UTF-16 or UTF-32 encoding that the first bytes show, or an empty string."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    start = head.lstrip(b" \r\n\t").upper()
    return next((name for beginning, name in _UNMARKED if start.startswith(beginning)), "")


def is_written_in(path: Path, name: str) -> bool:
    """Say whether the whole file is text in the encoding `name`. Memory does not grow with the file."""
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def read_utf8(raw: bytes) -> str | None:
    """Decode a line as UTF-8; None if it is not. A line that is mostly UTF-8 keeps what can be read of it."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    # Three octets that fit together by chance are rare in other encodings, two are not.
    good = sum(3 if character >= "\u0800" else 1 for character in text if character > "\x7f") - 3 * bad
    return text if good >= bad else None


def spare_encoding(raw_lines: Iterator[bytes]) -> str:
    """Guess the encoding of the lines that are not UTF-8, from the first 64 KiB of them.

    European text has single letters outside ASCII between ASCII letters; Chinese, Japanese, Korean and Cyrillic text
    has runs of them. That difference decides first: statistics go wrong on the few words of a calendar entry.
    """
    sample = bytearray()
    for raw in raw_lines:
        if read_utf8(raw) is None:
            sample += raw + b"\n"
            if len(sample) > HEAD:
                break
    if not _mostly_runs(bytes(sample)):
        return "cp1252"
    from charset_normalizer import from_bytes  # only for files that are not UTF-8: it is heavy

    found = from_bytes(bytes(sample), cp_isolation=list(_EASTERN))
    ranked = sorted(found, key=lambda match: (match.chaos, _EASTERN.index(match.encoding)))
    return ranked[0].encoding if ranked else "cp1252"


def _mostly_runs(sample: bytes) -> bool:
    alone = together = 0
    run = 0
    for byte in sample + b"\n":
        if byte >= 0x80:
            run += 1
            continue
        if run == 1:
            alone += 1
        together += run if run > 1 else 0
        run = 0
    return together > alone


def check_asked(path: Path, name: str) -> str:
    """Return the encoding a user named for `path`.

    Raises:
        InvalidInput: if Python does not know it as an encoding of text, or the file is not written in it.

    """
    try:
        b"x".decode(name)
    except UnicodeDecodeError:
        pass  # it is known, and has no letter of one octet
    except (LookupError, UnicodeError, ValueError):
        raise InvalidInput(_("encoding: “{name}” is not a known encoding.").format(name=name)) from None
    if not is_written_in(path, name):
        raise InvalidInput(_("{file}: the file is not written in {name}.").format(file=path.name, name=name))
    return name
