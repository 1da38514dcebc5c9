"""The clocks of a ticket: they begin, stand still and end with what happens to it."""

from datetime import datetime

from crmcore.api import NotifyTransaction, Transaction
from crmcore_service.model.ticket import Ticket

AnyTransaction = Transaction | NotifyTransaction


def begin(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks of a new ticket run."""


def changed(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Reckon anew after the owner, priority or level became another."""


def paused(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks stand still where the level says so of the ticket's state."""
    ticket.paused_at = ticket.paused_at or at


def resumed(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks run on."""
    ticket.paused_at = None


def responded(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """End the clock of our first answer."""
    ticket.responded_at = ticket.responded_at or at


def resolved(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """End the clocks of a ticket that is resolved."""
    ticket.resolved_at = at


def reopened(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks of a ticket that was resolved run again."""
    ticket.resolved_at = None
    ticket.reopened += 1
