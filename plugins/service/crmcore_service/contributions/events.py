"""What service does when it hears that something happened."""

from collections.abc import Callable

from crmcore.api import Event, NotifyTransaction, impl
from crmcore_service.levels import recounting
from crmcore_service.orders import promising
from crmcore_service.replying import hearing as acknowledging
from crmcore_service.tickets import hearing

HEARS: tuple[str, ...] = (*recounting.HEARS, *promising.HEARS, *hearing.HEARS, *acknowledging.HEARS)
"""The types of events that the features below hear."""
HEARING: tuple[Callable[[Event, NotifyTransaction], None], ...] = (
    recounting.heard, promising.settle, hearing.noticed, hearing.moved, acknowledging.heard,
)  # fmt: skip


@impl
def crm_on_event(event: Event, tx: NotifyTransaction) -> None:
    """Tell each feature."""
    for hear in HEARING:
        hear(event, tx)
