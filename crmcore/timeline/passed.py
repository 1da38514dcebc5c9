"""The brief's block of what passed between us, newest first."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from crmcore.engine.reader import Reader
from crmcore.hooks.reading import Block, Entry, Subject
from crmcore.i18n import _
from crmcore.plugins.claims import CORE
from crmcore.plugins.dispatch import Dispatcher
from crmcore.timeline.pages import Page, Placed, page
from crmcore.timeline.showing import shown_moment

LAST = 50


def passed(reader: Reader, dispatcher: Dispatcher, subject: Subject, now: datetime) -> Block | None:
    """Return the block of the last fifty entries of a party's timeline; None where nothing passed."""
    found = page(reader, dispatcher, subject, limit=LAST)
    return block(found, now.tzinfo) if found.entries else None


def block(found: Page, zone: tzinfo | None) -> Block:
    """Return a page of a timeline as a block; where plugins have a part in it, each entry says which it is from."""
    count = len(found.entries)
    title = _("Timeline (the last {count})") if found.before else _("Timeline ({count})")
    headings: tuple[str, ...] = (_("when"), _("channel"), _("who"), _("what"))
    rows = [(shown_moment(e.at, e.day, zone), e.kind, e.who, e.text) for _plugin, e in found.entries]
    sources = [plugin for plugin, _entry in found.entries]
    if not all(plugin.startswith(CORE) for plugin in set(sources)):
        headings = (*headings, _("from"))
        rows = [(*row, _source(plugin)) for row, plugin in zip(rows, sources, strict=True)]  # type: ignore[misc] # longer
    return Block(
        title=title.format(count=count), weight=90, headings=headings, rows=tuple(rows), data=told(found.entries)
    )


def told(entries: Sequence[Placed]) -> list[dict[str, Any]]:
    """Return entries as programs get them."""
    return [_told(plugin, entry) for plugin, entry in entries]


def _told(plugin: str, e: Entry) -> dict[str, Any]:
    return {
        "plugin": _source(plugin), "at": e.at, "day": e.day, "kind": e.kind, "who": e.who, "text": e.text,
        "entity": e.entity, "id": e.id, "data": e.data,
    }  # fmt: skip


def _source(plugin: str) -> str:
    return "core" if plugin.startswith(CORE) else plugin
