"""Ids in portions: few statements for thousands of acts, and none longer than a database takes."""

from collections.abc import Iterable, Iterator, Sequence

_AT_ONCE = 5000  # SQLite binds 32,766 values in a statement, PostgreSQL 65,535


def portions(ids: Iterable[int | None]) -> Iterator[Sequence[int]]:
    """Yield the ids there are, each once, in portions for one statement each."""
    distinct = sorted({one for one in ids if one is not None})
    for start in range(0, len(distinct), _AT_ONCE):
        yield distinct[start : start + _AT_ONCE]
