"""Pages of customers and contacts: in the order of their names, or those whose name contains a text."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, select, tuple_

from crmcore.engine.reader import Reader
from crmcore.fields.columns import narrowed
from crmcore.search.matching import entries, name_contains


def parties(
    reader: Reader,
    table: Table,
    *,
    limit: int,
    after: int | None,
    name: str,
    owner_id: int | None,
    where: Sequence[str] = (),
) -> Select[Any]:
    """Return the statement of a page of customers or contacts that are not merged into another.

    In the order of their names, from the one after the record `after`; with `name` only names that contain it, in the
    order of ids. `where` are conditions on the workspace's own fields (`tier=gold`). One statement to find where a page
    begins.
    """
    c = table.c
    statement = select(table).where(c.merged_into_id.is_(None)).limit(limit)
    statement = narrowed(statement, table, where, reader.definitions)
    if owner_id is not None:
        statement = statement.where(c.owner_id == owner_id)
    if name:
        found = entries("name_index", reader.connection.dialect.name, name)
        statement = (
            statement.join_from(found.origin, table, c.id == found.key)
            .where(found.condition, name_contains(c.search, name))
            .order_by(found.key)
        )
        return statement if after is None else statement.where(found.key > after)
    statement = statement.order_by(c.sort_key, c.id)
    if after is None:
        return statement
    key = reader.value(select(c.sort_key).where(c.id == after)) or ""
    return statement.where(tuple_(c.sort_key, c.id) > tuple_(key, after))
