"""Numbers as people write them: digits, English number words, Chinese numerals."""

import re
from decimal import Decimal

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL = {word: n for n, word in enumerate((_UNITS + " seventeen eighteen nineteen").split())}
_TENS = {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_WORDS = {**_SMALL, **_TENS, "a": 1, "an": 1, "couple": 2}
_SCALES = {"hundred": 100, "thousand": 1000}

_HAN_DIGITS = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "俩": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10**4, "亿": 10**8}

DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?)"
"""Pattern of a number in digits, thousands separators allowed; bounded, so that no text costs quadratic time."""

_ONE_WORD = "|".join(sorted([*_SMALL, *_TENS, *_SCALES], key=len, reverse=True))
ENGLISH = (
    rf"(?:(?:an?\s+)?couple(?:\s+of)?"
    rf"|(?:an?\s+)?(?:{_ONE_WORD})(?:(?:\s+and)?[\s-](?:{_ONE_WORD})){{0,6}}|\ban?\b)"
)
"""Pattern of an English number in words, `a` and `a couple of` included (lower case)."""

HAN = r"[零〇一二两俩三四五六七八九十百千万亿]{1,16}(?:点[零〇一二三四五六七八九]{1,9})?"
"""Pattern of a Chinese numeral."""

ANY_ENGLISH = rf"(?:{DIGITS}|{ENGLISH})"
ANY_HAN = rf"(?:{DIGITS}\s*[百千万亿]{{0,2}}|{HAN})"
"""Patterns of a number in an English and in a Chinese phrase."""


def read_chinese(text: str) -> Decimal | None:
    """Return the value of a Chinese numeral such as 十二, 两百五 or 一点五, or None if it is none.

    Digits may stand before a scale: 48万 is 480000.
    """
    scaled = re.fullmatch(rf"({DIGITS})\s*([百千万亿]*)", text)
    if scaled:
        value = Decimal(scaled[1].replace(",", ""))
        for scale in scaled[2]:
            value *= {**_HAN_SCALES, **_HAN_MYRIADS}[scale]
        return value
    whole, _, fraction = text.partition("点")
    if not whole or any(c not in _HAN_DIGITS for c in fraction):
        return None
    value = Decimal(0)
    section, digit, last_scale, after_zero = 0, 0, 1, False
    for c in whole:
        if c in _HAN_DIGITS:
            after_zero = _HAN_DIGITS[c] == 0
            # A row of bare digits is read like a year: 二〇二六.
            digit = digit * 10 + _HAN_DIGITS[c] if last_scale == 1 else _HAN_DIGITS[c]
        elif c in _HAN_SCALES:
            last_scale = _HAN_SCALES[c]
            section, digit = section + (digit or 1) * last_scale, 0
        elif c in _HAN_MYRIADS:
            last_scale = _HAN_MYRIADS[c]
            value, section, digit = ((value + section + digit) or Decimal(1)) * last_scale, 0, 0
        else:
            return None
    # 两百五 is 250: a last digit counts in the next lower scale, unless a zero stands before it.
    colloquial = digit and last_scale > 10 and not after_zero and whole[-2:-1] not in ("零", "〇")
    value += section + digit * (last_scale // 10 if colloquial else 1)
    if fraction:
        value += Decimal("0." + "".join(str(_HAN_DIGITS[c]) for c in fraction))
    return value


def read_english(text: str) -> Decimal | None:
    """Return the value of digits or English number words such as `twenty-five` or `a couple of`, or None."""
    plain = text.strip().replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", plain, re.ASCII):
        return Decimal(plain)
    words = [word for word in re.split(r"[\s-]+", plain.lower()) if word not in ("and", "of")]
    if len(words) > 1 and words[0] in ("a", "an"):
        words = words[1:]
    total = current = 0
    for word in words:
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if word == "thousand":
                total, current = total + current, 0
        elif word in _WORDS:
            current += _WORDS[word]
        else:
            return None
    return Decimal(total + current) if words else None


def read_number(text: str) -> Decimal | None:
    """Return the value of a number in digits, English words or Chinese numerals, or None."""
    plain = text.strip()
    if not plain:
        return None
    value = read_english(plain)
    return value if value is not None else read_chinese(plain)
