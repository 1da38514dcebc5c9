"""Figures of events, for `crm metric`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func

from crmcore.api import Metric, share
from crmcore_marketing.i18n import _
from crmcore_marketing.tables import event, registration

_WITH = registration.join(event, event.c.id == registration.c.event_id)


def event_metrics() -> Iterator[Metric]:
    """Declare them."""
    r, e = registration.c, event.c
    of: dict[str, Any] = {
        "source": _WITH, "record": r.id, "entity": registration.name, "text": e.name,
        "dimensions": {
            "event": e.name, "state": r.status, "channel": r.channel, "user": e.owner_id, "customer": r.customer_id,
            "contact": r.contact_id,
        },
    }  # fmt: skip
    yield Metric(
        name="marketing.registrations", title=_("Registrations for events"), value=func.count(), at=r.registered_at,
        conditions=(r.status != "cancelled",), **of,
    )  # fmt: skip
    yield Metric(
        name="marketing.attendance", title=_("Of those with a seat, who came"), value=share(r.status == "attended"),
        unit="%", at=e.starts_at, conditions=(r.status.in_(("attended", "no_show")),), **of,
    )  # fmt: skip
