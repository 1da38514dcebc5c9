"""The clocks of a ticket: they stand still, run on and end with what happens to it.

When they are due is reckoned as the ticket is saved (see `following`); here is told what happened, and when.
"""

from datetime import datetime

from crmcore.api import NotifyTransaction, Reader, Transaction
from crmcore_service.levels import stays
from crmcore_service.levels.promised import VISIT, allowance, calendar_of, default_level, promised
from crmcore_service.model.ticket import Ticket

AnyTransaction = Transaction | NotifyTransaction


def paused(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let a ticket stand in its state from an instant on; whether its clocks do, its level says."""
    if ticket.paused_at is None:
        ticket.paused_at = at
        if ticket.version:  # of a new one it is noted as it is saved
            stays.begin(tx, ticket.id, ticket.status, at)


def resumed(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks run on."""
    ticket.paused_at = None
    if ticket.version:
        stays.end(tx, ticket.id, at)


def responded(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """End the clock of our first answer."""
    ticket.responded_at = ticket.responded_at or at


def resolved(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """End the clocks of a ticket that is resolved."""
    ticket.resolved_at = at


def reopened(tx: AnyTransaction, ticket: Ticket, at: datetime) -> None:
    """Let the clocks of a ticket that was resolved run on with what they had left."""
    if ticket.resolved_at is not None:
        stays.between(tx, ticket.id, ticket.resolved_at, at)
    ticket.resolved_at = None
    ticket.reopened += 1


def visit_due(
    reader: Reader | NotifyTransaction, *, level_id: int | None, priority: str = "", start: datetime
) -> datetime | None:
    """Return by when a level promises a visit, the workspace's where none is said; None where it promises none."""
    wanted = level_id or default_level(reader)
    level = promised(reader, [wanted]).get(wanted) if wanted else None
    target = level.target(VISIT, priority) if level else None
    if level is None or target is None:
        return None
    calendar = calendar_of(reader, level.calendar.partition("@")[0])
    if target.days:
        return calendar.add_days(start, target.days)
    return calendar.add(start, allowance(calendar, start, target))
