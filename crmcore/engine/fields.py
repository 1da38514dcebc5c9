"""Fields hidden from a role: what stands in their place when a table is read.

A hidden field looks as if nobody had filled it in: NULL, or the empty text where a column never is NULL. So a filter
by it finds nothing, an order by it says nothing, a sum of it is empty. The journal loses what it tells of it, and a
field that the workspace defined itself is taken out of the record's `custom`.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Label, Table, Text, case, cast, literal, null
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from crmcore.engine.rows import Columns
from crmcore.engine.tables import journal
from crmcore.engine.types import Json, Key
from crmcore.hooks.entities import Row

Hidden = frozenset[tuple[str, str]]
_CUSTOM = "custom"
_EMPTY: dict[type, Any] = {str: "", dict: {}}


class _Without(FunctionElement[Any]):
    """A JSON object without some of its members: (object, member...)."""

    name = "without"
    type = Json
    inherit_cache = True


@compiles(_Without, "sqlite")
def _without_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    held, *names = [compiler.process(each, **options) for each in element.clauses]
    paths = ", ".join(f"'$.\"' || {name} || '\"'" for name in names)
    return f"json_remove({held}, {paths})"


@compiles(_Without, "postgresql")
def _without_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    held, *names = [compiler.process(each, **options) for each in element.clauses]
    return f"({held} - ARRAY[{', '.join(names)}]::text[])"


_DERIVED = {("contact", "name"), ("customer", "name")}
_KEYS = ("sort_key", "name_key", "search")


def hidden_fields(named: Iterable[str]) -> Hidden:
    """Return the fields named `entity.field` as (table, column), with the keys that are derived from them."""
    pairs = {(entity, name) for entity, _dot, name in (each.partition(".") for each in named)}
    return frozenset(pairs | {(entity, key) for entity, name in pairs & _DERIVED for key in _KEYS})


def declared(tables: Iterable[Table]) -> dict[str, Hidden]:
    """Return by role the fields that tables hide from it: `Column(..., info={"hidden_from": ("service",)})`."""
    found: dict[str, set[tuple[str, str]]] = {}
    for table in tables:
        for column in table.columns:
            for role in column.info.get("hidden_from", ()):
                found.setdefault(role, set()).add((table.name, column.name))
    return {role: frozenset(pairs) for role, pairs in found.items()}


def named(hide: Iterable[tuple[str, str]]) -> Hidden:
    """Return the hidden fields without the keys that are derived from them."""
    return frozenset(pair for pair in hide if pair[1] not in _KEYS)


def columns(table: Table, c: Columns, hide: Hidden, wanted: Container[str] | None) -> list[ColumnElement[Any]]:
    """Return the columns to read in place of a table's own, which are `c`; each keeps its name and type.

    `wanted` names those that are needed; None for all. There is at least one.
    """
    needed = [column for column in c if wanted is None or column.key in wanted] or [c[table.columns.keys()[0]]]
    if table.name == journal.name:
        return [_told(column, c, hide) if column.key == "data" else column for column in needed]
    names = frozenset(name for entity, name in hide if entity == table.name)
    own = sorted(names - set(c.keys()))
    return [_shown(column, names, own) for column in needed]


def blanked(table: Table, row: Row, names: Iterable[str]) -> Row:
    """Return the fields of a row that are shown otherwise than they are stored, as they are shown."""
    own = {name for name in names if name not in table.c}
    shown = {name: _EMPTY.get(type(row[name])) if not table.c[name].nullable else None for name in names if name in row}
    if own and _CUSTOM in row:
        shown[_CUSTOM] = {name: value for name, value in row[_CUSTOM].items() if name not in own}
    return shown


def _shown(column: Column[Any], names: Container[str], own: Sequence[str]) -> ColumnElement[Any]:
    if column.key in names:
        return _standing_for(column, _blank(column))
    if column.key == _CUSTOM and own:
        return _standing_for(column, _without(column, own))
    return column


def _blank(column: Column[Any]) -> ColumnElement[Any]:
    if column.nullable:
        return cast(null(), column.type)
    if isinstance(column.type, Text | Key):
        return literal("", column.type)
    if column.type is Json:
        return literal({}, Json)
    return cast(null(), column.type)


def _without(column: ColumnElement[Any], names: Sequence[str]) -> ColumnElement[Any]:
    return _Without(column, *(literal(name, Text()) for name in names))


def _told(column: Column[Any], c: Columns, hide: Hidden) -> ColumnElement[Any]:
    """Return an entry's data without the fields that are hidden in its entity."""
    entities = sorted({entity for entity, _name in hide})
    names = {one: sorted(name for entity, name in hide if entity == one) for one in entities}
    pieces = [
        (c.entity == entity, _without(column, [*hidden, *(f"custom.{name}" for name in hidden)]))
        for entity, hidden in names.items()
    ]
    return _standing_for(column, case(*pieces, else_=column)) if pieces else column


def _standing_for(column: Column[Any], expression: ColumnElement[Any]) -> Label[Any]:
    """Return an expression that goes under a column's name, and is taken for it where a statement is adapted."""
    label = expression.label(column.key)
    label._proxies = [column]  # as SQLAlchemy has it for the columns of a subquery
    return label
