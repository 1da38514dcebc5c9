"""What service finds wanting in the data, for the data-quality meter."""

from collections.abc import Iterator

from crmcore.api import PluginReader, Quality, impl


@impl
def crm_quality(reader: PluginReader) -> Iterator[Quality]:
    """Contribute figures, each from the feature that owns it."""
    from crmcore_service.tickets import wanting

    yield from wanting.quality(reader)
