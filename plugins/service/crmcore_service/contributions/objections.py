"""What service has against acts towards people, whoever is about to do them."""

from collections.abc import Iterator, Sequence

from crmcore.api import Act, Objection, PluginTransaction, impl


@impl
def crm_objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Ask for peace for who has an open problem, all acts at once."""
    from crmcore_service.tickets.objecting import objections

    yield from objections(acts, tx)
