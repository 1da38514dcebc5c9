"""What sales tells in the timeline of a customer or contact."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from crmcore.api import Entry, PluginReader, Subject, impl
from crmcore_sales.accounts.blocks import partner_entries
from crmcore_sales.leads.blocks import lead_entries
from crmcore_sales.pipeline.blocks import steps
from crmcore_sales.quoting.blocks import entries as quote_entries

ENTRIES: tuple[Callable[[Subject, datetime | None, int, PluginReader], Iterable[Entry]], ...] = (
    steps,
    lead_entries,
    partner_entries,
    quote_entries,
)


@impl
def crm_timeline(subject: Subject, before: datetime | None, limit: int, reader: PluginReader) -> Iterator[Entry]:
    """Contribute entries, each from the feature that owns it; the host takes the newest."""
    for entries in ENTRIES:
        yield from entries(subject, before, limit, reader)
