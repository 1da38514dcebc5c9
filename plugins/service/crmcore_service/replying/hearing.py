"""Hearing of new tickets: what answers them is imported only where one is to be acknowledged."""

from crmcore.api import Event, NotifyTransaction

HEARS = ("service_ticket.created",)
WANTED = "service.acknowledge"


def heard(event: Event, tx: NotifyTransaction) -> None:
    """Acknowledge a new ticket, where the workspace wants that."""
    if event.type in HEARS and tx.setting(WANTED):
        from crmcore_service.replying.acknowledging import acknowledge

        acknowledge(event.subject_id, tx)
