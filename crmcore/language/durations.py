"""How long something took: `10 min`, `an hour and a half`, 一个半小时.

A distance in time (`in 2 hours`, `an hour ago`, 半小时后) is not a duration and is left out.
"""

import re
from decimal import Decimal

from attrs import frozen

from crmcore.language.numbers import ANY_ENGLISH, ANY_HAN, read_number

_HOUR = r"(?:hours?|hrs?|h)"
_MINUTE = r"(?:minutes?|mins?|m|')"
_SECOND = r"(?:seconds?|secs?|s)"
_ENGLISH = re.compile(
    rf"(?<![\w$€£¥.,:/-])(?:"
    rf"(?P<half>half\s+an?\s+hour|half[\s-]hour)"
    rf"|(?P<quarters>(?:a\s+)?quarter|three\s+quarters)\s+of\s+an\s+hour"
    rf"|(?P<hours>{ANY_ENGLISH})\s*-?{_HOUR}(?:\s+and\s+a\s+(?P<part>half|quarter)\b"
    rf"|\s*(?:and\s+)?(?P<more>\d{{1,2}})\s*(?:{_MINUTE}(?![a-z])|(?![\w%:/.])))?"
    rf"|(?P<and_half>{ANY_ENGLISH})\s+and\s+a\s+half\s+hours"
    rf"|(?P<minutes>{ANY_ENGLISH})\s*-?{_MINUTE}"
    rf"|(?P<seconds>{ANY_ENGLISH})\s*-?{_SECOND}"
    r")(?![a-z])(?P<ago>\s+(?:ago|later|from\s+now|before|late|away|notice)\b)?",
    re.IGNORECASE,
)
_HAN = re.compile(
    rf"(?<![\d.:第])(?:(?P<hours>{ANY_HAN})\s*个?(?P<half>半)?\s*(?:小时"
    rf"|钟头)(?P<half2>半)?(?:零?(?P<more>{ANY_HAN})\s*分钟?)?"
    r"|(?P<only_half>半)\s*个?(?:小时|钟头)"
    rf"|(?P<minutes>{ANY_HAN})\s*(?:分钟|分(?![之公店析享期点部数配成批别歧支\d]))"
    r"|(?P<quarter>[一三])刻钟"
    rf"|(?P<seconds>{ANY_HAN})\s*秒钟?)(?P<away>\s*(?:[之以]?[内后前]|左右到))?"
)
_DISTANCE_BEFORE = re.compile(r"(?:\b(?:in|within|every|after)|过)\s*(?:about\s+|the\s+next\s+)?$", re.IGNORECASE)
_PARTS = {"half": 1800, "quarter": 900}


@frozen(kw_only=True)
class FoundDuration:
    """A duration in `seconds` at `text[start:end]`."""

    start: int
    end: int
    seconds: int
    text: str


def _seconds(number: str | None, unit: int) -> Decimal:
    value = read_number(number) if number else None
    return (value or Decimal(0)) * unit


def _english(found: re.Match[str]) -> Decimal:
    if found["half"]:
        return Decimal(1800)
    if found["quarters"]:
        return Decimal(2700 if found["quarters"].lower().startswith("three") else 900)
    if found["and_half"]:
        return _seconds(found["and_half"], 3600) + 1800
    return (
        _seconds(found["hours"], 3600)
        + _PARTS.get((found["part"] or "").lower(), 0)
        + _seconds(found["more"], 60)
        + _seconds(found["minutes"], 60)
        + _seconds(found["seconds"], 1)
    )


def _han(found: re.Match[str]) -> Decimal:
    if found["only_half"]:
        return Decimal(1800)
    if found["quarter"]:
        return _seconds(found["quarter"], 900)
    return (
        _seconds(found["hours"], 3600)
        + (1800 if found["half"] or found["half2"] else 0)
        + _seconds(found["more"], 60)
        + _seconds(found["minutes"], 60)
        + _seconds(found["seconds"], 1)
    )


def find_durations(text: str) -> list[FoundDuration]:
    """Return the durations in `text`, in order; none is longer than a day or shorter than a second."""
    found: list[FoundDuration] = []
    for pattern, read, away in ((_ENGLISH, _english, "ago"), (_HAN, _han, "away")):
        for match in pattern.finditer(text):
            if match[away] or _DISTANCE_BEFORE.search(text, max(0, match.start() - 24), match.start()):
                continue
            seconds = read(match)
            if 1 <= seconds <= 86400 and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(
                    FoundDuration(start=match.start(), end=match.end(), seconds=int(seconds), text=match[0].strip())
                )
    return sorted(found, key=lambda f: f.start)
