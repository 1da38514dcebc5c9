"""Customers as lists and single views: rows read set-wise, never one query a row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.directory.finding import logins, names
from crmcore.directory.paging import parties
from crmcore.directory.parts import PointView, RoleView, external_ids, points, roles
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact_point, customer, customer_role
from crmcore.errors import NotFound
from crmcore.fields.entering import held
from crmcore.i18n import _


@frozen(kw_only=True)
class CustomerView:
    """A customer as listed: with its roles, its points and the ids it has elsewhere."""

    id: int
    name: str
    kind: str
    roles: list[str]
    role_history: list[RoleView]
    parent_id: int | None
    parent: str
    emails: list[str]
    phones: list[str]
    points: list[PointView]
    external_ids: list[str]
    language: str
    zone: str
    note: str
    details: dict[str, Any]
    custom: dict[str, Any]
    owner_id: int | None
    owner: str
    private: bool
    source: str
    merged_into_id: int | None
    version: int
    created_at: datetime
    updated_at: datetime


def page(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    name: str = "",
    role: str = "",
    owner_id: int | None = None,
    where: Sequence[str] = (),
) -> list[CustomerView]:
    """Return customers in the order of their names, `limit` at most, from the one after the customer `after`.

    `name` narrows to names that contain it, in which case the order is that of ids; `role` to who has it now,
    `where` to records of which conditions on the workspace's own fields (`tier=gold`) hold.
    """
    statement = parties(reader, customer, limit=limit, after=after, name=name, owner_id=owner_id, where=where)
    if role:
        having = select(customer_role.c.customer_id).where(
            customer_role.c.role == role, customer_role.c.ended.is_(None)
        )
        statement = statement.where(customer.c.id.in_(having))
    return views(reader, statement)


def one(reader: Reader, customer_id: int) -> CustomerView:
    """Return a customer; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(customer).where(customer.c.id == customer_id))
    if not found:
        raise NotFound(_("There is no customer {id}.").format(id=customer_id))
    return found[0]


def views(reader: Reader, statement: Select[Any]) -> list[CustomerView]:
    """Return the customers a statement selects, with everything a list shows: six queries, however many rows."""
    rows = reader.rows(statement)
    if not rows:
        return []
    ids = [row.id for row in rows]
    ways = points(reader, contact_point.c.customer_id, ids)
    parts = roles(reader, ids)
    known = external_ids(reader, "customer", ids)
    parents = names(reader, customer, (row.parent_id for row in rows))
    owners = logins(reader, (row.owner_id for row in rows))
    return [
        CustomerView(
            id=row.id,
            name=row.name,
            kind=row.kind,
            roles=[each.role for each in parts[row.id] if each.ended is None],
            role_history=parts[row.id],
            parent_id=row.parent_id,
            parent=parents.get(row.parent_id, ""),
            emails=[point.value for point in ways[row.id] if point.kind == "email"],
            phones=[point.value for point in ways[row.id] if point.kind == "phone"],
            points=ways[row.id],
            external_ids=known[row.id],
            language=row.language,
            zone=row.zone,
            note=row.note,
            details=row.details,
            custom=held(reader.definitions, "customer", row.custom),
            owner_id=row.owner_id,
            owner=owners.get(row.owner_id, ""),
            private=row.private,
            source=row.source,
            merged_into_id=row.merged_into_id,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]
