"""What a record has, to be compared with what it has later."""

from typing import Any

import attrs

_UNTOLD = frozenset({"id", "version", "created_at", "updated_at"})


def values(record: Any) -> dict[str, Any]:
    """Return the values of a record that somebody may change, by name."""
    return {one.name: getattr(record, one.name) for one in attrs.fields(type(record)) if one.name not in _UNTOLD}
