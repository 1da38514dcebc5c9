"""What sales finds wanting in the data, for the data-quality meter."""

from collections.abc import Iterator

from crmcore.api import PluginReader, Quality, impl


@impl
def crm_quality(reader: PluginReader) -> Iterator[Quality]:
    """Contribute the figure of customers with two valid prices for a product."""
    from crmcore_sales.quoting import meeting

    yield from meeting.quality(reader)
