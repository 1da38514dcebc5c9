"""Contacts and customers as address books and tables have them: one flat record each, in batches of a few statements.

What a record holds: names, ways to reach it, its current organisation and position there, birthday, note, owner, and
what an import brought beyond that. Former positions, consents and history are in the whole export (JSON lines).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Row, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, customer_role, external_id, position, user_account
from crmcore.fields.entering import as_text
from crmcore.model.incoming import Address, Attachment, IncomingContact, IncomingCustomer, Point

_AT_ONCE = 500
_COPIED = ("name", "given", "family", "additional", "prefix", "suffix", "birthday", "note", "language")
_OWN = frozenset({"categories", "identifiers", "nickname", "photos", "title", "department", "role", "organisation_key"})


def contacts(reader: Reader, scheme: str) -> Iterator[IncomingContact]:
    """Yield the contacts the actor may see, in the order of ids; `scheme` says whose ids they go by in the file."""
    logins = _logins(reader)
    count = 0
    for rows in _batches(reader, contact):
        ids = [row.id for row in rows]
        ways, known = _points(reader, contact_point.c.contact_id, ids), _ids(reader, "contact", scheme, ids)
        places = _positions(reader, ids)
        for row in rows:
            count += 1
            details: Mapping[str, Any] = row.details
            place = places.get(row.id)
            yield IncomingContact(
                line=count,
                **{name: getattr(row, name) for name in _COPIED},
                nickname=_text(details.get("nickname", "")),
                organisation=place.customer if place else "",
                organisation_key="" if place else _text(details.get("organisation_key", "")),
                title=_held("title", place, details),
                department=_held("department", place, details),
                role=_held("role", place, details),
                points=tuple(ways[row.id]),
                photos=tuple(Attachment(**photo) for photo in details.get("photos", ())),
                external_id=known.get(row.id, ""),
                owner=logins.get(row.owner_id, ""),
                **_common(details, own_cells(reader, "contact", row.custom)),
            )


def customers(reader: Reader, scheme: str) -> Iterator[IncomingCustomer]:
    """Yield the customers the actor may see, in the order of ids."""
    logins = _logins(reader)
    count = 0
    for rows in _batches(reader, customer):
        ids = [row.id for row in rows]
        ways, known = _points(reader, contact_point.c.customer_id, ids), _ids(reader, "customer", scheme, ids)
        parents = _names(reader, [row.parent_id for row in rows if row.parent_id])
        roles = _roles(reader, ids)
        for row in rows:
            count += 1
            yield IncomingCustomer(
                line=count,
                name=row.name,
                kind=row.kind,
                parent=parents.get(row.parent_id, ""),
                roles=tuple(roles[row.id]),
                note=row.note,
                points=tuple(ways[row.id]),
                external_id=known.get(row.id, ""),
                owner=logins.get(row.owner_id, ""),
                **_common(row.details, own_cells(reader, "customer", row.custom)),
            )


def own_cells(reader: Reader, entity: str, custom: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that the workspace defined, by the heading under which they are read again: label or name."""
    return {one.label or one.name: text for one, text in as_text(reader.definitions, entity, custom)}


def _held(name: str, place: Row[Any] | None, details: Mapping[str, Any]) -> str:
    """Return a title, department or role: of the position, or of a person without one as an import brought it."""
    return str(getattr(place, name)) if place else _text(details.get(name, ""))


def _common(details: Mapping[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    return {
        "categories": tuple(map(_text, details.get("categories", ()))),
        "identifiers": {key: _text(value) for key, value in details.get("identifiers", {}).items()},
        "extra": {**{key: _text(value) for key, value in details.items() if key not in _OWN}, **own},
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _batches(reader: Reader, table: Any) -> Iterator[Sequence[Row[Any]]]:
    last = 0
    statement = select(table).where(table.c.merged_into_id.is_(None)).order_by(table.c.id).limit(_AT_ONCE)
    while rows := reader.rows(statement.where(table.c.id > last)):
        yield rows
        last = rows[-1].id


def _points(reader: Reader, owner: "Column[int]", ids: Sequence[int]) -> dict[int, list[Point]]:
    c = contact_point.c
    statement = select(owner, c.kind, c.value, c.label, c.preferred, c.address).where(owner.in_(ids))
    found: dict[int, list[Point]] = defaultdict(list)
    for row in reader.rows(statement.order_by(owner, c.id)):
        parts = Address(**row.address) if row.address else None
        found[row[0]].append(
            Point(kind=row.kind, value=row.value, label=row.label, preferred=row.preferred, address=parts)
        )
    return found


def _positions(reader: Reader, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Return the current position of each contact, its oldest; none at a customer the actor may not see."""
    p = position.c
    statement = (
        select(p.contact_id, p.title, p.department, p.role, customer.c.name.label("customer"))
        .join(customer, customer.c.id == p.customer_id)
        .where(p.contact_id.in_(ids), p.ended.is_(None))
        .order_by(p.id.desc())
    )
    return {row.contact_id: row for row in reader.rows(statement)}


def _ids(reader: Reader, kind: str, scheme: str, ids: Sequence[int]) -> dict[int, str]:
    c = external_id.c
    statement = select(c.record_id, c.value).where(c.kind == kind, c.scheme == scheme, c.record_id.in_(ids))
    return {row.record_id: row.value for row in reader.rows(statement.order_by(c.id.desc()))}


def _roles(reader: Reader, ids: Sequence[int]) -> dict[int, list[str]]:
    c = customer_role.c
    found: dict[int, list[str]] = defaultdict(list)
    for row in reader.rows(
        select(c.customer_id, c.role).where(c.customer_id.in_(ids), c.ended.is_(None)).order_by(c.id)
    ):
        found[row.customer_id].append(row.role)
    return found


def _names(reader: Reader, ids: Sequence[int]) -> dict[int, str]:
    return {
        row.id: row.name for row in reader.rows(select(customer.c.id, customer.c.name).where(customer.c.id.in_(ids)))
    }


def _logins(reader: Reader) -> dict[int | None, str]:
    return {row.id: row.login for row in reader.rows(select(user_account.c.id, user_account.c.login))}
