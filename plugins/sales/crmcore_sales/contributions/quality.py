"""What sales finds wanting in the data, for the data-quality meter."""

from collections.abc import Callable, Iterable, Iterator

from crmcore.api import PluginReader, Quality, impl
from crmcore_sales.quoting import meeting

FIGURES: tuple[Callable[[PluginReader], Iterable[Quality]], ...] = (meeting.quality,)


@impl
def crm_quality(reader: PluginReader) -> Iterator[Quality]:
    """Contribute figures, each from the feature that owns it."""
    for figure in FIGURES:
        yield from figure(reader)
