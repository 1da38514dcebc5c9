"""What the call centre tells in the timeline of a customer or contact; a call itself is an interaction."""

from collections.abc import Iterator
from datetime import datetime

from crmcore.api import Entry, PluginReader, Subject, impl


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Contribute callbacks: owed, done, given up."""
    from crmcore_callcenter.figures.blocks import callback_entries

    yield from callback_entries(subject, before, limit, reader)
