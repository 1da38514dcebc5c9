"""Fields in SQL: typed expressions over the `custom` column, alike on SQLite and PostgreSQL."""

import re
from collections.abc import Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

import attrs
from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Numeric,
    Select,
    Table,
    Text,
    cast,
    literal,
    literal_column,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from crmcore.errors import InvalidInput
from crmcore.fields.values import read
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Field

_COMPARED = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
_CONDITION = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(!=|>=|<=|=|<|>)\s*(.*?)\s*", re.DOTALL)


class _Words(FunctionElement[str]):
    """The value of a field as text: (the column `custom`, the field's name as a literal)."""

    name = "own_words"
    type = Text()
    inherit_cache = True


@compiles(_Words)
def _compiled(element: Any, compiler: Any, **options: Any) -> str:
    held, name = (compiler.process(each, **options) for each in element.clauses)
    return words_sql(held, name.strip("'"), compiler.dialect.name)


def words_sql(held: str, name: str, dialect: str) -> str:
    """Return the SQL of a field's value as text; an index over it is used where it is written exactly so."""
    return f"CAST(json_extract({held}, '$.\"{name}\"') AS TEXT)" if dialect == "sqlite" else f"({held} ->> '{name}')"


def words(table: FromClause, name: str) -> ColumnElement[str]:
    """Return a field's value as text, NULL where it has none; `name` is that of a field that is defined."""
    return _Words(table.c.custom, literal_column(f"'{name}'"))


def column(table: FromClause, field: Field) -> ColumnElement[Any]:
    """Return a field's value as a typed SQL expression, NULL where it has none; for conditions, sums and groups.

    A number or amount is a number, true or false a boolean; everything else is text, dates in ISO 8601, which sorts
    and compares as time does.
    """
    kept: Any = table.c.custom[field.name]
    found: ColumnElement[Any] = words(table, field.name)
    match field.type:
        case "number" | "money":
            found = cast(found, Numeric(asdecimal=False))
        case "boolean":
            found = kept.as_boolean()
    return found


def where(table: FromClause, fields: tuple[Field, ...], said: str, definitions: Definitions) -> ColumnElement[bool]:
    """Return the condition that `KEY=VALUE` means; also != > >= < <=. `KEY=` asks for records without a value.

    Raises `InvalidInput` for an unknown field, and for a value that the field cannot have.
    """
    found = _CONDITION.fullmatch(said)
    if found is None:
        raise InvalidInput(_("“{text}” is not of the form KEY=VALUE.").format(text=said))
    name, operator, text = found.groups()
    field = named_field(fields, name)
    held = column(table, field)
    if not text:
        return held.is_(None) if operator == "=" else held.is_not(None)
    value = _sought(field, text, definitions)
    if operator == "!=":
        return or_(held.is_(None), held != value)
    condition: ColumnElement[bool] = _COMPARED[operator](held, value)
    return condition


def narrowed(statement: Select[Any], table: Table, said: Sequence[str], definitions: Definitions) -> Select[Any]:
    """Return a statement over an entity's table that selects only where every condition of `said` is so."""
    fields = definitions.fields_of(table.name)
    return statement.where(*(where(table, fields, one, definitions) for one in said))


def _sought(field: Field, text: str, definitions: Definitions) -> Any:
    free = attrs.evolve(field, minimum=None, maximum=None, pattern="")
    value = read(free, text, definitions)
    if field.type == "money":
        return float(value)
    return literal(value, Boolean()) if field.type == "boolean" else value


def named_field(fields: tuple[Field, ...], name: str) -> Field:
    """Return the field of that name; raises `InvalidInput` that names those there are."""
    found = next((one for one in fields if one.name == name), None)
    if found is None:
        raise InvalidInput(
            _("There is no field “{name}”; possible: {names}.").format(
                name=name, names=", ".join(one.name for one in fields)
            )
            if fields
            else _("There is no field “{name}”; `crm config apply` adds fields.").format(name=name)
        )
    return found
