"""One search over everything: who is called so, who is called or reached something like it, and what was said."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer
from crmcore.model.names import name_key
from crmcore.search.hits import Hit
from crmcore.search.parties import called, found_by_name, partly
from crmcore.search.texts import said


def search(reader: Reader, text: str, *, limit: int, after: int | None = None, region: str = "") -> list[Hit]:
    """Return what `text` finds, `limit` at most, from the hit that follows the record `after`.

    Three parts in this order: parties of just that name, in any order and script; parties whose name contains it, or
    whose e-mail address or number begins with it, by id; interactions and tasks that say it, and parties on whom it is
    noted, the newest first. Nothing the actor may not see is found. Fourteen statements, and four for each further
    round of `said`; each round asks one more for every kind of plugins' records that is searched.
    """
    key = name_key(text)
    parts: tuple[Callable[[int, int | None], list[Hit]], ...] = (
        partial(called, reader, key),
        partial(partly, reader, text, key, region),
        partial(said, reader, text, key, region),
    )
    place = 0 if after is None else _part(reader, text, key, region, after)
    hits: list[Hit] = []
    for part in parts[place:]:
        hits += part(limit - len(hits), after)
        if len(hits) >= limit:
            break
        after = None  # it stands in the first part asked only
    return hits


def _part(reader: Reader, text: str, key: str, region: str, after: int) -> int:
    """Return which part of the results the record `after` stands in."""
    for table in (contact, customer):
        named = found_by_name(table, text, key, region).label("named")
        found = reader.first(select(table.c.name_key, named).where(table.c.id == after))
        if found is not None:
            return 2 if not found.named else 0 if key and found.name_key == key else 1
    return 2
