"""What the call centre shows in the brief of a customer or contact."""

from collections.abc import Iterator
from datetime import datetime

from crmcore.api import Block, PluginReader, Subject, impl


@impl
def crm_brief(subject: Subject, now: datetime, reader: PluginReader) -> Iterator[Block]:
    """Contribute the last calls, the callbacks owed, the lists they are on, and what they answered to scripts."""
    from crmcore_callcenter.figures.blocks import last_calls
    from crmcore_callcenter.outbound.blocks import answered, on_lists

    for blocks in (last_calls, on_lists, answered):
        yield from blocks(subject, now, reader)
