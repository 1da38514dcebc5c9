"""What marketing shows in the brief of a customer or contact."""

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
    from crmcore_marketing.campaigns.blocks import campaigns
    from crmcore_marketing.events.blocks import events_to_come
    from crmcore_marketing.programmes.blocks import plays_now
    from crmcore_marketing.qualifying.blocks import needs
    from crmcore_marketing.scoring.blocks import scores

    return campaigns, events_to_come, plays_now, needs, scores
