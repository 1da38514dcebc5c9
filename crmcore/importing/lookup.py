"""Finding what is stored already: always for a whole chunk at once, never one record at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, contact_point, customer, external_id, interaction, position, user_account
from crmcore.engine.transaction import Transaction
from crmcore.engine.visibility import ALL, TEAM
from crmcore.exporting.elsewhere import own_ids
from crmcore.model.points import normalise

Key = tuple[Any, ...]
_MOST = 5000  # values in one statement; both databases take more, neither likes much more


def in_parts(reader: Reader, statement: Select[Any], column: ColumnElement[Any], wanted: Collection[Any]) -> list[Any]:
    """Return the rows in which a column has one of the wanted values, in as few statements as the database allows."""
    values = list(wanted)
    rows: list[Any] = []
    for start in range(0, len(values), _MOST):
        rows.extend(reader.connection.execute(statement.where(column.in_(values[start : start + _MOST]))).all())
    return rows


def _seen_in_parts(
    reader: Reader, statement: Select[Any], column: ColumnElement[Any], wanted: Collection[Any]
) -> list[Any]:
    """Return as `in_parts` only what the actor may see: others' private records are nobody here."""
    values = list(wanted)
    rows: list[Any] = []
    for start in range(0, len(values), _MOST):
        rows.extend(reader.rows(statement.where(column.in_(values[start : start + _MOST]))))
    return rows


PARTIES = {"contact": contact, "customer": customer}


def by_external_id(
    reader: Reader, kind: str, scheme: str, values: Collection[str], table: Table | None = None
) -> dict[str, int]:
    """Return the ids of records by their id in another system, or by the name we gave them in a table of ours.

    As far as the actor may see them. `kind` is contact, customer, or the name of another entity that `table` holds.
    """
    table = PARTIES[kind] if table is None else table
    statement = (
        select(external_id.c.value, external_id.c.record_id)
        .join(table, table.c.id == external_id.c.record_id)
        .where(external_id.c.kind == kind, external_id.c.scheme == scheme)
    )
    found = dict(tuple(row) for row in _seen_in_parts(reader, statement, external_id.c.value, values))
    if own := own_ids(reader, values):
        there = {row.id for row in _seen_in_parts(reader, select(table.c.id), table.c.id, set(own.values()))}
        found |= {text: key for text, key in own.items() if key in there and text not in found}
    return found


def own_interactions(reader: Reader, values: Collection[str]) -> dict[str, int]:
    """Return the ids of interactions by the name we gave them in a table of ours, as far as the actor may see them."""
    own, c = own_ids(reader, values), interaction.c
    there = {row.id for row in _seen_in_parts(reader, select(c.id), c.id, set(own.values()))} if own else set()
    return {text: key for text, key in own.items() if key in there}


def with_external_id(reader: Reader, kind: str, scheme: str, ids: Collection[int]) -> set[int]:
    """Return those of `ids` that have an id in the other system already."""
    statement = select(external_id.c.record_id).where(external_id.c.kind == kind, external_id.c.scheme == scheme)
    return {row[0] for row in in_parts(reader, statement, external_id.c.record_id, ids)}


def customers_by_name(reader: Reader, keys: Collection[str]) -> dict[str, list[int]]:
    """Return the ids of customers by the match key of their name, oldest first."""
    statement = select(customer.c.name_key, customer.c.id).where(customer.c.merged_into_id.is_(None))
    return _lists(sorted(_seen_in_parts(reader, statement, customer.c.name_key, keys), key=lambda row: row[1]))


def contacts_by_name(reader: Reader, keys: Collection[str]) -> dict[str, list[int]]:
    """Return the ids of contacts by the match key of their name, oldest first."""
    statement = select(contact.c.name_key, contact.c.id).where(contact.c.merged_into_id.is_(None))
    return _lists(sorted(_seen_in_parts(reader, statement, contact.c.name_key, keys), key=lambda row: row[1]))


