"""Which charset the bytes of a value are in: declared rightly, declared wrongly, or not declared at all."""

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache

_WESTERN = {"cp1252", "iso8859-15", "mac-roman", "cp850", "cp437", "ascii"}
_CJK = {"gb18030", "cp932", "cp950", "big5hkscs", "cp949", "euc_jp"}
# Exporters name the older, narrower charset and write the wider one.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
}
_ASCII = bytes(range(32, 127))
_CANDIDATES = ["gb18030", "cp950", "cp932", "cp1251", "cp1253"]
_SAMPLE = 4096
# One or two accented letters beside ASCII letters: the look of Western European text.
_WESTERN_WORD = re.compile(rb"[A-Za-z][\xc0-\xff]{1,2}(?![\x80-\xff])|(?<![\x80-\xff])[\xc0-\xff]{1,2}[A-Za-z]")


@lru_cache(maxsize=256)
def codec_of(label: str) -> str:
    """Return the name of the codec to use for a CHARSET label, or "" where there is none that could be meant."""
    try:
        name = codecs.lookup(label.strip("\"' ")).name
        # Codecs that do not leave ASCII alone (UTF-7, hex, ...) cannot be what a vCard means.
        if _ASCII.decode(name) != _ASCII.decode("ascii"):
            return ""
    except (LookupError, ValueError):
        return codec_of(label[2:]) if label[:2].lower() == "x-" else ""
    return _WIDER.get(name, name)


def decode(raw: bytes, declared: str, fallback: str) -> str:
    """Return the text of `raw`: UTF-8 where it plainly is that, else the `declared` codec, else the `fallback` one.

    Never fails: what no codec takes is read as ISO 8859-1, so that no byte is lost.
    """
    if raw.isascii():
        return raw.decode("ascii")
    charset = declared or fallback
    text = _as_utf8(raw)
    if text and _is_plainly_utf8(text, charset):
        return text
    for candidate in (charset, fallback):
        if _decodes(raw, candidate):
            return raw.decode(candidate)
    candidate = guess(raw)
    return raw.decode(candidate if _decodes(raw, candidate) else "latin-1")


def _is_plainly_utf8(text: str, charset: str) -> bool:
    if charset in _CJK:
        # Two bytes of GB 18030, Big5 or Shift_JIS often are valid UTF-8 too, three in a row hardly ever.
        return max(text) > "\u07ff"
    if charset in _WESTERN or charset == "utf-8":
        return True
    return sum(letter > "\x7f" for letter in text) > 1


def _as_utf8(raw: bytes) -> str:
    """Return the text if the bytes are UTF-8, or UTF-8 with little damage (phones cut within a letter), else ""."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_at_end = error.reason == "unexpected end of data"
    text = raw.decode("utf-8", "replace")
    letters = [letter for letter in text if letter > "\x7f" and letter != "\ufffd"]
    if cut_at_end:
        # One accented letter at the end of ASCII is Western European text, not a cut.
        return text if len(letters) > 1 or max(letters, default="") > "\u07ff" else ""
    return text if len(letters) > 4 * text.count("\ufffd") else ""


def is_utf8(raw: bytes) -> bool:
    """Tell whether the bytes are UTF-8 (ASCII included), be it with little damage."""
    return raw.isascii() or bool(_as_utf8(raw))


def choose(values: Iterable[bytes], declared: Iterable[str], hint: str) -> str:
    """Return the codec for values that are not UTF-8 and say nothing of their charset.

    The first that decodes all of `values`: one of `declared` (codecs that neighbours name), the `hint`, a guess.
    """
    foreign = b"\n".join(values)
    if not foreign:
        return hint or "utf-8"
    for candidate in (*declared, hint):
        if candidate and candidate != "utf-8" and _decodes(foreign, candidate):
            return candidate
    return guess(foreign)


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=64)
def guess(raw: bytes) -> str:
    """Return the likeliest codec of bytes that are not UTF-8. The more bytes, the surer; cp1252 when nothing speaks."""
    words = b" ".join(word for word in raw[:_SAMPLE].split() if not word.isascii())
    high = sum(byte > 127 for byte in words)
    western = sum(sum(byte > 127 for byte in found) for found in _WESTERN_WORD.findall(words))
    if western * 2 > high:
        return "cp1252"
    from charset_normalizer import from_bytes  # only old files need it, and it is slow to load

    best = from_bytes(words, cp_isolation=_CANDIDATES, threshold=0.9).best()
    found = best.encoding if best else ""
    found = _WIDER.get(found, found)
    if found not in ("cp1251", "cp1253") and _is_everyday_chinese(words):
        return "gb18030"
    return found if found in _CANDIDATES and _decodes(raw, found) else "cp1252"


def _is_everyday_chinese(raw: bytes) -> bool:
    """Tell whether the bytes are GB 2312 of which most is its first level, the common characters (lead B0 to D7).

    A few characters are too little for statistics; in Big5 and Shift_JIS these bytes are rare or no characters.
    """
    try:
        text = raw.decode("gb2312")
    except UnicodeDecodeError:
        return False
    leads = [letter.encode("gb2312")[0] for letter in text if letter > "\x7f"]
    common = sum(0xB0 <= lead <= 0xD7 for lead in leads)
    return common * 2 > len(leads) and not any(0xA4 <= lead <= 0xAF for lead in leads)
