"""The part of the day and the weekdays a clause names: `before 10:00`, `on Fridays`, 上午十点以前, 周末."""

import re
from datetime import time
from itertools import pairwise

from attrs import frozen

from crmcore.language.clock import find_times

_BEFORE = re.compile(r"\b(?:before|earlier\s+than|until|till|prior\s+to)\b[\s\w]{0,4}$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|later\s+than|past|from|since)\b\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"^\s*(?:and|to|until|till|-|–|—|到|至|~)\s*$", re.IGNORECASE)
_HAN_BEFORE = re.compile(r"^\s*(?:之前|以前|前)")
_HAN_AFTER = re.compile(r"^\s*(?:之后|以后|后)")
_BETWEEN_HOURS = re.compile(
    r"\b(?:between|from)\s+(\d{1,2})\s*(?:and|to|-|–)\s*(\d{1,2})\b(?![:\d])"
    r"|(?<!\d)(\d{1,2})\s*[点]?[到至]\s*(\d{1,2})点",
    re.IGNORECASE,
)
_PARTS = (
    (
        re.compile(
            r"\b(?:in\s+the\s+|early\s+)?mornings?\b|早上|上午(?!\s?[\d一二三四五六七八九十])|早晨", re.IGNORECASE
        ),
        time(0),
        time(12),
    ),
    (
        re.compile(
            r"\blunch(?:time|\s+time|\s+break|\s+hour)?\b|\b(?:at|over)\s+noon\b|午休|中午(?!\s?[\d一二])|午饭",
            re.IGNORECASE,
        ),
        time(12),
        time(14),
    ),
    (
        re.compile(r"\b(?:in\s+the\s+)?afternoons?\b|下午(?!\s?[\d一二三四五六七八九十])", re.IGNORECASE),
        time(12),
        time(18),
    ),
    (
        re.compile(
            r"\b(?:in\s+the\s+)?evenings?\b|\bat\s+night\b|晚上(?!\s?[\d一二三四五六七八九十])|夜里"
            r"|下班(?:之?后|时间)",
            re.IGNORECASE,
        ),
        time(18),
        None,
    ),
)
_WEEKDAY = r"(?P<{}>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_DAY_RANGE = re.compile(
    rf"\b{_WEEKDAY.format('first')}\s*(?:-|–|to|through)\s*{_WEEKDAY.format('last')}\b", re.IGNORECASE
)
_DAY = re.compile(
    r"\b(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)\b|\bon\s+(?:mon|tue"
    r"|wed|thu|fri|sat|sun)s?\b",
    re.IGNORECASE,
)
_WEEKEND = re.compile(r"\bweekends?\b|周末|双休日", re.IGNORECASE)
_WORKDAYS = re.compile(r"\b(?:weekdays|working\s+days|workdays)\b|工作日", re.IGNORECASE)
_HAN_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天]+)(?:[到至]\s?(?:周|星期|礼拜)?([一二三四五六日天]))?")
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_HAN_DAYS = {**{c: n for n, c in enumerate("一二三四五六日")}, "天": 6}


@frozen(kw_only=True)
class Hours:
    """A part of the day; `end` None is midnight, both None the whole day. `days`: 0 is Monday, empty every day."""

    start: time | None = None
    end: time | None = None
    days: tuple[int, ...] = ()


def _span(text: str) -> tuple[time | None, time | None] | None:
    numbers = _BETWEEN_HOURS.search(text)
    if numbers and not re.search(r"\d:\d|[ap]m", text[numbers.start() : numbers.end() + 3], re.IGNORECASE):
        first, last = (int(g) for g in numbers.groups() if g)
        if first <= 23 and last <= 23:
            return time(first), time(last if last > first else min(last + 12, 23))
    times = find_times(text)
    for moment, following in pairwise(times):
        if _BETWEEN.match(text[moment.end : following.start]):
            return moment.time, following.time
    if times:
        moment = times[0]
        before, after = text[: moment.start] + re.split(r"\d", moment.text)[0], text[moment.end :]
        if _BEFORE.search(before) or _HAN_BEFORE.match(after):
            return time(0), moment.time
        if _AFTER.search(before.rstrip() + " ") or _HAN_AFTER.match(after):
            return moment.time, None
    for pattern, start, end in _PARTS:
        if pattern.search(text):
            return start, end
    return None


def _range(first: int, last: int) -> set[int]:
    return set(range(first, last + 1)) if first <= last else {*range(first, 7), *range(last + 1)}


def _days(text: str) -> tuple[int, ...]:
    days: set[int] = set()
    for found in _DAY_RANGE.finditer(text):
        days |= _range(_DAYS.index(found["first"][:3].lower()), _DAYS.index(found["last"][:3].lower()))
    days |= {_DAYS.index(found[0].lower().removeprefix("on").strip()[:3]) for found in _DAY.finditer(text)}
    for found in _HAN_DAY.finditer(text):
        said = [_HAN_DAYS[c] for c in found[1]]
        days |= _range(said[-1], _HAN_DAYS[found[2]]) | set(said) if found[2] else set(said)
    if _WEEKEND.search(text):
        days |= {5, 6}
    if _WORKDAYS.search(text):
        days |= {0, 1, 2, 3, 4}
    return tuple(sorted(days))


def find_hours(text: str) -> Hours | None:
    """Return the part of the day and the days a clause names, or None where it names neither."""
    span, days = _span(text), _days(text)
    if span is None and not days:
        return None
    start, end = span or (None, None)
    return Hours(start=start, end=end, days=days)
