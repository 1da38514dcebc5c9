"""Contacts as lists and single views: rows read set-wise, never one query a row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.directory.finding import logins
from crmcore.directory.paging import parties
from crmcore.directory.parts import PointView, PositionView, external_ids, points, positions
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, position
from crmcore.errors import NotFound
from crmcore.fields.entering import held
from crmcore.i18n import _


@frozen(kw_only=True)
class ContactView:
    """A contact as listed: with its points, its customers and the ids it has elsewhere."""

    id: int
    name: str
    given: str
    family: str
    additional: str
    prefix: str
    suffix: str
    emails: list[str]
    phones: list[str]
    customers: list[str]
    external_ids: list[str]
    positions: list[PositionView]
    points: list[PointView]
    birthday: str
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
    customer_id: int | None = None,
    owner_id: int | None = None,
    where: Sequence[str] = (),
) -> list[ContactView]:
    """Return contacts in the order of their names, `limit` at most, from the one after the contact `after`.

    `name` narrows to names that contain it, in which case the order is that of ids; `where` to records of which
    conditions on the workspace's own fields (`tier=gold`) hold.
    """
    statement = parties(reader, contact, limit=limit, after=after, name=name, owner_id=owner_id, where=where)
    if customer_id is not None:
        statement = statement.where(
            contact.c.id.in_(select(position.c.contact_id).where(position.c.customer_id == customer_id))
        )
    return views(reader, statement)


def one(reader: Reader, contact_id: int) -> ContactView:
    """Return a contact; raises `NotFound` for one that is absent or hidden."""
    found = views(reader, select(contact).where(contact.c.id == contact_id))
    if not found:
        raise NotFound(_("There is no contact {id}.").format(id=contact_id))
    return found[0]


def views(reader: Reader, statement: Select[Any]) -> list[ContactView]:
    """Return the contacts a statement selects, with everything a list shows: five queries, however many rows."""
    rows = reader.rows(statement)
    if not rows:
        return []
    ids = [row.id for row in rows]
    ways = points(reader, contact_point.c.contact_id, ids)
    places = positions(reader, position.c.contact_id, ids)
    known = external_ids(reader, "contact", ids)
    owners = logins(reader, (row.owner_id for row in rows))
    return [
        ContactView(
            id=row.id,
            name=row.name,
            given=row.given,
            family=row.family,
            additional=row.additional,
            prefix=row.prefix,
            suffix=row.suffix,
            emails=[point.value for point in ways[row.id] if point.kind == "email"],
            phones=[point.value for point in ways[row.id] if point.kind == "phone"],
            customers=list(dict.fromkeys(each.customer for each in places[row.id] if each.ended is None)),
            external_ids=known[row.id],
            positions=places[row.id],
            points=ways[row.id],
            birthday=row.birthday,
            language=row.language,
            zone=row.zone,
            note=row.note,
            details=row.details,
            custom=held(reader.definitions, "contact", row.custom),
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
