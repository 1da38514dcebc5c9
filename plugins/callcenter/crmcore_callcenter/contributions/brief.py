"""What the call centre shows in the brief of a customer or contact."""

from collections.abc import Iterator
from datetime import datetime

from crmcore.api import Block, PluginReader, Subject, impl


@impl
def crm_brief(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Contribute the last calls, and the callbacks owed."""
    from crmcore_callcenter.figures.blocks import last_calls

    yield from last_calls(subject, now, reader)
