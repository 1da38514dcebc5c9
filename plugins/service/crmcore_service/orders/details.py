"""What a work order consists of: the visits, and the parts that were used."""

from datetime import datetime
from decimal import Decimal

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Reader, logins
from crmcore_service.tables import part, visit

_MOST = 500
_CENT = Decimal("0.01")


@frozen(kw_only=True)
class VisitView:
    """A visit: by whom, from when to when, and whether it was fixed then."""

    id: int
    technician: str
    starts_at: datetime
    ends_at: datetime | None
    fixed: bool | None
    note: str


@frozen(kw_only=True)
class PartView:
    """A part that was used; `cost` is what all of it cost, None where that is not known."""

    id: int
    name: str
    number: str
    quantity: Decimal
    unit_cost: Decimal | None
    cost: Decimal | None
    currency: str
    warranty: bool


def visits(reader: Reader, order_id: int) -> list[VisitView]:
    """Return the visits of a work order in their order: two statements."""
    v = visit.c
    rows = reader.rows(select(visit).where(v.work_order_id == order_id).order_by(v.starts_at, v.id).limit(_MOST))
    known = logins(reader, (row.technician_id for row in rows))
    return [
        VisitView(
            id=row.id, technician=known.get(row.technician_id, ""), starts_at=row.starts_at, ends_at=row.ends_at,
            fixed=row.fixed, note=row.note,
        )
        for row in rows
    ]  # fmt: skip


def parts(reader: Reader, order_id: int) -> list[PartView]:
    """Return the parts that were used for a work order: one statement."""
    p = part.c
    rows = reader.rows(select(part).where(p.work_order_id == order_id).order_by(p.id).limit(_MOST))
    return [
        PartView(
            id=row.id, name=row.name, number=row.number, quantity=row.quantity, unit_cost=row.unit_cost,
            cost=None if row.unit_cost is None else (row.unit_cost * row.quantity).quantize(_CENT),
            currency=row.currency, warranty=row.warranty,
        )
        for row in rows
    ]  # fmt: skip
