"""The states of tickets, as the workspace defines them, and bringing a ticket into one with all that follows."""

from datetime import datetime

from crmcore.api import InvalidInput, Process, State
from crmcore_service.assets.parties import AnyReader, AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.levels import clocks
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import ticket as table

NEW, OPEN, WAITING, ON_HOLD, RESOLVED, CLOSED, CANCELLED = (
    "new", "open", "waiting", "on_hold", "resolved", "closed", "cancelled",
)  # fmt: skip
STANDING = frozenset({WAITING, ON_HOLD})
"""In these the clocks may stand still; the level says whether they do."""


def process_of(reader: AnyReader) -> Process:
    """Return the process of tickets, as the workspace has it; raises `InvalidInput` where it has none of them."""
    for one in reader.definitions.processes:
        if one.entity == table.name:
            return one
    raise InvalidInput(_("No process is defined for tickets; a definition of it says: entity = “service_ticket”."))


def state_named(reader: AnyReader, name: str) -> State:
    """Return a state of the process; raises `InvalidInput` with the states there are."""
    states = process_of(reader).states
    for one in states:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in states)
    raise InvalidInput(_("Tickets have no state “{state}” here; they have: {known}.").format(state=name, known=known))


def may_go(tx: AnyTransaction, origin: str, target: str) -> bool:
    """Return whether a ticket may go from a state into another by itself: a way leads there that asks for nothing."""
    actor = tx.actor
    return any(
        (one.origin, one.target) == (origin, target)
        and not one.guard
        and not one.requires
        and (not one.roles or actor.user_id == 0 or actor.role in one.roles)
        for one in process_of(tx).transitions
    )


def put(tx: AnyTransaction, ticket: Ticket, state: str, at: datetime | None = None) -> None:
    """Bring a ticket into a state; whether it may go there is checked when the transaction is written."""
    state_named(tx, state)
    if ticket.status != state:
        ticket.status = state
        settle(tx, ticket, at or tx.now)


def settle(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks be as the state wants them: standing still, running, or ended. Twice is as once."""
    state = state_named(tx, ticket.status)
    standing = ticket.status in STANDING
    if ticket.paused_at is not None and not standing:
        clocks.resumed(tx, ticket, at)
    if state.kind == "lost":
        return
    if ticket.status == RESOLVED or state.kind == "done":
        if ticket.resolved_at is None:
            clocks.resolved(tx, ticket, at)
        return
    if ticket.resolved_at is not None:
        clocks.reopened(tx, ticket, at)
    if standing and ticket.paused_at is None:
        clocks.paused(tx, ticket, at)


def follow(tx: AnyTransaction, ticket: Ticket) -> None:
    """Let a ticket say what its state says, where something else brought it there; the stays are noted already."""
    state, at = state_named(tx, ticket.status), ticket.entered_at or tx.now
    is_over = ticket.status == RESOLVED or state.kind == "done"
    if ticket.status in STANDING:
        ticket.paused_at = ticket.paused_at or at
    else:
        ticket.paused_at = None
    if is_over:
        ticket.resolved_at = ticket.resolved_at or at
    elif ticket.resolved_at is not None and state.kind != "lost":
        ticket.resolved_at = None
        ticket.reopened += 1


def end_of(tx: AnyTransaction, kind: str, wanted: str) -> str:
    """Return the name of an end of that kind: the usual one where the workspace has it, or else its first."""
    ends = [one.name for one in process_of(tx).states if one.kind == kind]
    return wanted if wanted in ends or not ends else ends[0]
