"""Figures of answers, for `crm metric`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func

from crmcore.api import Metric, share
from crmcore_service.answers.causes import is_user_error
from crmcore_service.i18n import _
from crmcore_service.tables import asset, category, deflection, ticket

_ASKED = deflection.outerjoin(category, category.c.id == deflection.c.category_id)
_SOLVED = ticket.outerjoin(category, category.c.id == ticket.c.category_id).outerjoin(
    asset, asset.c.id == ticket.c.asset_id
)


def answer_metrics() -> Iterator[Metric]:
    """Declare them."""
    d, t = deflection.c, ticket.c
    confirmed = d.status == "confirmed"
    asked: dict[str, Any] = {
        "source": _ASKED, "at": d.asked_at, "record": d.id, "entity": deflection.name, "text": d.question,
        "dimensions": {
            "channel": d.channel, "category": category.c.name, "customer": d.customer_id, "contact": d.contact_id,
        },
    }  # fmt: skip
    yield Metric(
        name="service.deflected", title=_("Questions answered without an engineer, as customers confirmed"),
        value=func.count(), conditions=(confirmed,), **asked,
    )  # fmt: skip
    yield Metric(
        name="service.deflection_rate", title=_("Of all questions, those answered without an engineer"),
        value=share(confirmed), unit="%", **asked,
    )  # fmt: skip
    yield Metric(
        name="service.minutes_saved", title=_("Minutes that engineers did not have to work"), value=func.sum(d.minutes),
        unit="min", conditions=(confirmed,), **asked,
    )  # fmt: skip
    yield Metric(
        name="service.user_errors", title=_("Of tickets whose cause is known, user errors"),
        value=share(is_user_error()), unit="%", source=_SOLVED, at=t.resolved_at, conditions=(t.cause != "",),
        record=t.id, entity=ticket.name, text=t.subject,
        dimensions={
            "product": asset.c.product, "category": category.c.name, "customer": t.customer_id, "contact": t.contact_id,
            "user": t.owner_id,
        },
    )  # fmt: skip
