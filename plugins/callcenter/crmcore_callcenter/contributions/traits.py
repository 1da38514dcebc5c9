"""What selections of people may ask thanks to the call centre."""

from collections.abc import Iterator

from crmcore.api import Trait, impl


@impl
def crm_traits() -> Iterator[Trait]:
    """Declare what calls tell."""
    from crmcore_callcenter.figures.traits import call_traits

    yield from call_traits()
