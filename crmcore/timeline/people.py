"""The brief's block of positions: who works there, or where somebody works and worked."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, position
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _

MOST = 50


def people(subject: Subject, reader: Reader) -> Iterator[Block]:
    """Show the positions with their dates, those that have ended last: one statement."""
    p, w = position.c, contact_point.c
    inward = subject.entity == "customer"
    ways = select(w.value).where(w.contact_id == p.contact_id, w.status == "", w.kind.in_(["phone", "email"]))
    statement = (
        select(
            p.contact_id, contact.c.name.label("contact"), p.customer_id, customer.c.name.label("customer"),
            p.title, p.department, p.role, p.started, p.ended,
            ways.order_by(w.kind.desc(), w.preferred.desc(), w.id).limit(1).scalar_subquery().label("reached"),
        )
        .join_from(position, contact, contact.c.id == p.contact_id)
        .join(customer, customer.c.id == p.customer_id)
        .where(p.customer_id == subject.id if inward else p.contact_id == subject.id)
        .order_by(p.ended.is_not(None), p.ended.desc(), p.id)
        .limit(MOST)
    )  # fmt: skip
    rows = reader.rows(statement)
    if rows:
        yield Block(
            title=_("Contacts") if inward else _("Positions"),
            weight=10,
            headings=(_("name") if inward else _("customer"), _("position"), _("when"), _("reached at"))[
                : 4 if inward else 3
            ],
            rows=tuple(_row(row, inward=inward) for row in rows),
            data=[dict(row._mapping) for row in rows],
        )


def _row(row: Any, *, inward: bool) -> tuple[str, ...]:
    title = ", ".join(part for part in (row.title or row.role, row.department) if part)
    if row.ended:
        when = _("left {day}").format(day=row.ended)
    else:
        when = _("since {day}").format(day=row.started) if row.started else ""
    cells = (row.contact if inward else row.customer, title, when)
    return (*cells, row.reached or "") if inward else cells
