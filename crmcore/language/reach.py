"""Marks in a text that name a person at once: `@name`, e-mail addresses, phone numbers.

This only finds what looks like one; whether a number is valid is decided where contact points are stored.
"""

import re

from attrs import frozen

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
_HANDLE = re.compile(r"(?<![\w.@])@([^\W\d][\w.\-]{0,40}\w)")
_PHONE = re.compile(r"(?<![\w.+/-])(?:\+\d|\(?0\d|1[3-9]\d)[\d ()/.\-]{5,20}\d(?![\w%/])", re.ASCII)
_DATE_LIKE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


@frozen(kw_only=True)
class Mark:
    """A mark at `text[start:end]`; `kind` is handle, email or phone, `value` the name or address itself."""

    start: int
    end: int
    kind: str
    value: str


def find_marks(text: str) -> list[Mark]:
    """Return the marks in `text`, in order."""
    marks = [Mark(start=m.start(), end=m.end(), kind="email", value=m[0]) for m in _EMAIL.finditer(text)]
    marks += [Mark(start=m.start(), end=m.end(), kind="handle", value=m[1]) for m in _HANDLE.finditer(text)]
    for match in _PHONE.finditer(text):
        if 7 <= sum(c.isdigit() for c in match[0]) <= 15 and not _DATE_LIKE.match(match[0]):
            marks.append(Mark(start=match.start(), end=match.end(), kind="phone", value=match[0]))
    return sorted(marks, key=lambda mark: mark.start)
