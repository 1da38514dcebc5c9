"""The processes that sales brings: leads, and the pipeline of opportunities. A workspace may define them otherwise."""

from collections.abc import Iterable

from crmcore.api import CREATED, Process, State, Transition, impl

LEAD = Process(
    name="lead",
    title="Lead",
    entity="sales_lead",
    field="status",
    states=(
        State(name="new"),
        State(name="working"),
        State(name="qualified", kind="won"),
        State(name="rejected", kind="lost"),
    ),
    transitions=(
        Transition(origin="new", target="working"),
        Transition(origin="new", target="qualified"),
        Transition(origin="new", target="rejected", requires=("reason",)),
        Transition(origin="working", target="qualified"),
        Transition(origin="working", target="rejected", requires=("reason",)),
        Transition(origin="working", target="new"),
        Transition(origin="rejected", target="new"),
    ),
)

_OPEN = ("qualification", "needs", "proposal", "negotiation")
_ENDS = ("won", "lost")
_ODDS = {"qualification": 10, "needs": 25, "proposal": 50, "negotiation": 75}

OPPORTUNITY = Process(
    name="opportunity",
    title="Opportunity",
    entity="sales_opportunity",
    field="stage",
    states=(
        *(State(name=name, probability=_ODDS[name], days=30) for name in _OPEN),
        *(State(name=name, kind=name) for name in _ENDS),
    ),
    transitions=(
        *(Transition(origin=CREATED, target=one) for one in (*_OPEN, *_ENDS)),
        *(Transition(origin=one, target=other) for one in _OPEN for other in _OPEN if one != other),
        *(Transition(origin=one, target=end, requires=("reason",)) for one in _OPEN for end in _ENDS),
        *(Transition(origin=end, target=_OPEN[0]) for end in _ENDS),
    ),
)
"""The pipeline where a workspace defines none of its own. Imports bring deals in any stage, so one may begin in any."""


@impl
def crm_processes() -> Iterable[Process]:
    """Declare them."""
    return (LEAD, OPPORTUNITY)
