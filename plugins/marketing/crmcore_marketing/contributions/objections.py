"""What marketing has against acts towards people, whoever is about to do them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from crmcore.api import Act, Objection, PluginTransaction, impl
from crmcore_marketing.inbox import objecting as nothing_arrives
from crmcore_marketing.materials import objecting as same_material
from crmcore_marketing.sending import capping

OBJECTING: tuple[Callable[[Sequence[Act], PluginTransaction], Iterable[Objection]], ...] = (
    nothing_arrives.objections,
    capping.objections,
    same_material.objections,
)


@impl
def crm_objections(acts: Sequence[Act], tx: PluginTransaction) -> Iterator[Objection]:
    """Let each feature object, all acts at once."""
    for objections in OBJECTING:
        yield from objections(acts, tx)
