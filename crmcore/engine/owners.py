"""Whose a record is: its table tells.

A table with a column `owner_id` holds records that are somebody's. One that names its owners otherwise, or has several,
says so: `Table(..., info={"owners": ("owner_id", "agent_id")})`; a record is then everybody's who is named there. A
table of a plugin without owners, with a foreign key to one of the plugin's that has them, holds parts: they are whose
the whole is. One that says that it has none, `info={"owners": ()}`, holds no parts: everybody writes there whose role
writes at all, as what agents ask people in a campaign that is not theirs.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from crmcore.engine.tables import metadata, task

_OWNERS, _OWNER, _CLOSED = "owners", "owner_id", "closed"


@lru_cache(maxsize=4096)
def owners(table: Table) -> tuple[str, ...]:
    """Return the names of the columns that hold whose a record is; none for a table whose records are nobody's."""
    told: tuple[str, ...] | None = table.info.get(_OWNERS)
    if told is not None:
        return tuple(told)
    return (_OWNER,) if _OWNER in table.c else ()


@lru_cache(maxsize=4096)
def wholes(table: Table) -> Mapping[str, Table]:
    """Return what the records of a plugin's table are parts of: by column, the table with owners it points at.

    Where there is none, the parts it points at: the lines of a version of a quote.
    """
    if table.metadata is metadata or _OWNERS in table.info or owners(table):
        return {}
    direct = _owned(table)
    return direct or {name: other for name, other in _pointed_at(table) if _owned(other)}


def _owned(table: Table) -> dict[str, Table]:
    return {name: other for name, other in _pointed_at(table) if owners(other)}


def _pointed_at(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield the plugin's own tables that a table has a foreign key to, with the column."""
    for key in table.foreign_keys:
        other = table.metadata.tables.get(key.target_fullname.rpartition(".")[0])
        if other is not None and other is not table and "id" in other.c:
            yield key.parent.name, other


def under_way(table: Table, c: ReadOnlyColumnCollection[str, Any]) -> list[ColumnElement[bool]]:
    """Return the conditions that a record is not over: a task is open, anything else has no `closed_at`.

    A table that calls its end otherwise says so: `Table(..., info={"closed": "ended_at"})`.
    """
    if table is task:
        return [c.status == "open"]
    closed = _closed(table)
    return [c[closed].is_(None)] if closed in c else []


def is_under_way(table: Table, row: Mapping[str, Any]) -> bool:
    """Return whether a record with these values is not over, as `under_way` has it."""
    return bool(row["status"] == "open") if table is task else row.get(_closed(table)) is None


def _closed(table: Table) -> str:
    name: str = table.info.get(_CLOSED, "closed_at")
    return name
