"""How often we kept what we promise, as SQL: of each clock those that were decided, and those met."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select

from crmcore.api import NOW, Metric, share
from crmcore_service.i18n import _
from crmcore_service.levels.promised import CLOCKS, VISIT
from crmcore_service.tables import category, level, queue, ticket, work_order

_t, _w = ticket.c, work_order.c
_VISITED = func.coalesce(_w.visited_at, _w.done_at)


@frozen(kw_only=True, eq=False)
class Kept:
    """A clock as figures see it: `due` and `end`, what is `decided`, and what of it was `met`.

    A clock is decided when it came to its end, or is overdue while it runs. What was merged or cancelled is not asked.
    """

    clock: str
    source: FromClause
    opened: ColumnElement[Any]
    due: ColumnElement[Any]
    end: ColumnElement[Any]
    closed: ColumnElement[Any]
    counted: tuple[ColumnElement[bool], ...]

    @property
    def met(self) -> ColumnElement[bool]:
        """Whether it came to its end in time."""
        return and_(self.end.is_not(None), self.end <= self.due)

    @property
    def decided(self) -> ColumnElement[bool]:
        """Whether that is known at `NOW`."""
        return and_(
            self.due.is_not(None), or_(self.end.is_not(None), self.due < func.coalesce(self.closed, NOW)), *self.counted
        )


_TICKETS = (_t.merged_into_id.is_(None), _t.status != "cancelled")
KEPT: Mapping[str, Kept] = {
    **{
        one.name: Kept(
            clock=one.name, source=ticket, opened=_t.opened_at, due=_t[one.due],
            end=func.coalesce(_t[one.end], _t.resolved_at if one.name != "resolution" else _t.closed_at),
            closed=_t.closed_at, counted=_TICKETS,
        )
        for one in CLOCKS
    },
    VISIT: Kept(
        clock=VISIT, source=work_order, opened=_w.opened_at, due=_w.due_at, end=_VISITED, closed=_w.closed_at,
        counted=(_w.status != "cancelled",),
    ),
}  # fmt: skip
"""By the name of the clock."""


# Joined, as PostgreSQL would look a name up for each ticket; where it is not asked for, it leaves the join out.
NAMED = ticket.outerjoin(queue, queue.c.id == _t.queue_id).outerjoin(category, category.c.id == _t.category_id)
"""Tickets with what their queue and category are called."""


def clock_metrics() -> Iterator[Metric]:
    """Declare the figures: the share met of each clock, by when the ticket was opened, and what is overdue now."""
    about = {
        "customer": _t.customer_id, "contact": _t.contact_id, "user": _t.owner_id, "channel": _t.channel,
        "priority": _t.priority, "queue": queue.c.name, "category": category.c.name, "state": _t.status,
        "level": select(level.c.name).where(level.c.id == _t.level_id).scalar_subquery(),
    }  # fmt: skip
    titles = {
        "owner": _("Tickets that had an owner in time"),
        "response": _("Tickets first answered in time"),
        "resolution": _("Tickets resolved in time"),
        VISIT: _("Visits in time"),
    }
    visited = {"customer": _w.customer_id, "contact": _w.contact_id, "user": _w.technician_id, "state": _w.status}
    tickets: dict[str, Any] = {
        "source": NAMED, "dimensions": about, "record": _t.id, "entity": ticket.name, "text": _t.subject,
    }  # fmt: skip
    visits: dict[str, Any] = {"source": work_order, "dimensions": visited, "text": _w.subject}
    for name, one in KEPT.items():
        yield Metric(
            name=f"service.{name}_met", title=titles[name], value=share(one.met), unit="%", at=one.opened,
            conditions=(one.decided,), **(visits if name == VISIT else tickets),
        )  # fmt: skip
    overdue = or_(*(and_(_t[one.due] < NOW, _t[one.end].is_(None)) for one in CLOCKS))
    yield Metric(
        name="service.overdue", title=_("Open tickets of which a clock ran out"), value=func.count(),
        conditions=(_t.closed_at.is_(None), _t.resolved_at.is_(None), overdue), **tickets,
    )  # fmt: skip
