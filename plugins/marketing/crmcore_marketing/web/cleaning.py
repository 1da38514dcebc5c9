"""Text from outside, fit to be kept: without the characters that no text has, and no longer than is sensible."""

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str, longest: int) -> str:
    """Return a text without control characters and lone surrogates, which a database refuses, cut to a length."""
    return _CONTROL.sub("", text[:longest]).strip()
