"""One timeline out of many sources: the core's interactions and every plugin's entries, newest first, page by page."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from attrs import frozen

from crmcore.engine.reader import Reader
from crmcore.errors import InvalidInput
from crmcore.hooks.reading import Entry, Subject
from crmcore.i18n import _
from crmcore.plugins.dispatch import Dispatcher

_SLACK = 16  # entries of the instant at which a page begins, which the page before has shown
_MOST = 100_000  # entries of one instant and one source; beyond that a source does not keep to the instant asked for

Key = tuple[datetime, str, int]
Placed = tuple[str, Entry]


@frozen(kw_only=True)
class Place:
    """A place in a timeline: what is older comes after it. An instant alone comes after everything of that instant."""

    at: datetime
    entity: str = ""
    id: int = 0

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}/{self.entity}/{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """Return the place that a text of the form INSTANT/ENTITY/ID says, None for a text of another form.

        Raises `InvalidInput` for one of that form that says no place.
        """
        parts = text.split("/")
        if len(parts) != 3:
            return None
        try:
            at = datetime.fromisoformat(parts[0])
            if at.tzinfo is None:
                raise ValueError(parts[0])
            return cls(at=at.astimezone(UTC), entity=parts[1], id=int(parts[2]))
        except ValueError:
            raise InvalidInput(_("“{text}” is no place in a timeline.").format(text=text)) from None


@frozen(kw_only=True)
class Page:
    """Entries, newest first, each with its plugin; `before` is where the next page begins, None on the last."""

    entries: tuple[Placed, ...]
    before: Place | None


def _key(placed: Placed) -> Key:
    entry = placed[1]
    return entry.at, entry.entity, entry.id


def page(reader: Reader, dispatcher: Dispatcher, subject: Subject, *, limit: int, before: Place | None = None) -> Page:
    """Return the `limit` newest entries older than a place; none is lost or doubled between one page and the next.

    Every source is asked once, with one statement of its own, unless more entries than a page holds are of one
    instant. A source that answered as many as it was asked for is known only down to before its oldest answer; that,
    and what others have from before it, waits for the next page.
    """
    asked = limit + 1 if before is None else limit + 1 + _SLACK
    while True:
        found, horizon = _gathered(reader, dispatcher, subject, asked, before)
        known = found if horizon is None else [one for one in found if _key(one) > horizon]
        if known or horizon is None:
            found = known
            break
        if asked >= _MOST:
            break
        asked = min(asked * 8, _MOST)
    found.sort(key=_key, reverse=True)
    shown = _whole(found, limit)
    last = shown[-1][1] if shown and (len(found) > len(shown) or horizon is not None) else None
    return Page(
        entries=tuple(shown), before=None if last is None else Place(at=last.at, entity=last.entity, id=last.id)
    )


def _gathered(
    reader: Reader, dispatcher: Dispatcher, subject: Subject, asked: int, before: Place | None
) -> tuple[list[Placed], Key | None]:
    """Return all that is older than the place, and down to where all of it is known; None: to the end."""
    given: list[tuple[str, Any]] = dispatcher.collect_by_plugin(
        "crm_timeline", subject=subject, before=None if before is None else before.at, limit=asked, reader=reader
    )
    sources: defaultdict[str, list[Placed]] = defaultdict(list)
    for plugin, entry in given:
        sources[plugin].append((plugin, entry))
    horizon: Key | None = None
    found: list[Placed] = []
    start = None if before is None else (before.at, before.entity, before.id)
    for entries in sources.values():
        if len(entries) >= asked:
            entries.sort(key=_key, reverse=True)
            del entries[asked:]
            oldest = _key(entries[-1])
            horizon = oldest if horizon is None else max(horizon, oldest)
        found += entries if start is None else [one for one in entries if _key(one) < start]
    return found, horizon


def _whole(found: list[Placed], limit: int) -> list[Placed]:
    """Return a page of entries; those of one record and one instant are not parted."""
    while limit < len(found) and _key(found[limit]) == _key(found[limit - 1]):
        limit += 1
    return found[:limit]
