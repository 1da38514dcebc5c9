"""Times of day in a text, English and Chinese.

An hour from 1 to 6 without am, pm or 上午, 下午 is taken as the afternoon: business is seldom done before seven.
"""

import re
from datetime import time

from attrs import frozen

from crmcore.language.numbers import read_number

_ENGLISH = re.compile(
    r"(?:\bat\s+|@\s?)?(?<![\d.:,/-])(?:"
    r"(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})(?::\d{2})?)?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<hour24>\d{1,2})[:：](?P<minute24>\d{2})(?![\d:])(?:\s?h\b)?"
    r"|(?P<clock>\d{1,2})\s?o'clock\b"
    r"|\b(?P<word>noon|midday|midnight)\b)"
    r"|\b(?:at|before|after|until|till)\s+(?P<bare>\d{1,2})(?![\d%.:/,-]|\s*[a-z%]|\s*[\u4e00-\u9fff])"
    r"|\b(?:at|before|after|until|till)\s+(?P<bare_on>\d{1,2})(?=\s+(?:on|and|today|tomorrow|please|because|or)\b)",
    re.IGNORECASE | re.ASCII,
)
_HAN_PART = r"(?P<part>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|今晚|明早|明晚|昨晚|晚)?的?\s?"
_HAN = re.compile(
    _HAN_PART
    + r"(?<![\d:.])(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})\s?[点时](?!间|候|[一二三四五六七八九零]*[%％成])"
    r"(?!意见|建议|要求|问题|想法|要点|内容)(?:钟|整|(?P<fraction>半|一刻|三刻)|(?P<minute>\d{1,2}"
    r"|[零一二三四五六七八九十]{1,3})分?)?"
    r"|(?P<part2>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|今晚|明早|明晚"
    r"|昨晚)\s?(?P<hour2>\d{1,2})[:：](?P<minute2>\d{2})",
)
_LATE = {"下午", "傍晚", "晚上", "今晚", "明晚", "昨晚", "晚"}
_FRACTIONS = {"半": 30, "一刻": 15, "三刻": 45}
_WORD_HOURS = {"noon": 12, "midday": 12, "midnight": 0}


@frozen(kw_only=True)
class FoundTime:
    """A time of day at `text[start:end]`."""

    start: int
    end: int
    time: time
    text: str


def _afternoon(hour: int) -> int:
    return hour + 12 if 1 <= hour <= 6 else hour


def _clock(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour <= 23 and minute <= 59 else None


def _english(found: re.Match[str]) -> time | None:
    if found["word"]:
        return time(_WORD_HOURS[found["word"].lower()])
    if found["hour"]:
        hour = int(found["hour"])
        if not 1 <= hour <= 12:
            return None
        return _clock(hour % 12 + (12 if found["half"].lower() == "p" else 0), int(found["minute"] or 0))
    if found["hour24"]:
        return _clock(int(found["hour24"]), int(found["minute24"]))
    return _clock(_afternoon(int(found["clock"] or found["bare"] or found["bare_on"])), 0)


def _han(found: re.Match[str]) -> time | None:
    part = found["part"] or found["part2"] or ""
    hour = read_number(found["hour"] or found["hour2"])
    minute = read_number(found["minute"] or found["minute2"] or "0")
    if hour is None or minute is None or hour > 24:
        return None
    minutes = _FRACTIONS[found["fraction"]] if found["fraction"] else int(minute)
    whole = int(hour)
    if part in _LATE or (part == "中午" and whole < 6):
        whole = whole + 12 if whole < 12 else whole
    elif not part:
        whole = _afternoon(whole)
    return _clock(whole % 24, minutes)


def find_times(text: str) -> list[FoundTime]:
    """Return the times of day in `text`, in order, none overlapping another."""
    found: list[FoundTime] = []
    for pattern, read in ((_HAN, _han), (_ENGLISH, _english)):
        for match in pattern.finditer(text):
            moment = read(match)
            if moment is not None and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(FoundTime(start=match.start(), end=match.end(), time=moment, text=match[0]))
    return sorted(found, key=lambda f: f.start)
