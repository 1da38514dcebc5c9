"""The processes that service brings: a ticket, and a work order. A workspace may define them otherwise."""

from collections.abc import Iterable
from itertools import permutations

from crmcore.api import CREATED, Process, State, Transition, impl

_WORKING = ("new", "open", "waiting", "on_hold", "resolved")
_ENDS = ("closed", "cancelled")

TICKET = Process(
    name="ticket",
    title="Ticket",
    entity="service_ticket",
    field="status",
    states=(
        *(State(name=one) for one in _WORKING),
        State(name="closed", kind="done"),
        State(name="cancelled", kind="lost"),
    ),
    transitions=(
        *(Transition(origin=CREATED, target=one) for one in (*_WORKING, *_ENDS)),
        *(Transition(origin=one, target=other) for one, other in permutations(_WORKING, 2) if other != "new"),
        *(Transition(origin=one, target=end) for one in _WORKING for end in _ENDS),
        *(Transition(origin=end, target="open") for end in _ENDS),
    ),
)
"""Imports bring tickets in any state, so one may begin in any. A customer who writes again reopens one."""

_PLANNING = ("new", "planned", "under_way")

WORK_ORDER = Process(
    name="work_order",
    title="Work order",
    entity="service_work_order",
    field="status",
    states=(
        *(State(name=one) for one in _PLANNING),
        State(name="done", kind="done"),
        State(name="cancelled", kind="lost"),
    ),
    transitions=(
        *(Transition(origin=CREATED, target=one) for one in (*_PLANNING, "done", "cancelled")),
        *(Transition(origin=one, target=other) for one, other in permutations(_PLANNING, 2)),
        *(Transition(origin=one, target=end) for one in _PLANNING for end in ("done", "cancelled")),
        *(Transition(origin=end, target="planned") for end in ("done", "cancelled")),
    ),
)


@impl
def crm_processes() -> Iterable[Process]:
    """Declare them."""
    return (TICKET, WORK_ORDER)
