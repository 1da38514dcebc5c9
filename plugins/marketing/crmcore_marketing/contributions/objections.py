"""What marketing has against acts towards people, whoever is about to do them; imported by who is about to."""

from collections.abc import Iterator, Sequence

from crmcore.api import Act, Objection, PluginTransaction, impl


@impl
def crm_objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Let each feature object, all acts at once."""
    from crmcore_marketing.inbox import objecting as nothing_arrives
    from crmcore_marketing.materials import objecting as same_material
    from crmcore_marketing.sending import capping

    for feature in (nothing_arrives, capping, same_material):
        yield from feature.objections(acts, tx)