def contacts_by_point(reader: Reader, normals: Collection[str], kinds: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of contacts by the normal form of a way to reach them, oldest first; not of merged ones."""
    statement = (
        select(contact_point.c.normal, contact_point.c.contact_id)
        .join(contact, contact.c.id == contact_point.c.contact_id)
        .where(contact_point.c.kind.in_(list(kinds)), contact.c.merged_into_id.is_(None))
    )
    return _lists(sorted(in_parts(reader, statement, contact_point.c.normal, normals), key=lambda row: row[1]))


def contacts_by_name_and_point(
    reader: Reader, keys: Collection[str], normals: Collection[str], kinds: Iterable[str]
) -> dict[str, list[int]]:
    """Return the ids of contacts that have such a name and such a way to reach them, by the match key of the name."""
    holders = {one for ids in contacts_by_point(reader, normals, kinds).values() for one in ids}
    statement = select(contact.c.name_key, contact.c.id).where(contact.c.merged_into_id.is_(None))
    rows = _seen_in_parts(reader, statement, contact.c.id, holders)
    return _lists(sorted((row for row in rows if row[0] in keys), key=lambda row: row[1]))


def contacts_without_point(reader: Reader, keys: Collection[str], kinds: Iterable[str]) -> dict[str, list[int]]:
    """Return the ids of contacts by the match key of their name that cannot be compared by any of these ways."""
    p = contact_point.c
    reached = select(p.id).where(p.contact_id == contact.c.id, p.kind.in_(list(kinds)), p.normal != "").exists()
    nobody = select(contact.c.name_key, contact.c.id).where(contact.c.merged_into_id.is_(None), ~reached)
    return _lists(sorted(_seen_in_parts(reader, nobody, contact.c.name_key, keys), key=lambda row: row[1]))


def points_of(reader: Reader, owner: str, ids: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """Return (kind, normal form or value) of the points of contacts or customers; `owner` is the column's name."""
    column = contact_point.c[owner]
    statement = select(column, contact_point.c.kind, contact_point.c.normal, contact_point.c.value)
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for record_id, kind, normal, value in in_parts(reader, statement, column, ids):
        found[record_id].add((kind, normal or value))
    return found


def current_customers(reader: Reader, ids: Collection[int]) -> dict[int, int]:
    """Return the customer each contact stands for now: its oldest position that has not ended."""
    statement = select(position.c.contact_id, position.c.customer_id, position.c.id).where(position.c.ended.is_(None))
    rows = sorted(in_parts(reader, statement, position.c.contact_id, ids), key=lambda row: row[2], reverse=True)
    return {row[0]: row[1] for row in rows}


def writable_owners(tx: Transaction) -> set[int] | None:
    """Return the users whose records the actor may change; None when the role says everybody's."""
    if tx.actor.user_id == 0 or tx.scope.write == ALL:
        return None
    if tx.scope.write == TEAM:
        team = select(user_account.c.id).where(user_account.c.team == tx.actor.team)
        return set(tx.connection.execute(team).scalars())
    return {tx.actor.user_id}


def by_field(reader: Reader, table: Table, field: str, values: Collection[Any]) -> dict[Any, list[int]]:
    """Return the ids of records by the value of one of their fields, oldest first, as far as the actor may see them."""
    statement = select(table.c[field], table.c.id)
    return _lists(sorted(_seen_in_parts(reader, statement, table.c[field], values), key=lambda row: row[1]))


def by_key(reader: Reader, table: Table, key: Sequence[str], wanted: Collection[Key]) -> dict[Key, int]:
    """Return the ids of records by the values of several of their fields together: of each the oldest."""
    several = [{one[place] for one in wanted} for place in range(len(key))]
    column = max(range(len(key)), key=lambda place: len(several[place]))  # the one that tells most apart
    statement = select(table.c.id, *(table.c[name] for name in key))
    rows = _seen_in_parts(reader, statement, table.c[key[column]], several[column])
    return {tuple(row[1:]): row.id for row in sorted(rows, key=lambda row: row.id, reverse=True)}


def users_by_name(reader: Reader) -> dict[str, list[int]]:
    """Return the ids of our own people by their full names."""
    rows = reader.connection.execute(select(user_account.c.name, user_account.c.id).order_by(user_account.c.id))
    return _lists((row.name.strip().casefold(), row.id) for row in rows if row.name.strip())


def users(reader: Reader, region: str) -> dict[str, int]:
    """Return the ids of our own people by login, e-mail address and phone number, as written and as compared."""
    found: dict[str, int] = {}
    for row in reader.connection.execute(
        select(user_account.c.id, user_account.c.login, user_account.c.email, user_account.c.phone)
    ):
        points = (normalise("email", row.email, region), normalise("phone", row.phone, region))
        for name in (row.login, row.email, row.phone, *points):
            if name:
                found.setdefault(name.casefold(), row.id)
    return found


def _lists(rows: Iterable[Any]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for key, record_id in rows:
        if record_id not in found[key]:
            found[key].append(record_id)
    return found
