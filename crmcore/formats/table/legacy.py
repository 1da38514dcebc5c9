"""Which legacy encoding a sample of text is in, where it is not Unicode.

Chinese and Japanese are told by the share of characters that fall in the part of the code table where the most used
characters are (GB 2312 level 1, Big5 level 1, JIS level 1): a few names are enough, where statistical detection needs
a page. Everything else is left to charset-normalizer, within the encodings that office programs write.
"""

from collections.abc import Callable

from charset_normalizer import from_bytes

ALPHABETS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp949", "euc_jp"]

# In Windows-1250 these are letters of Polish, Czech and Hungarian; in Windows-1252 they are signs, unassigned, or
# letters (S, Z with caron) which western languages do not have.
CENTRAL_EUROPEAN = frozenset(b"\x8a\x8c\x8d\x8e\x8f\x9a\x9c\x9d\x9e\x9f\xa3\xa5\xaf\xb3\xb9\xbe\xbf")

ENOUGH = 0.8  # share of common characters from which text is taken for Chinese or Japanese
APART = 0.15  # by how much the best must lead
SHORT = 12  # characters: below this Korean cannot be told from Chinese, and Chinese is assumed


def guess_legacy(sample: bytes) -> str | None:
    """Return the Python codec a sample of whole lines is most likely in, or None when nothing fits well.

    `sample` holds bytes that are not valid UTF-8, best only lines with bytes above 127.
    """
    high = [byte for byte in sample if byte > 127]
    # Cyrillic, Greek and western letters all lie above 0xBF; two bytes in three of Chinese do, rarely all of many.
    if len(high) < 8 or min(high) < 0xC0:
        best = _ideographs(sample)
        if best:
            return best
    return _alphabet(sample)


def _ideographs(sample: bytes) -> str | None:
    shares = sorted(((_share(sample, codec, common), codec) for codec, common in COMMON.items()), reverse=True)
    (first, codec), (second, _) = shares[0], shares[1]
    if first < ENOUGH or first - second < APART:
        return None
    if codec == "gb18030" and _korean(sample):
        return "cp949"
    return codec


def _share(sample: bytes, codec: str, common: Callable[[bytes], bool]) -> float:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    letters = [character.encode(codec) for character in text if ord(character) > 127]
    return sum(map(common, letters)) / len(letters) if letters else 0.0


def _gb2312(code: bytes) -> bool:
    return len(code) == 2 and code[1] >= 0xA1 and (0xB0 <= code[0] <= 0xD7 or code[0] in {0xA1, 0xA3})


def _big5(code: bytes) -> bool:
    return len(code) == 2 and 0xA1 <= code[0] <= 0xC6


def _jis(code: bytes) -> bool:
    return len(code) == 2 and (0x81 <= code[0] <= 0x83 or 0x88 <= code[0] <= 0x98)


COMMON: dict[str, Callable[[bytes], bool]] = {"gb18030": _gb2312, "big5": _big5, "shift_jis": _jis}


def _korean(sample: bytes) -> bool:
    """Whether every double byte is a Hangul syllable of KS X 1001 (rows 0xB0 to 0xC8), and there are enough of them."""
    codes = [character.encode("gb18030") for character in sample.decode("gb18030") if ord(character) > 127]
    return len(codes) >= SHORT and all(0xB0 <= code[0] <= 0xC8 for code in codes)


def _alphabet(sample: bytes) -> str | None:
    best = from_bytes(sample, cp_isolation=ALPHABETS, preemptive_behaviour=False).best()
    if best is None:
        return None
    if best.encoding in {"cp1250", "cp1252", "cp1254"}:
        return "cp1250" if CENTRAL_EUROPEAN & set(sample) and best.encoding == "cp1250" else "cp1252"
    return best.encoding
