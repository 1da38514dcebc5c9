"""The parts of customers and contacts as views, read for many records at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from attrs import frozen
from sqlalchemy import Column, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, customer_role, external_id, position


@frozen(kw_only=True)
class PointView:
    """A way to reach somebody, as listed."""

    id: int
    kind: str
    label: str
    value: str
    normal: str
    preferred: bool
    status: str
    source: str
    address: dict[str, str] | None = None


@frozen(kw_only=True)
class PositionView:
    """A position, with the names of who holds it and where."""

    id: int
    contact_id: int
    contact: str
    customer_id: int
    customer: str
    title: str
    department: str
    role: str
    started: date | None
    ended: date | None
    source: str


@frozen(kw_only=True)
class RoleView:
    """What a customer is to us, and since when."""

    id: int
    role: str
    started: date | None
    ended: date | None
    source: str


def points(reader: Reader, owner: "Column[int]", ids: Sequence[int]) -> dict[int, list[PointView]]:
    """Return the ways to reach contacts or customers; `owner` is the column of `contact_point` that names them."""
    c = contact_point.c
    found: dict[int, list[PointView]] = defaultdict(list)
    statement = select(
        owner, c.id, c.kind, c.label, c.value, c.normal, c.preferred, c.status, c.source, c.address
    ).where(owner.in_(ids))
    names = ("id", "kind", "label", "value", "normal", "preferred", "status", "source", "address")
    for row in reader.rows(statement.order_by(owner, c.preferred.desc(), c.id)):
        found[row[0]].append(PointView(**dict(zip(names, row[1:], strict=True))))
    return found


def positions(
    reader: Reader, owner: "Column[int]", ids: Sequence[int], limit: int | None = None
) -> dict[int, list[PositionView]]:
    """Return positions by contact or by customer (`owner`), the current ones first.

    A position is left out where the actor may not see the customer, or the contact, or either was merged away.
    """
    p = position.c
    found: dict[int, list[PositionView]] = defaultdict(list)
    statement = (
        select(
            owner, p.id, p.contact_id, contact.c.name, p.customer_id, customer.c.name,
            p.title, p.department, p.role, p.started, p.ended, p.source,
        )
        .join(customer, customer.c.id == p.customer_id)
        .join(contact, contact.c.id == p.contact_id)
        .where(owner.in_(ids), contact.c.merged_into_id.is_(None), customer.c.merged_into_id.is_(None))
        .order_by(owner, p.ended.is_not(None), p.id)
        .limit(limit)
    )  # fmt: skip
    names = (
        "id", "contact_id", "contact", "customer_id", "customer",
        "title", "department", "role", "started", "ended", "source",
    )  # fmt: skip
    for row in reader.rows(statement):
        found[row[0]].append(PositionView(**dict(zip(names, row[1:], strict=True))))
    return found


def roles(reader: Reader, ids: Sequence[int]) -> dict[int, list[RoleView]]:
    """Return what customers are to us, the current roles first."""
    c = customer_role.c
    found: dict[int, list[RoleView]] = defaultdict(list)
    statement = select(c.customer_id, c.id, c.role, c.started, c.ended, c.source).where(c.customer_id.in_(ids))
    for row in reader.rows(statement.order_by(c.customer_id, c.ended.is_not(None), c.id)):
        found[row.customer_id].append(
            RoleView(id=row.id, role=row.role, started=row.started, ended=row.ended, source=row.source)
        )
    return found


def external_ids(reader: Reader, kind: str, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the ids that records of an entity have elsewhere."""
    c = external_id.c
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(c.record_id, c.value).where(c.kind == kind, c.record_id.in_(ids))
    for row in reader.rows(statement.order_by(c.id)):
        found[row.record_id].append(row.value)
    return found
