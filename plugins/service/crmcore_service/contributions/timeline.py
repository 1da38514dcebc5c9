"""What service tells in the timeline of a customer or contact."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from crmcore.api import Entry, PluginReader, Subject, impl

Tells = Callable[[Subject, datetime | None, int, PluginReader], Iterable[Entry]]


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Contribute entries, each from the feature that owns it; the host takes the newest."""
    for entries in _entries():
        yield from entries(subject, before, limit, reader)


def _entries() -> tuple[Tells, ...]:
    """Return what tells entries, imported by the commands that show any."""
    from crmcore_service.satisfaction.blocks import rating_entries
    from crmcore_service.tickets.blocks import ticket_entries

    return ticket_entries, rating_entries
