"""Text that no database takes: NUL characters, and halves of surrogate pairs from damaged encodings."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

R = TypeVar("R")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def clean(record: R) -> R:
    """Return a record of a reader with U+FFFD in place of each character that cannot be stored: seen, not dropped."""
    return _cleaned(record) if _is_dirty(record) else record


def _is_dirty(value: Any) -> bool:
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    if isinstance(value, tuple):
        return any(map(_is_dirty, value))
    if isinstance(value, Mapping):
        return any(_is_dirty(key) or _is_dirty(text) for key, text in value.items())
    if attrs.has(type(value)):
        return any(_is_dirty(getattr(value, name)) for name in type(value).__slots__ if name != "__weakref__")
    return False


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub(REPLACEMENT, value)
    if isinstance(value, tuple):
        return tuple(map(_cleaned, value))
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(text) for key, text in value.items()}
    if attrs.has(type(value)):
        return attrs.evolve(
            value, **{one.name: _cleaned(getattr(value, one.name)) for one in attrs.fields(type(value))}
        )
    return value
