"""What the call centre finds wanting in the data, for the data-quality meter."""

from collections.abc import Iterator

from crmcore.api import PluginReader, Quality, impl


@impl
def crm_quality(reader: PluginReader) -> Iterator[Quality]:
    """Contribute its figures."""
    from crmcore_callcenter.figures.wanting import quality

    yield from quality(reader)
