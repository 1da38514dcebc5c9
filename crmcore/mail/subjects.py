"""The marks that mail programs put before subjects: of answers and of what was passed on."""

import re

_PREFIX = re.compile(r"^\s*(?:(?:re|aw|sv|fw|fwd|wg|回复|答复|转发|回覆)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE)


def plain_subject(subject: str) -> str:
    """Return a subject without the marks of answers and forwarding, in small letters."""
    return " ".join(unmarked(subject).split()).lower()


def unmarked(subject: str) -> str:
    """Return a subject without the marks of answers and forwarding, otherwise as it is."""
    return _PREFIX.sub("", subject)


def is_answer(subject: str) -> bool:
    """Return whether a subject has the mark of an answer or of forwarding."""
    return bool(_PREFIX.match(subject))
