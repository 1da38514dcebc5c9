"""The search index: which records hold which terms, kept up to date in the transaction that changes them.

`name_index` holds customers and contacts by name; `text_index` holds interactions, tasks, and those customers and
contacts that have a note. Their key is the record's id. On SQLite they are FTS5 tables, on PostgreSQL tables with a GIN
index over a tsvector; nothing outside this package knows.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from crmcore.hooks.kinds import impl
from crmcore.model.change import Change
from crmcore.model.names import search_text
from crmcore.search.terms import terms

INDEXED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "customer": (("name_index", ("search",)), ("text_index", ("note",))),
    "contact": (("name_index", ("search",)), ("text_index", ("note",))),
    "interaction": (("text_index", ("subject", "body")),),
    "task": (("text_index", ("subject", "sentence", "note")),),
}
"""By entity: its indexes, and the columns whose words are found in each."""

_NAME, _NOTE = ("search",), ("note",)
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
    fresh: dict[str, list[tuple[int, list[str]]]] = {}
    gone: dict[str, list[tuple[int]]] = {}
    for change in changes:
        for index, columns in INDEXED.get(change.entity, ()):
            if columns == _NOTE and not (change.before.get("note") or change.after.get("note")):
                continue
            if change.action == "created":
                fresh.setdefault(index, []).append((change.id, _terms(change.after, columns)))
            elif change.action == "removed":
                gone.setdefault(index, []).append((change.id,))
            elif any(column in change.after for column in _WATCHED.get(columns, columns)):
                gone.setdefault(index, []).append((change.id,))
                if columns != _NOTE or change.after["note"]:
                    fresh.setdefault(index, []).append((change.id, _terms(_now(change, columns, tx), columns)))
    _write(tx.connection, fresh, gone)


def _terms(values: Any, columns: tuple[str, ...]) -> list[str]:
    if columns == _NAME:
        return terms(values["search"])  # folded already, when the row was derived
    return terms(search_text(" ".join(values[column] for column in columns if values[column])))


def _now(change: Change, columns: tuple[str, ...], tx: Any) -> dict[str, str]:
    if columns == _NAME:
        return {"search": search_text(change.after["name"])}
    if columns == _NOTE:
        return {"note": change.after["note"]}
    whole = {**tx.as_read(change.entity, change.id), **change.after}
    return {column: whole[column] for column in columns}


def _write(
    connection: Connection, fresh: dict[str, list[tuple[int, list[str]]]], gone: dict[str, list[tuple[int]]]
) -> None:
    dialect = connection.dialect.name
    for index, keys in gone.items():
        connection.exec_driver_sql(_DELETE[dialect].format(index=index), keys)
    for index, entries in fresh.items():
        rows: list[tuple[int, Any]] = [(key, " ".join(t) if dialect == "sqlite" else t) for key, t in entries]
        connection.exec_driver_sql(_INSERT[dialect].format(index=index), rows)
