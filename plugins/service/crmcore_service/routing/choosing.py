"""Whose a ticket becomes: who of the queue's people fits it best."""

from crmcore.api import NotifyTransaction, Transaction
from crmcore_service.model.ticket import Ticket

AnyTransaction = Transaction | NotifyTransaction


def chosen(tx: AnyTransaction, ticket: Ticket) -> int | None:
    """Return who gets a ticket, None where the workspace assigns none by itself or nobody fits."""
    return None
