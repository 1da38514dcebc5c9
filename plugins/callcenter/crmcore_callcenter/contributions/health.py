"""What is wrong with the work of the call centre at present, for `crm doctor`."""

from collections.abc import Iterator

from crmcore.api import PluginReader, Trouble, impl


@impl
def crm_health(reader: PluginReader) -> Iterator[Trouble]:
    """Tell it, each from the feature that owns it."""
    from crmcore_callcenter.figures.wanting import troubles as of_calls
    from crmcore_callcenter.listening.views import troubles

    yield from troubles(reader)
    yield from of_calls(reader)
