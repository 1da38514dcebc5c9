"""What sales shows in the brief of a customer or contact."""

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
    from crmcore_sales.accounts.blocks import account_block, partner_block
    from crmcore_sales.guiding.blocks import visit_block
    from crmcore_sales.guiding.promised import promised_block
    from crmcore_sales.leads.blocks import lead_block
    from crmcore_sales.methods.blocks import method_block
    from crmcore_sales.pipeline.blocks import deals
    from crmcore_sales.quoting.blocks import quotes

    return account_block, deals, partner_block, lead_block, visit_block, promised_block, method_block, quotes
