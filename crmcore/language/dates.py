"""Dates and times of day in a text, English and Chinese.

The rules for what is ambiguous stand in `dates_english` and `dates_chinese`. A date whose clause speaks of what is done
is looked for on or before today, every other one on or after today.
"""

from datetime import date, time

from attrs import evolve, frozen

from crmcore.language import dates_chinese, dates_english
from crmcore.language.clock import find_times
from crmcore.language.sentences import clauses, sentences
from crmcore.language.tense import tense_at


@frozen(kw_only=True)
class FoundDate:
    """A date at `text[start:end]`, with its time of day where one stands beside it.

    `kind` is `due` (still to come, a limit), `happened`, or empty where the text does not say. A time of day alone is a
    date of today.
    """

    start: int
    end: int
    date: date
    time: time | None
    text: str
    kind: str


_PATTERNS = (*dates_english.PATTERNS, *dates_chinese.PATTERNS)


def _clause_bounds(text: str) -> list[tuple[int, int]]:
    return [
        (sentence.start + clause.start, sentence.start + clause.end)
        for sentence in sentences(text)
        for clause in clauses(sentence.text)
    ]


def _tense(text: str, bounds: list[tuple[int, int]], position: int) -> str:
    for start, end in bounds:
        if start <= position < end:
            return tense_at(text, start, end, position)
    return ""


def _find_days(text: str, today: date, bounds: list[tuple[int, int]]) -> list[FoundDate]:
    found: list[FoundDate] = []
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            while start < end and text[start].isspace():
                start += 1
            if start == end or any(f.start < end and start < f.end for f in found):
                continue
            tense = _tense(text, bounds, start)
            day, kind = read(match, today, tense == "happened")
            if day is None:
                continue
            end = start + len(text[start:end].rstrip())
            found.append(FoundDate(start=start, end=end, date=day, time=None, text=text[start:end], kind=kind or tense))
    return sorted(found, key=lambda f: f.start)


def _joined(text: str, left_end: int, right_start: int) -> bool:
    between = text[left_end:right_start].strip(" ,，的")
    return 0 <= right_start - left_end <= 4 and between in ("", "at", "@", "在")


def find_dates(text: str, today: date) -> list[FoundDate]:
    """Return the dates in `text`, in order, as seen from `today`; none overlaps another."""
    bounds = _clause_bounds(text)
    days = _find_days(text, today, bounds)
    found = list(days)
    for moment in find_times(text):
        if any(f.start < moment.end and moment.start < f.end and f.time is not None for f in found):
            continue
        for place, day in enumerate(found):
            overlap = day.start < moment.end and moment.start < day.end
            if day.time is None and (
                overlap or _joined(text, day.end, moment.start) or _joined(text, moment.end, day.start)
            ):
                start, end = min(day.start, moment.start), max(day.end, moment.end)
                found[place] = evolve(day, start=start, end=end, text=text[start:end], time=moment.time)
                break
        else:
            found.append(
                FoundDate(
                    start=moment.start,
                    end=moment.end,
                    date=today,
                    time=moment.time,
                    text=moment.text,
                    kind=_tense(text, bounds, moment.start),
                )
            )
    return sorted(found, key=lambda f: f.start)
