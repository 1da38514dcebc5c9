"""What sales does when it hears that something happened."""

from crmcore.api import Event, NotifyTransaction, impl
from crmcore_sales.competing import alerts
from crmcore_sales.quoting import meeting

HEARS = (
    *alerts.HEARS,
    *meeting.HEARS,
)
"""The types of events that the features below hear."""
HEARING = (
    alerts.entered,
    meeting.merged,
)


@impl
def crm_on_event(event: Event, tx: NotifyTransaction) -> None:
    """Tell each feature."""
    for hear in HEARING:
        hear(event, tx)
