"""What selections of people may ask thanks to service."""

from collections.abc import Callable, Iterable, Iterator

from crmcore.api import Trait, impl
from crmcore_service.assets.traits import asset_traits
from crmcore_service.satisfaction.traits import satisfaction_traits
from crmcore_service.tickets.traits import ticket_traits

TRAITS: tuple[Callable[[], Iterable[Trait]], ...] = (ticket_traits, asset_traits, satisfaction_traits)
"""What each feature tells."""


@impl
def crm_traits() -> Iterator[Trait]:
    """Declare what each feature tells."""
    for traits in TRAITS:
        yield from traits()
