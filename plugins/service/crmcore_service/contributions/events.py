"""What service does when it hears that something happened; what hears is imported only then."""

from collections.abc import Callable

from crmcore.api import Event, NotifyTransaction, impl

HEARS: tuple[str, ...] = (
    "config.applied",
    "config.reverted",
    "setting.changed",
    "service_work_order.changed",
    "interaction.created",
    "interaction.changed",
    "process.moved",
    "service_ticket.created",
)
"""The types of events that the features below hear."""


def hearing() -> tuple[Callable[[Event, NotifyTransaction], None], ...]:
    """Return what hears; each feature looks at the types that it names."""
    from crmcore_service.levels import recounting
    from crmcore_service.orders import promising
    from crmcore_service.replying import hearing as acknowledging
    from crmcore_service.tickets import hearing as tickets

    return recounting.heard, promising.settle, tickets.noticed, tickets.moved, acknowledging.heard


@impl
def crm_on_event(event: Event, tx: NotifyTransaction) -> None:
    """Tell each feature."""
    for hear in hearing():
        hear(event, tx)
