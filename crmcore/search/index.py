"""The search index: which records hold which terms, kept up to date in the transaction that changes them.

`name_index` holds customers and contacts by name; `text_index` holds interactions, tasks, those customers and
contacts that have a note or words in the workspace's own fields, and records of plugins whose table says which columns
are searched. Their key is the record's id. On SQLite they are FTS5
tables, on PostgreSQL tables with a GIN index over a tsvector; nothing outside this package knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, column, select
from sqlalchemy import table as virtual
from sqlalchemy.sql.elements import quoted_name

from crmcore.engine.types import Id
from crmcore.hooks.kinds import impl
from crmcore.model.change import Change
from crmcore.model.names import search_text
from crmcore.search.terms import terms

_NAME, _NOTE = ("search",), ("note", "custom")

INDEXED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "customer": (("name_index", _NAME), ("text_index", _NOTE)),
    "contact": (("name_index", _NAME), ("text_index", _NOTE)),
    "interaction": (("text_index", ("subject", "body", "custom")),),
    "task": (("text_index", ("subject", "sentence", "note", "custom")),),
    "process_item": (("text_index", ("title", "note", "custom")),),
}
"""By entity: its indexes, and the columns whose words are found in each.

Of the workspace's own fields all words are: what a search shows of them, it knows by their definitions.
"""

SEARCHED = "searched"
"""In the `info` of a plugin's table: the columns whose words are found, what the record is called first."""

_AT_ONCE = 1_000

_WATCHED: dict[tuple[str, ...], tuple[str, ...]] = {_NAME: ("name", "search")}
"""By columns: those whose change is a change of the entry, where they are others."""

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE name_index USING fts5(terms, tokenize='ascii', detail='none', columnsize=0)",
        "CREATE VIRTUAL TABLE text_index USING fts5(terms, tokenize='ascii', detail='none', columnsize=0)",
    ),
    "postgresql": (
        "CREATE TABLE name_index (id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX ix_name_index_terms ON name_index USING gin (terms)",
        "CREATE TABLE text_index (id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX ix_text_index_terms ON text_index USING gin (terms)",
    ),
}

_INSERT = {
    "sqlite": "INSERT INTO {index}(rowid, terms) VALUES (?, ?)",
    "postgresql": "INSERT INTO {index}(id, terms) VALUES (%s, array_to_tsvector(%s))",
}
_DELETE = {
    "sqlite": "DELETE FROM {index} WHERE rowid = ?",
    "postgresql": "DELETE FROM {index} WHERE id = %s",
}


@impl
def crm_apply(changes: Sequence[Change], tx: Any) -> None:
    """Bring the index up to date with a change set."""
    follow(changes, tx, {change.entity: indexes(tx.entities.named(change.entity).table) for change in changes})


def searched(table: Table) -> tuple[str, ...]:
    """Return the columns of a plugin's table whose words are found; none for a table that is not searched."""
    return tuple(table.info.get(SEARCHED, ()))


def indexes(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the indexes that hold the records of a table, each with the columns whose words are found in it."""
    if table.name in INDEXED or not searched(table):
        return INDEXED.get(table.name, ())
    own = ("custom",) if "custom" in table.c else ()
    return (("text_index", (*searched(table), *own)),)


def follow(changes: Sequence[Change], tx: Any, kept_in: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]) -> None:
    """Bring the index up to date; `kept_in` are the indexes of each entity, with their columns."""
    fresh: dict[str, list[tuple[int, list[str]]]] = {}
    gone: dict[str, list[tuple[int]]] = {}
    for change in changes:
        for index, columns in kept_in[change.entity]:
            if columns == _NOTE and not (_text(change.before, _NOTE) or _text(change.after, _NOTE)):
                continue
            if change.action == "created":
                fresh.setdefault(index, []).append((change.id, _terms(change.after, columns)))
            elif change.action == "removed":
                gone.setdefault(index, []).append((change.id,))
            elif any(column in change.after for column in _WATCHED.get(columns, columns)):
                gone.setdefault(index, []).append((change.id,))
                found = _terms(_now(change, columns, tx), columns)
                if columns != _NOTE or found:
                    fresh.setdefault(index, []).append((change.id, found))
    _write(tx.connection, fresh, gone)


def _text(values: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    """Return the words of some columns as one text; of own fields those that are texts."""
    found = [values[column] for column in columns if column != "custom" and values.get(column)]
    if "custom" in columns:
        found += [value for value in (values.get("custom") or {}).values() if isinstance(value, str)]
    return " ".join(found)


def _terms(values: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    if columns == _NAME:
        return terms(values["search"])  # folded already, when the row was derived
    return terms(search_text(_text(values, columns)))


def _now(change: Change, columns: tuple[str, ...], tx: Any) -> Mapping[str, Any]:
    if columns == _NAME:
        return {"search": search_text(change.after["name"])}
    return {**tx.as_read(change.entity, change.id), **change.after}


def _write(
    connection: Connection, fresh: dict[str, list[tuple[int, list[str]]]], gone: dict[str, list[tuple[int]]]
) -> None:
    dialect = connection.dialect.name
    for index, keys in gone.items():
        connection.exec_driver_sql(_DELETE[dialect].format(index=index), keys)
    for index, entries in fresh.items():
        rows: list[tuple[int, Any]] = [(key, " ".join(t) if dialect == "sqlite" else t) for key, t in entries]
        connection.exec_driver_sql(_INSERT[dialect].format(index=index), rows)


def renew(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    """Bring the index up to date with rows that were written past the transaction's change sets."""
    for index, columns in indexes(table):
        rows = connection.execute(select(table.c.id, *(table.c[name] for name in columns)).where(table.c.id.in_(ids)))
        found = [(row.id, _terms(dict(row._mapping), columns)) for row in rows]
        fresh = [one for one in found if columns != _NOTE or one[1]]
        _write(connection, {index: fresh} if fresh else {}, {index: [(one,) for one in ids]} if ids else {})


def complete(connection: Connection, tables: Iterable[Table]) -> int:
    """Add the records of tables that the index does not hold yet, and return how many: of a plugin newly searched."""
    name = "rowid" if connection.dialect.name == "sqlite" else "id"
    added = 0
    for table in tables:
        for index, _columns in indexes(table):
            key = column(name, Id)
            entry = virtual(quoted_name(index, False), key)
            there = select(entry.c[key.name]).where(entry.c[key.name] == table.c.id).correlate(table).exists()
            missing, last = select(table.c.id).where(~there).order_by(table.c.id).limit(_AT_ONCE), -1
            while ids := list(connection.execute(missing.where(table.c.id > last)).scalars()):
                renew(connection, table, ids)
                added, last = added + len(ids), ids[-1]
    return added


def tidy(connection: Connection) -> None:
    """Let go of the terms of entries that are gone, which the index otherwise keeps until it is rewritten (SQLite)."""
    if connection.dialect.name == "sqlite":
        for index in ("name_index", "text_index"):
            connection.exec_driver_sql(f"INSERT INTO {index}({index}) VALUES ('optimize')")  # noqa: S608 # ours
