"""What marketing does when it hears that something happened."""

from collections.abc import Callable

from crmcore.api import Event, NotifyTransaction, impl
from crmcore_marketing.events import merging as seats
from crmcore_marketing.materials import noticing
from crmcore_marketing.programmes import merging as plays

HEARS: tuple[str, ...] = (*noticing.HEARS, *seats.HEARS, *plays.HEARS)
"""The types of events that the features below hear."""
HEARING: tuple[Callable[[Event, NotifyTransaction], None], ...] = (
    noticing.noticed,
    seats.contacts_met,
    plays.customers_met,
    plays.customers_parted,
)


@impl
def crm_on_event(event: Event, tx: NotifyTransaction) -> None:
    """Tell each feature."""
    for hear in HEARING:
        hear(event, tx)
