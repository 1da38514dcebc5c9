"""The process that marketing brings: a campaign, from plan to end. A workspace may define it otherwise."""

from collections.abc import Iterable

from crmcore.api import CREATED, Process, State, Transition, impl

_OPEN = ("planned", "active")
_ENDS = ("completed", "cancelled")

CAMPAIGN = Process(
    name="campaign",
    title="Campaign",
    entity="marketing_campaign",
    field="status",
    states=(
        *(State(name=one) for one in _OPEN),
        State(name="completed", kind="done"),
        State(name="cancelled", kind="lost"),
    ),
    transitions=(
        *(Transition(origin=CREATED, target=one) for one in (*_OPEN, *_ENDS)),
        Transition(origin="planned", target="active"),
        Transition(origin="active", target="planned"),
        *(Transition(origin=one, target=end) for one in _OPEN for end in _ENDS),
        *(Transition(origin=end, target="active") for end in _ENDS),
    ),
)
"""Imports bring campaigns in any state, so one may begin in any."""


@impl
def crm_processes() -> Iterable[Process]:
    """Declare it."""
    return (CAMPAIGN,)
