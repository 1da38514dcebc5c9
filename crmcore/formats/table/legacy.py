"""Which legacy encoding a sample of text is in, where it is not Unicode.

Chinese and Japanese are told by the share of characters that fall in the part of the code table where the most used
characters are (GB 2312 level 1, Big5 level 1, JIS level 1): a few names are enough, where statistical detection needs
a page. Everything else is left to charset-normalizer, within the encodings that office programs write.
"""

import re
from collections.abc import Callable

from charset_normalizer import from_bytes

ALPHABETS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254"]
SCRIPTS = ["cp949"]
NOT_LATIN = ["cp1251", "cp1253"]
WORD = re.compile(rb"[\xc0-\xff]{3,}")  # three letters above ASCII in a row: no Latin alphabet writes so

# What Windows-1250 and Windows-1254 have where Windows-1252 has signs, unassigned codes, or letters that no language
# uses in such company. Western is the common case: the others need evidence.
CENTRAL_EUROPEAN = re.compile(
    rb"[\x8a\x8d\x8e\x8f\x9a\x9d\x9e]"  # Czech, Slovak, Croatian: letters with a caron, and T, Z with accents
    rb"|[A-Za-z][\xa3\xa5\xb3\xb9\xbf]|[\xa3\xaf\xb3][a-z]|\x9c(?!u)"  # Polish l, a, z, s inside words
)
HUNGARIAN = re.compile(rb"[\xd5\xf5](?![Ee])")  # long o; the Portuguese o with tilde stands before e
ACUTE = re.compile(rb"[\xe1\xe9\xed\xf3\xfa]")
TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")  # as Icelandic letters they come with acute accents or ae
ICELANDIC = re.compile(rb"[\xe1\xe6\xe9\xed\xf3\xfa]")

ENOUGH = 0.7  # share of common characters from which text is taken for Chinese or Japanese
APART = 0.15  # by how much the best must lead
SHORT = 12  # characters: below this Korean cannot be told from Chinese, and Chinese is assumed


def guess_legacy(sample: bytes) -> str | None:
    """Return the Python codec a sample of whole lines is most likely in, or None when nothing fits well.

    `sample` holds bytes that are not valid UTF-8, best only lines with bytes above 127.
    """
    high = [byte for byte in sample if byte > 127]
    # Cyrillic, Greek and western letters all lie above 0xBF; two bytes in three of Chinese do, rarely all of many.
    if len(high) >= 8 and min(high) >= 0xC0:
        foreign = sum(map(len, WORD.findall(sample))) > len(high) / 2
        return _alphabet(sample, NOT_LATIN if foreign else ALPHABETS)
    return _ideographs(sample) or _alphabet(sample, [*ALPHABETS, *SCRIPTS])


def _ideographs(sample: bytes) -> str | None:
    shares = sorted(((_share(sample, codec, common), codec) for codec, common in COMMON.items()), reverse=True)
    (first, codec), (second, _) = shares[0], shares[1]
    if first < ENOUGH or first - second < APART:
        return None
    if codec == "gb18030" and _korean(sample):
        return "cp949"
    return "euc_jp" if codec == "gb18030" and _japanese(sample) else codec


def _share(sample: bytes, codec: str, common: Callable[[bytes], float]) -> float:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    letters = [character.encode(codec) for character in text if ord(character) > 127]
    return sum(map(common, letters)) / len(letters) if letters else 0.0


def _gb2312(code: bytes) -> float:
    """Return 1 for level 1, signs and kana, a half for the rarer characters of level 2."""
    if len(code) != 2 or code[1] < 0xA1:
        return 0.0
    return (
        1.0
        if 0xB0 <= code[0] <= 0xD7 or code[0] in {0xA1, 0xA3, 0xA4, 0xA5}
        else 0.5
        if 0xD8 <= code[0] <= 0xF7
        else 0.0
    )


def _big5(code: bytes) -> float:
    """Return 1 for level 1 and signs, a half for level 2."""
    if len(code) != 2:
        return 0.0
    return 1.0 if 0xA1 <= code[0] <= 0xC6 else 0.5 if 0xC9 <= code[0] <= 0xF9 else 0.0


def _jis(code: bytes) -> float:
    """Return 1 for kana, signs and level 1, a half for level 2."""
    if len(code) != 2:
        return 0.0
    return 1.0 if 0x81 <= code[0] <= 0x83 or 0x88 <= code[0] <= 0x98 else 0.5 if 0x98 < code[0] <= 0xEA else 0.0


COMMON: dict[str, Callable[[bytes], float]] = {"gb18030": _gb2312, "big5": _big5, "shift_jis": _jis}


def _korean(sample: bytes) -> bool:
    """Return whether every double byte is a Hangul syllable of KS X 1001 (rows 0xB0 to 0xC8), and many are there."""
    codes = [character.encode("gb18030") for character in sample.decode("gb18030") if ord(character) > 127]
    return len(codes) >= SHORT and all(0xB0 <= code[0] <= 0xC8 for code in codes)


def _japanese(sample: bytes) -> bool:
    """Return whether much of what reads as Chinese is kana, whose place EUC-JP and GB 2312 share."""
    letters = [character for character in sample.decode("gb18030") if ord(character) > 127]
    return sum("\u3040" <= character <= "\u30ff" for character in letters) > len(letters) / 8


def _alphabet(sample: bytes, codecs: list[str]) -> str | None:
    best = from_bytes(sample, cp_isolation=codecs, preemptive_behaviour=False).best()
    if best is None:
        return None
    if best.encoding not in {"cp1250", "cp1252", "cp1254"}:
        return best.encoding
    if CENTRAL_EUROPEAN.search(sample) or (HUNGARIAN.search(sample) and ACUTE.search(sample)):
        return "cp1250"
    if TURKISH.search(sample) and not ICELANDIC.search(sample):
        return "cp1254"
    return "cp1252"
