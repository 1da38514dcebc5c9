"""What is wrong with the work of service at present, for `crm doctor`."""

from collections.abc import Iterator

from crmcore.api import PluginReader, Trouble, impl


@impl
def crm_health(reader: PluginReader) -> Iterator[Trouble]:
    """Tell it, each from the feature that owns it."""
    from crmcore_service.intake.views import troubles as of_mailboxes
    from crmcore_service.replying.views import troubles

    yield from troubles(reader)
    yield from of_mailboxes(reader)
