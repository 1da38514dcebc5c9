"""Bytes of a message to text: the charset it declares, and what it most likely is where it declares none or lies.

Names follow the WHATWG Encoding Standard where mail clients do: gb2312 is read as GB18030, iso-8859-1 as Windows-1252.
"""

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

_ALIASES = {
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "x-x-big5": "cp950",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "ascii",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso-8859-8",
}
_SILENT = {"", "ascii", "x-unknown", "unknown", "unknown-8bit", "default", "default_charset", "binary", "7bit", "8bit"}

# Enough for any judgement, and a bound on the time it takes.
_SAMPLE = 4096
_ENOUGH = 0.8


@lru_cache(maxsize=256)
def _codec(declared: str) -> str:
    """Name of the Python codec for a declared charset, or "" where nothing usable is declared."""
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if name in _SILENT:
        return ""
    try:
        codec = codecs.lookup(name)
        # Codecs between bytes and bytes (base64, zlib, ...) are no charsets.
        return codec.name if isinstance(codec.decode(b"")[0], str) else ""
    except (LookupError, ValueError, TypeError, OSError, EOFError):
        return ""


def _everyday_gb(first: int, second: int) -> bool:
    """Tell whether a pair is punctuation or one of the 3,755 everyday characters of GB 2312 (level 1)."""
    return (0xB0 <= first <= 0xD7 or 0xA1 <= first <= 0xA3) and second >= 0xA1


def _everyday_big5(first: int, second: int) -> bool:
    """Tell whether a pair is punctuation or one of the 5,401 everyday characters of Big5 (level 1)."""
    return 0xA1 <= first <= 0xC6 and (0x40 <= second <= 0x7E or second >= 0xA1)


def _share(raw: bytes, everyday: Callable[[int, int], bool]) -> float:
    """Share of the double-byte pairs in `raw` that are everyday characters; 0 for fewer than two pairs."""
    pairs = hits = place = 0
    while place < len(raw) - 1:
        if raw[place] < 0x80:
            place += 1
            continue
        pairs += 1
        hits += everyday(raw[place], raw[place + 1])
        place += 2
    return hits / pairs if pairs > 1 else 0.0


def guess(raw: bytes) -> str:
    """Return the codec that bytes which are not UTF-8 are most likely in: gb18030, cp950 or cp1252.

    General detectors fail on text as short as a subject; the share of everyday Chinese characters does not.
    """
    sample = raw[:_SAMPLE]
    gb, big5 = _share(sample, _everyday_gb), _share(sample, _everyday_big5)
    likely = (("gb18030", gb), ("cp950", big5)) if gb >= big5 else (("cp950", big5), ("gb18030", gb))
    for name, share in likely:
        if share >= _ENOUGH:
            try:
                raw.decode(name)
            except UnicodeDecodeError:
                continue
            return name
    return "cp1252"


def decode(raw: bytes, declared: str = "") -> tuple[str, str]:
    """Return `raw` as text, and the defect met on the way ("" for none). Nothing is dropped.

    Tried in turn: the declared charset, UTF-8, and the likeliest of the old ones. Bytes that even that one does not
    know are read as ISO-8859-1, where every byte is a character.
    """
    codec = _codec(declared)
    lacking = "" if codec or declared.strip("\"' ").lower() in {"", "us-ascii", "ascii"} else f"charset {declared}"
    for name in (codec, "utf-8"):
        if not name:
            continue
        try:
            return raw.decode(name), lacking
        except (UnicodeError, ValueError):
            lacking = lacking or (f"not {name}" if name == codec else "")
    name = guess(raw)
    try:
        return raw.decode(name), lacking or f"undeclared {name}"
    except UnicodeDecodeError:
        return raw.decode("latin-1"), lacking or "undeclared iso-8859-1"


def raw_bytes(text: str) -> bytes:
    """Return the bytes that the mail parser hid in a string as surrogates (PEP 383)."""
    return text.encode("utf-8", "surrogateescape")


def declared_in_html(raw: bytes) -> str:
    """Return the charset that an HTML document names in a meta element, or ""."""
    found = re.search(rb"<meta[^>]*charset\s*=\s*[\"']?\s*([\w.:-]+)", raw[:2048], re.IGNORECASE)
    return found.group(1).decode("ascii") if found else ""
