"""Figures of money, for `crm metric`: what service cost, each ticket too, and what came of tickets."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Date, Integer, cast, func, literal, null, select, union_all

from crmcore.api import Fixed, Instant, Metric
from crmcore_service.i18n import _
from crmcore_service.returns.gains import CLAIMED, CONFIRMED
from crmcore_service.tables import asset, category, cost, gain, queue, ticket


def _named(entries: Any) -> Any:
    """Return entries with their tickets, and what the queues and categories of those are called."""
    t = ticket.c
    joined = entries.outerjoin(ticket, t.id == entries.c.ticket_id)
    return joined.outerjoin(queue, queue.c.id == t.queue_id).outerjoin(category, category.c.id == t.category_id)


def _about(c: Any) -> dict[str, Any]:
    t = ticket.c
    return {
        "customer": c.customer_id, "queue": queue.c.name, "category": category.c.name,
        "product": select(asset.c.product).where(asset.c.id == t.asset_id).scalar_subquery(),
    }  # fmt: skip


def money_metrics() -> Iterator[Metric]:
    """Declare them. Amounts are in the workspace's currency, at the rates that stand with the entries."""
    c, g = cost.c, gain.c
    spent, brought = _named(cost), _named(gain)
    yield Metric(
        name="service.cost", title=_("What service cost"), value=func.sum(c.worth), source=spent, at=c.day,
        dimensions={**_about(c), "user": c.user_id, "what": c.what, "contact": c.contact_id}, record=c.id,
        entity=cost.name, text=c.note,
    )  # fmt: skip
    yield Metric(
        name="service.minutes", title=_("Minutes worked"), value=func.sum(c.minutes), unit="min", source=spent,
        at=c.day, conditions=(c.minutes.is_not(None),), record=c.id, entity=cost.name, text=c.note,
        dimensions={**_about(c), "user": c.user_id, "contact": c.contact_id},
    )  # fmt: skip
    for name, title, status in (
        ("service.gains", _("What came of tickets, as was confirmed"), CONFIRMED),
        ("service.claims", _("What is said to have come of tickets, and nobody confirmed yet"), CLAIMED),
    ):
        yield Metric(
            name=name, title=title, value=func.sum(g.worth), source=brought, at=g.day, conditions=(g.status == status,),
            dimensions={**_about(g), "kind": g.kind, "contact": g.contact_id}, record=g.id, entity=gain.name,
            text=g.reason,
        )  # fmt: skip
    yield _cost_per_ticket()


def _cost_per_ticket() -> Metric:
    """Return what was spent, divided by the tickets that were resolved in the same time."""
    c, t = cost.c, ticket.c
    both = union_all(
        select(
            c.id, c.ticket_id, c.customer_id, c.day.label("day"), null().cast(Instant).label("at"),
            c.worth.label("cost"), literal(0, Integer).label("resolved"),
        ),
        select(
            t.id, t.id.label("ticket_id"), t.customer_id, null().cast(Date).label("day"), t.resolved_at.label("at"),
            cast(literal(0), Fixed).label("cost"), literal(1, Integer).label("resolved"),
        ).where(t.resolved_at.is_not(None), t.merged_into_id.is_(None), t.status != "cancelled"),
    ).subquery("spent_and_resolved")  # fmt: skip
    each = func.sum(both.c.cost) / func.nullif(func.sum(both.c.resolved), 0)
    return Metric(
        name="service.cost_per_ticket", title=_("Cost of a ticket resolved"), value=cast(each, Fixed),
        source=_named(both), at=both.c.at, day=both.c.day,
        dimensions=_about(both.c), record=both.c.id, entity=ticket.name, text=t.subject,
    )  # fmt: skip
