"""What service shows in the brief of a customer or contact."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from crmcore.api import Block, PluginReader, Subject, impl

Shows = Callable[[Subject, datetime, PluginReader], Iterable[Block]]


@impl
def crm_brief(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Contribute blocks, each from the feature that owns it."""
    for block in _blocks():
        yield from block(subject, now, reader)


def _blocks() -> tuple[Shows, ...]:
    """Return what shows blocks, imported by the commands that show any."""
    from crmcore_service.satisfaction.blocks import last_ratings
    from crmcore_service.tickets.blocks import open_tickets

    return open_tickets, last_ratings
