"""The states of leads, as this workspace calls them."""

from crmcore.api import Definitions, NotFound, Process
from crmcore_sales.i18n import _
from crmcore_sales.tables import lead


def process(definitions: Definitions) -> Process:
    """Return the process that leads go through; raises `NotFound` when none is defined."""
    found = next((one for one in definitions.processes if one.entity == lead.name), None)
    if found is None:
        raise NotFound(_("No process is defined for leads now."))
    return found


def first(definitions: Definitions) -> str:
    """Return the state in which a lead begins."""
    return process(definitions).states[0].name


def of_kind(definitions: Definitions, kind: str) -> tuple[str, ...]:
    """Return the states of a kind: open, won (accepted) or lost (rejected)."""
    return tuple(one.name for one in process(definitions).states if one.kind == kind)
