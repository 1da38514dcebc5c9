"""Searching customers and contacts: by name, and by what they are reached by."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from attrs import evolve
from sqlalchemy import ColumnElement, Select, Table, exists, or_, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, position
from crmcore.search.hits import Hit
from crmcore.search.matching import contains, name_contains
from crmcore.search.ways import reached_by

PARTIES = (contact, customer)
_NAME = "name"


def called(reader: Reader, key: str, limit: int, after: int | None) -> list[Hit]:
    """Return who is called exactly so, in any order and script, by id."""
    found: dict[int, Hit] = {}
    for table in PARTIES if key else ():
        for row in reader.rows(_page(table, limit, after).where(table.c.name_key == key)):
            found[row.id] = _hit(table, row, _NAME, row.name)
    return _first(reader, found, limit)


def partly(reader: Reader, sought: str, key: str, region: str, limit: int, after: int | None) -> list[Hit]:
    """Return whose name contains the words of `sought`, or whose address or number begins with it, by id.

    Those called exactly so (`called`) are left out.
    """
    dialect = reader.connection.dialect.name
    way = reached_by(sought, region)
    found: dict[int, Hit] = {}
    for table in PARTIES:
        statement = _page(table, limit, after).where(table.c.name_key != key)
        named = statement.where(
            contains("name_index", dialect, sought, table.c.id), name_contains(table.c.search, sought)
        )
        for row in reader.rows(named):
            found[row.id] = _hit(table, row, _NAME, row.name)
        if way is None:
            continue
        c = contact_point.c
        owner = c.contact_id if table is contact else c.customer_id
        reached = statement.add_columns(c.kind, c.value).join_from(table, contact_point, owner == table.c.id).where(way)
        for row in reader.rows(reached):
            found.setdefault(row.id, _hit(table, row, row.kind, row.value))
    return _first(reader, found, limit)


def found_by_name(table: Table, sought: str, key: str, region: str) -> ColumnElement[bool]:
    """Return the condition that a party is one of those `called` or `partly` return."""
    found = [name_contains(table.c.search, sought)]
    if key:
        found.append(table.c.name_key == key)
    way = reached_by(sought, region)
    if way is not None:
        c = contact_point.c
        owner = c.contact_id if table is contact else c.customer_id
        found.append(exists().where(owner == table.c.id, way))
    return or_(*found)


def _page(table: Table, limit: int, after: int | None) -> Select[Any]:
    statement = select(table.c.id, table.c.name).where(table.c.merged_into_id.is_(None))
    if after is not None:
        statement = statement.where(table.c.id > after)
    return statement.order_by(table.c.id).limit(limit)


def _hit(table: Table, row: Any, matched: str, where: str) -> Hit:
    return Hit(entity=table.name, id=row.id, title=row.name, matched=matched, snippet=where)


def _first(reader: Reader, found: dict[int, Hit], limit: int) -> list[Hit]:
    """Return the first hits by id, contacts with the customers they stand for."""
    hits = [found[key] for key in sorted(found)[:limit]]
    stands_for = _customers(reader, [hit.id for hit in hits if hit.entity == "contact"])
    return [evolve(hit, context=", ".join(stands_for.get(hit.id, ()))) for hit in hits]


def _customers(reader: Reader, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    if not ids:
        return found
    statement = (
        select(position.c.contact_id, customer.c.name)
        .join_from(position, customer, customer.c.id == position.c.customer_id)
        .where(position.c.contact_id.in_(ids), position.c.ended.is_(None), customer.c.merged_into_id.is_(None))
        .order_by(position.c.id)
        .limit(10 * len(ids))
    )
    for row in reader.rows(statement):
        found[row.contact_id].append(row.name)
    return found
