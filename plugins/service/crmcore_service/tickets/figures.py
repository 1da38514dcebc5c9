"""Figures of tickets, for `crm metric`: how many came, wait and were resolved, how fast, and whether at once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Float, Numeric, and_, case, cast, extract, func, select, type_coerce

from crmcore.api import NOW, Metric, share
from crmcore_service.i18n import _
from crmcore_service.levels.figures import NAMED
from crmcore_service.tables import asset, category, level, post, queue, ticket

_t = ticket.c
_HOUR, _DAY = 3_600, 86_400
_AGES = ((1, "0-1"), (3, "1-3"), (7, "3-7"), (30, "7-30"))
"""How old open tickets are, in days: less than so many, and what that is called."""
_COUNTED = (_t.merged_into_id.is_(None), _t.status != "cancelled")
"""What was merged into another is counted there; what was cancelled was no request."""


def _of(table: Any, key: Any, name: str = "name") -> Any:
    return select(table.c[name]).where(table.c.id == key).scalar_subquery()


ABOUT = {
    "customer": _t.customer_id, "contact": _t.contact_id, "user": _t.owner_id, "channel": _t.channel,
    "priority": _t.priority, "queue": queue.c.name, "category": category.c.name,
    "level": _of(level, _t.level_id), "product": _of(asset, _t.asset_id, "product"), "state": _t.status,
    "cause": _t.cause,
}  # fmt: skip
"""What figures of tickets are grouped by."""


def _hours(begin: Any, end: Any) -> Any:
    """Return the mean of the hours between two instants, with one decimal."""
    mean = func.avg(extract("epoch", end) - extract("epoch", begin)) / _HOUR
    return type_coerce(func.round(cast(mean, Numeric), 1), Float)


def _age() -> Any:
    days = (extract("epoch", NOW) - extract("epoch", _t.opened_at)) / _DAY
    return case(*((days < most, called) for most, called in _AGES), else_="30+")


def ticket_metrics() -> Iterator[Metric]:
    """Declare them. Hours are those of the clock on the wall; what we promised is counted in working time."""
    records: dict[str, Any] = {"source": NAMED, "record": _t.id, "entity": ticket.name, "text": _t.subject}
    of_tickets: dict[str, Any] = {**records, "dimensions": ABOUT}
    resolved = (*_COUNTED, _t.resolved_at.is_not(None))
    asked = select(func.count()).where(
        post.c.ticket_id == _t.id, post.c.direction == "in", post.c.automatic.is_(False)
    )  # fmt: skip
    yield Metric(
        name="service.opened", title=_("Tickets opened"), value=func.count(), at=_t.opened_at, conditions=_COUNTED,
        **of_tickets,
    )  # fmt: skip
    yield Metric(
        name="service.resolved", title=_("Tickets resolved"), value=func.count(), at=_t.resolved_at,
        conditions=resolved, **of_tickets,
    )  # fmt: skip
    yield Metric(
        name="service.open", title=_("Open tickets; by age: how many days they are old"), value=func.count(),
        conditions=(*_COUNTED, _t.closed_at.is_(None), _t.resolved_at.is_(None)),
        dimensions={**ABOUT, "age": _age()}, **records,
    )  # fmt: skip
    yield Metric(
        name="service.first_contact", title=_("Of tickets resolved, those that took the customer one request"),
        value=share(and_(_t.reopened == 0, asked.scalar_subquery() <= 1)), unit="%", at=_t.resolved_at,
        conditions=resolved, **of_tickets,
    )  # fmt: skip
    yield Metric(
        name="service.reopened", title=_("Of tickets resolved, those that were opened again before"),
        value=share(_t.reopened > 0), unit="%", at=_t.resolved_at, conditions=resolved, **of_tickets,
    )  # fmt: skip
    yield Metric(
        name="service.answer_hours", title=_("Hours until the first answer"),
        value=_hours(_t.opened_at, _t.responded_at), unit=_("hours"), at=_t.responded_at,
        conditions=(*_COUNTED, _t.responded_at.is_not(None)), **of_tickets,
    )  # fmt: skip
    yield Metric(
        name="service.resolution_hours", title=_("Hours until tickets were resolved"),
        value=_hours(_t.opened_at, _t.resolved_at), unit=_("hours"), at=_t.resolved_at, conditions=resolved,
        **of_tickets,
    )  # fmt: skip
