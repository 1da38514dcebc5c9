"""Bringing tickets on: whose they are, waiting, resolved, closed, opened again."""

from datetime import datetime

from crmcore.api import InvalidInput
from crmcore_service.assets.parties import AnyTransaction
from crmcore_service.i18n import _
from crmcore_service.model.ticket import Ticket
from crmcore_service.tickets.states import (
    CANCELLED,
    CLOSED,
    NEW,
    ON_HOLD,
    OPEN,
    RESOLVED,
    WAITING,
    end_of,
    may_go,
    put,
)


def assign_to(tx: AnyTransaction, ticket: Ticket, user_id: int | None, at: datetime | None = None) -> None:
    """Give a ticket to one of our people, or back to its queue (None)."""
    if ticket.owner_id == user_id:
        return
    ticket.owner_id = user_id
    now = at or tx.now
    if user_id is not None:
        ticket.assigned_at = ticket.assigned_at or now
        if ticket.status == NEW and may_go(tx, NEW, OPEN):
            put(tx, ticket, OPEN, now)


def wait(tx: AnyTransaction, ticket: Ticket, at: datetime | None = None, *, for_us: bool = False) -> None:
    """Let a ticket wait for its customer, or on hold for something of ours (`for_us`).

    Raises `InvalidInput` for one that is over.
    """
    if ticket.closed_at is not None or ticket.status == RESOLVED:
        raise InvalidInput(
            _("{ticket} is {state}; reopen it first.").format(ticket=f"T{ticket.id}", state=_(ticket.status))
        )
    put(tx, ticket, ON_HOLD if for_us else WAITING, at)


def resolve(
    tx: AnyTransaction, ticket: Ticket, resolution: str = "", cause: str = "", at: datetime | None = None
) -> None:
    """Say that a ticket is resolved, by what, and what was behind it; raises `InvalidInput` for one that is over."""
    _must_not_be_over(ticket)
    ticket.resolution = resolution.strip() or ticket.resolution
    ticket.cause = cause.strip() or ticket.cause
    put(tx, ticket, RESOLVED, at)


def close(tx: AnyTransaction, ticket: Ticket, at: datetime | None = None, *, cancelled: bool = False) -> None:
    """Close a ticket, or cancel one that was none; raises `InvalidInput` for one that is over."""
    _must_not_be_over(ticket)
    put(tx, ticket, end_of(tx, "lost", CANCELLED) if cancelled else end_of(tx, "done", CLOSED), at)


def _must_not_be_over(ticket: Ticket) -> None:
    if ticket.closed_at is not None:
        raise InvalidInput(_("{ticket} is {state} already.").format(ticket=f"T{ticket.id}", state=_(ticket.status)))


def reopen(tx: AnyTransaction, ticket: Ticket, at: datetime | None = None) -> None:
    """Open a ticket again that was resolved, closed or cancelled; raises `InvalidInput` for one that is under way."""
    if ticket.closed_at is None and ticket.status != RESOLVED:
        raise InvalidInput(_("{ticket} is under way ({state}).").format(ticket=f"T{ticket.id}", state=_(ticket.status)))
    if ticket.merged_into_id is not None:
        raise InvalidInput(
            _("{ticket} was merged into {other}; split that one instead.").format(
                ticket=f"T{ticket.id}", other=f"T{ticket.merged_into_id}"
            )
        )
    put(tx, ticket, OPEN, at)
