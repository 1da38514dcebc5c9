"""What marketing finds wanting in the data, for the data-quality meter."""

from collections.abc import Iterator

from crmcore.api import PluginReader, Quality, impl


@impl
def crm_quality(reader: PluginReader) -> Iterator[Quality]:
    """Contribute figures, each from the feature that owns it."""
    from crmcore_marketing.campaigns import wanting
    from crmcore_marketing.sending import wanting as of_messages

    yield from wanting.quality(reader)
    yield from of_messages.quality(reader)
