"""Plugins' tables in words of our own, so that they can be made again on either database, without the plugin.

Columns, keys, unique constraints, indexes and simple defaults are kept. Check constraints are not: each database writes
them its own way; the plugin checks before it writes.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from crmcore.engine.tables import metadata
from crmcore.engine.types import Fixed, Id, Instant, Json
from crmcore.errors import InvalidInput
from crmcore.i18n import _

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_LITERAL = re.compile(r"('(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false|CURRENT_TIMESTAMP)(?:::[\w ]+)?", re.IGNORECASE)
_TYPES: dict[str, TypeEngine[Any]] = {
    "instant": Instant(),
    "date": Date(),
    "time": Time(),
    "boolean": Boolean(),
    "integer": Id,
    "float": Float(),
    "fixed": Fixed(),
    "json": Json,
    "bytes": LargeBinary(),
    "text": Text(),
}


def describe(table: Table) -> dict[str, Any]:
    """Return a table in words that JSON can hold."""
    return {
        "name": table.name,
        "columns": [
            {"name": c.name, "type": _type_name(c.type), "nullable": c.nullable, "default": _default(c)}
            for c in table.columns
        ],
        "key": [column.name for column in table.primary_key.columns],
        "references": [
            {
                "columns": list(one.column_keys),
                "table": one.elements[0].target_fullname.rpartition(".")[0],
                "targets": [element.target_fullname.rpartition(".")[2] for element in one.elements],
                "on_delete": one.ondelete,
            }
            for one in sorted(table.foreign_key_constraints, key=lambda each: list(each.column_keys))
        ],
        "unique": sorted(
            [column.name for column in one.columns] for one in table.constraints if isinstance(one, UniqueConstraint)
        ),
        "indexes": [
            {
                "name": str(one.name),
                "columns": [c.name for c in one.columns],
                "unique": one.unique,
                "where": _where(one),
            }
            for one in sorted(table.indexes, key=lambda each: str(each.name))
            if one.columns
        ],
    }


def build(described: Sequence[dict[str, Any]]) -> MetaData:
    """Return the described tables beside copies of the core's, whose names they may not take."""
    made = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(made)
    for one in described:
        if one["name"] in made.tables or not _NAME.fullmatch(one["name"]):
            raise InvalidInput(_("“{name}” cannot be the name of a plugin's table.").format(name=one["name"]))
        _table(one, made)
    return made


def _table(told: dict[str, Any], made: MetaData) -> Table:
    columns = [
        Column(
            one["name"],
            _type(one["type"]),
            primary_key=one["name"] in told["key"],
            nullable=one["nullable"] and one["name"] not in told["key"],
            server_default=text(one["default"]) if one["default"] and _LITERAL.fullmatch(one["default"]) else None,
        )
        for one in told["columns"]
    ]
    references = [
        ForeignKeyConstraint(
            one["columns"], [f"{one['table']}.{target}" for target in one["targets"]], ondelete=one["on_delete"]
        )
        for one in told["references"]
    ]
    table = Table(told["name"], made, *columns, *references, *[UniqueConstraint(*names) for names in told["unique"]])
    for one in told["indexes"]:
        where = text(one["where"]) if one["where"] else None
        chosen = [table.c[name] for name in one["columns"]]
        Index(one["name"], *chosen, unique=one["unique"], sqlite_where=where, postgresql_where=where)
    return table


def _type_name(kind: TypeEngine[Any]) -> str:
    if isinstance(kind, Numeric) and not isinstance(kind, Float):
        return f"number {kind.precision} {kind.scale}" if kind.precision else "number"
    return next((name for name, one in _TYPES.items() if type(one) is type(kind)), "text")


def _type(name: str) -> TypeEngine[Any]:
    if not name.startswith("number"):
        return _TYPES[name]
    precision, scale = [int(size) if size.isdigit() else None for size in name.split()[1:]] or [None, None]
    return Numeric(precision, scale)


def _default(column: Column[Any]) -> str:
    """Return a default that is a plain value; one that is computed is the plugin's to give."""
    found = _LITERAL.fullmatch(str(getattr(column.server_default, "arg", "")))
    return found[1] if found else ""


def _where(index: Index) -> str:
    for dialect in ("sqlite", "postgresql"):
        where = index.dialect_options[dialect]["where"]
        if where is not None:
            return str(where)
    return ""
