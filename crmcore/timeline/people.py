"""The brief's block of positions: who works there, or where somebody works and worked."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, position
from crmcore.hooks.reading import Block, Subject
from crmcore.i18n import _

MOST = 50


_REACHED = (
    select(contact_point.c.value)
    .where(
        contact_point.c.contact_id == position.c.contact_id,
        contact_point.c.status == "",
        contact_point.c.kind.in_(["phone", "email"]),
    )
    .order_by(contact_point.c.kind.desc(), contact_point.c.preferred.desc(), contact_point.c.id)
    .limit(1)
    .scalar_subquery()
    .label("reached")
)
_POSITIONS = {
    entity: select(
        position.c.contact_id, contact.c.name.label("contact"), position.c.customer_id,
        customer.c.name.label("customer"), position.c.title, position.c.department, position.c.role,
        position.c.started, position.c.ended, _REACHED,
    )
    .join_from(position, contact, contact.c.id == position.c.contact_id)
    .join(customer, customer.c.id == position.c.customer_id)
    .where(mine == bindparam("id"), other.c.merged_into_id.is_(None))
    .order_by(position.c.ended.is_not(None), position.c.ended.desc(), position.c.id)
    .limit(MOST)
    for entity, mine, other in (
        ("customer", position.c.customer_id, contact), ("contact", position.c.contact_id, customer)
    )
}  # fmt: skip


def people(subject: Subject, reader: Reader) -> Iterator[Block]:
    """Show the positions with their dates, those that have ended last: one statement.

    Who was merged into another is not listed.
    """
    inward = subject.entity == "customer"
    rows = reader.rows(_POSITIONS[subject.entity], {"id": subject.id})
    if rows:
        yield Block(
            title=_("Contacts") if inward else _("Positions"),
            weight=10,
            headings=(_("name") if inward else _("customer"), _("position"), _("when"), _("reached at"))[
                : 4 if inward else 3
            ],
            rows=tuple(_rows(rows, inward=inward)),
            data=[dict(row._mapping) for row in rows],
        )


def _rows(rows: Sequence[Any], *, inward: bool) -> Iterator[tuple[str, ...]]:
    """Yield a line for each person or customer and time; two titles held at once stand on one line."""
    held: dict[tuple[object, ...], list[Any]] = {}
    for row in rows:
        who = row.contact_id if inward else row.customer_id
        held.setdefault((who, row.started, row.ended), []).append(row)
    for together in held.values():
        first = together[0]
        titles = " / ".join(dict.fromkeys(title for row in together if (title := _title(row))))
        cells = (first.contact if inward else first.customer, titles, _when(first))
        yield (*cells, first.reached or "") if inward else cells


def _title(row: Any) -> str:
    return ", ".join(part for part in (row.title or row.role, row.department) if part)


def _when(row: Any) -> str:
    if row.ended:
        return _("left {day}").format(day=row.ended)
    return _("since {day}").format(day=row.started) if row.started else ""
