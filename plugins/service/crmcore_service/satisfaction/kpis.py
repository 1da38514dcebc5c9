"""Figures of satisfaction, for `crm metric`."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Float, Numeric, cast, func, type_coerce

from crmcore.api import Metric, share
from crmcore_service.i18n import _
from crmcore_service.tables import category, queue, rating, ticket

_WITH = (
    rating.outerjoin(ticket, ticket.c.id == rating.c.ticket_id)
    .outerjoin(queue, queue.c.id == ticket.c.queue_id)
    .outerjoin(category, category.c.id == ticket.c.category_id)
)


def satisfaction_metrics() -> Iterator[Metric]:
    """Declare them."""
    r, t = rating.c, ticket.c
    of: dict[str, Any] = {
        "source": _WITH, "record": r.id, "entity": rating.name, "text": r.comment,
        "dimensions": {
            "queue": queue.c.name, "category": category.c.name, "user": t.owner_id, "channel": r.channel,
            "customer": r.customer_id, "contact": r.contact_id,
        },
    }  # fmt: skip
    said = (r.score.is_not(None),)
    yield Metric(
        name="service.satisfaction", title=_("How content customers are, of 5"), at=r.answered_at, conditions=said,
        value=type_coerce(func.round(cast(func.avg(cast(r.score, Float)), Numeric), 2), Float), **of,
    )  # fmt: skip
    yield Metric(
        name="service.ratings", title=_("Customers who said how content they are"), value=func.count(), conditions=said,
        at=r.answered_at, **of,
    )  # fmt: skip
    yield Metric(
        name="service.survey_rate", title=_("Of customers who were asked by mail, who answered"), unit="%",
        value=share(r.status == "answered"), at=r.asked_at, conditions=(r.status.in_(("asked", "answered")),), **of,
    )  # fmt: skip
    yield Metric(
        name="service.recoveries", title=_("Low scores that were to be made good"), value=func.count(),
        at=r.answered_at, conditions=(r.task_id.is_not(None),), **of,
    )  # fmt: skip
