"""Contacts as lists and single views: rows read set-wise, never one query a row."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import Select, select, tuple_

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, external_id, position
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.search.matching import contains, name_contains


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
    """A position, with the customer's name."""

    id: int
    customer_id: int
    customer: str
    title: str
    department: str
    role: str
    started: date | None
    ended: date | None


@frozen(kw_only=True)
class ContactView:
    """A contact as listed: with its points, its customers and the ids it has elsewhere."""

    id: int
    name: str
    given: str
    family: str
    emails: list[str]
    phones: list[str]
    customers: list[str]
    external_ids: list[str]
    positions: list[PositionView]
    points: list[PointView]
    birthday: str
    note: str
    details: dict[str, Any] = field(factory=dict)
    owner_id: int | None
    private: bool
    source: str
    version: int
    updated_at: datetime


def page(
    reader: Reader, *, limit: int, after: int | None = None, name: str = "", customer_id: int | None = None
) -> list[ContactView]:
    """Return contacts in the order of their names, `limit` at most, from the one after the contact `after`.

    `name` narrows to names that contain it, in which case the order is that of ids.
    """
    statement = select(contact).where(contact.c.merged_into_id.is_(None)).limit(limit)
    if customer_id is not None:
        statement = statement.where(
            contact.c.id.in_(select(position.c.contact_id).where(position.c.customer_id == customer_id))
        )
    if name:
        statement = statement.where(
            contains("name_index", reader.connection.dialect.name, name, contact.c.id),
            name_contains(contact.c.search, name),
        ).order_by(contact.c.id)
        if after is not None:
            statement = statement.where(contact.c.id > after)
    else:
        statement = statement.order_by(contact.c.sort_key, contact.c.id)
        if after is not None:
            key = reader.value(select(contact.c.sort_key).where(contact.c.id == after)) or ""
            statement = statement.where(tuple_(contact.c.sort_key, contact.c.id) > tuple_(key, after))
    return views(reader, statement)


def one(reader: Reader, contact_id: int) -> ContactView:
    """Return a contact; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(contact).where(contact.c.id == contact_id))
    if not found:
        raise NotFound(_("There is no contact {id}.").format(id=contact_id))
    return found[0]


def views(reader: Reader, statement: Select[Any]) -> list[ContactView]:
    """Return the contacts a statement selects, with everything a list shows: four queries, however many rows."""
    rows = reader.rows(statement)
    ids = [row.id for row in rows]
    points, positions, known = _points(reader, ids), _positions(reader, ids), _external(reader, ids)
    return [
        ContactView(
            id=row.id,
            name=row.name,
            given=row.given,
            family=row.family,
            emails=[point.value for point in points[row.id] if point.kind == "email"],
            phones=[point.value for point in points[row.id] if point.kind == "phone"],
            customers=list(dict.fromkeys(one.customer for one in positions[row.id] if one.ended is None)),
            external_ids=known[row.id],
            positions=positions[row.id],
            points=points[row.id],
            birthday=row.birthday,
            note=row.note,
            details=row.details,
            owner_id=row.owner_id,
            private=row.private,
            source=row.source,
            version=row.version,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _points(reader: Reader, ids: Sequence[int]) -> dict[int, list[PointView]]:
    c = contact_point.c
    found: dict[int, list[PointView]] = defaultdict(list)
    statement = select(
        c.contact_id, c.id, c.kind, c.label, c.value, c.normal, c.preferred, c.status, c.source, c.address
    ).where(c.contact_id.in_(ids))
    names = ("id", "kind", "label", "value", "normal", "preferred", "status", "source", "address")
    for row in reader.rows(statement.order_by(c.contact_id, c.preferred.desc(), c.id)):
        found[row[0]].append(PointView(**dict(zip(names, row[1:], strict=True))))
    return found


def _positions(reader: Reader, ids: Sequence[int]) -> dict[int, list[PositionView]]:
    p = position.c
    found: dict[int, list[PositionView]] = defaultdict(list)
    statement = (
        select(p.contact_id, p.id, p.customer_id, customer.c.name, p.title, p.department, p.role, p.started, p.ended)
        .join(customer, customer.c.id == p.customer_id)
        .where(p.contact_id.in_(ids))
        .order_by(p.contact_id, p.ended.is_not(None), p.id)
    )
    names = ("id", "customer_id", "customer", "title", "department", "role", "started", "ended")
    for row in reader.rows(statement):
        found[row[0]].append(PositionView(**dict(zip(names, row[1:], strict=True))))
    return found


def _external(reader: Reader, ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(external_id.c.record_id, external_id.c.value).where(
        external_id.c.kind == "contact", external_id.c.record_id.in_(ids)
    )
    for row in reader.rows(statement.order_by(external_id.c.id)):
        found[row.record_id].append(row.value)
    return found
