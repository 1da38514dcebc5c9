"""Cutting text into sentences and clauses, English and Chinese, with their places kept."""

import re

from attrs import frozen

_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|no|nr|approx|e\.g|i\.e|co|ltd|inc|st|vs|tel|[a-z])|\b[ap]\.m)\.$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[。！？!?…]+[”’\"')）」』]*|\.+(?=[\s\"')]|$)|\n+")
# A comma between digits belongs to the number; a colon between digits to a time.
_CLAUSE_END = re.compile(
    r"(?<!\d)[,，](?!\d)|(?<=\d)[,，](?!\d)|(?<!\d),(?=\d)|，|[;；]|：|:(?=\s)|\s[-–—]+\s|——"
    r"|\s(?=(?:but|then|so|because|while)\s)|\s(?=and\s+(?:i|we|he|she|they|you|will|would|promised"
    r"|agreed|no|then|never|don't|do)\b)"
    r"|(?=但是|但|不过|然后|并且|而且|所以|因为|同时)",
    re.IGNORECASE,
)


@frozen(kw_only=True)
class Part:
    """A stretch of a text: `text[start:end]`, without white space at its ends."""

    start: int
    end: int
    text: str


def _part(text: str, start: int, end: int) -> Part | None:
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return Part(start=start, end=start + len(stripped), text=stripped)


def _goes_on(text: str, line_start: int, newline: re.Match[str]) -> bool:
    """Whether a line break was only put in to wrap a long line."""
    after = text[newline.end() : newline.end() + 1]
    return newline[0] == "\n" and newline.start() - line_start >= 40 and after.islower() and after.isascii()


def sentences(text: str) -> list[Part]:
    """Return the sentences of `text` in order, each as written, its end mark included."""
    parts = []
    start = line_start = 0
    for end in _SENTENCE_END.finditer(text):
        if end[0].startswith("\n"):
            wrapped = _goes_on(text, line_start, end)
            line_start = end.end()
            if wrapped:
                continue
        elif end[0] == "." and _ABBREVIATION.search(text[max(start, end.start() - 8) : end.end()]):
            continue
        part = _part(text, start, end.end())
        start = end.end()
        if part:
            parts.append(part)
    last = _part(text, start, len(text))
    return [*parts, last] if last else parts


def clauses(text: str) -> list[Part]:
    """Return the clauses of one sentence (or of one line of notes), without the marks between them."""
    parts = []
    start = 0
    for end in _CLAUSE_END.finditer(text):
        part = _part(text, start, end.start())
        start = end.end()
        if part:
            parts.append(part)
    last = _part(text, start, len(text))
    return [*parts, last] if last else parts
