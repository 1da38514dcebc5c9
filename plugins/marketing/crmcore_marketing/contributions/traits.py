"""What selections of people may ask thanks to marketing."""

from collections.abc import Callable, Iterable, Iterator

from crmcore.api import Trait, impl
from crmcore_marketing.audiences.traits import traits as touches
from crmcore_marketing.events.traits import event_traits
from crmcore_marketing.interests.signals import traits as interests
from crmcore_marketing.materials.traits import traits as materials
from crmcore_marketing.programmes.traits import programme_traits
from crmcore_marketing.scoring.traits import traits as scores

TRAITS: tuple[Callable[[], Iterable[Trait]], ...] = (
    touches,
    materials,
    interests,
    scores,
    event_traits,
    programme_traits,
)
"""What each feature tells."""


@impl
def crm_traits() -> Iterator[Trait]:
    """Declare what each feature tells."""
    for traits in TRAITS:
        yield from traits()
