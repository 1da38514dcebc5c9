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


def shown(definitions: Definitions, name: str) -> str:
    """Return what a state is called: its label, else its name in the user's language."""
    words = {
        "new": _("new"), "working": _("working"), "qualified": _("qualified"), "rejected": _("rejected")
    }  # fmt: skip
    labels = {one.name: one.label for each in definitions.processes if each.entity == lead.name for one in each.states}
    return labels.get(name) or words.get(name, name)
