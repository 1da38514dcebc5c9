"""Figures of the filter, for `crm metric`: who was asked, who needs something now, and what share that is."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func

from crmcore.api import Metric, share
from crmcore_marketing.i18n import _
from crmcore_marketing.qualifying.judging import NOW
from crmcore_marketing.tables import campaign, qualification

_OF = qualification.outerjoin(campaign, campaign.c.id == qualification.c.campaign_id)


def qualifying_metrics() -> Iterator[Metric]:
    """Declare them."""
    c = qualification.c
    told: dict[str, Any] = {
        "source": _OF, "at": c.at, "record": c.id, "entity": qualification.name, "text": c.need,
        "dimensions": {
            "campaign": campaign.c.name, "type": campaign.c.type, "user": c.agent_id, "product": c.product,
            "state": c.result, "contact": c.contact_id, "customer": c.customer_id,
        },
    }  # fmt: skip
    yield Metric(name="marketing.asked", title=_("Times people were asked what they need"), value=func.count(), **told)
    yield Metric(
        name="marketing.needs_now", title=_("People who need something now"), value=func.count(),
        conditions=(c.result == NOW,), **told,
    )  # fmt: skip
    yield Metric(
        name="marketing.need_rate", title=_("Of those asked, who need something now"), value=share(c.result == NOW),
        unit="%", **told,
    )  # fmt: skip
