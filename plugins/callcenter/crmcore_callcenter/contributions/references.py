"""Every column of the plugin that points at a customer, contact, interaction or user, read from its foreign keys."""

from collections.abc import Iterable

from crmcore.api import Reference, impl, references_in
from crmcore_callcenter.tables import metadata


@impl
def crm_references() -> Iterable[Reference]:
    """Declare them."""
    return references_in(metadata)
