"""Computed fields: CEL over a record's own fields and its others, in the order in which they depend on each other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from crmcore.definitions.conditions import Condition
from crmcore.errors import InvalidInput
from crmcore.fields.values import read
from crmcore.model.definitions import Definitions, Field


def values(fields: Iterable[Field], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's values by name, as conditions take them: its own fields and `fields`, None where empty.

    Dates of fields are dates; amounts are numbers.
    """
    custom = row.get("custom") or {}
    found = {name: value for name, value in row.items() if name != "custom"}
    found.update((one.name, _given(one, custom.get(one.name))) for one in fields)
    return found


def _given(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.type == "money":
        return float(value)
    if field.type == "date":
        return date.fromisoformat(value)
    return value


@lru_cache(maxsize=256)
def order(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the computed fields among `fields`, each behind those it needs; graphlib's CycleError for a circle."""
    by_name = {one.name: one for one in fields}
    graph = {one.name: Condition(one.compute).names & by_name.keys() for one in fields if one.compute}
    return tuple(by_name[name] for name in TopologicalSorter(graph).static_order() if by_name[name].compute)


def circle(fields: Iterable[Field]) -> list[str]:
    """Return the names of fields that are computed from each other, in their order; empty when there are none.

    A formula that does not compile depends on nothing.
    """
    try:
        order(tuple(one for one in fields if not one.compute or _compiles(one.compute)))
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def _compiles(source: str) -> bool:
    try:
        Condition(source)
    except InvalidInput:
        return False
    return True


def compute(fields: Sequence[Field], row: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    """Return the values of the computed fields of a record, as they are kept; None where a formula gives nothing.

    A formula that cannot be evaluated for this record gives nothing: an integrator's mistake must not keep anybody
    from saving. Whether its types go together is checked when it is applied.
    """
    known = values(fields, row)
    found: dict[str, Any] = {}
    for one in order(tuple(fields)):
        found[one.name] = _result(one, known, definitions)
        known[one.name] = _given(one, found[one.name])
    return found


def _result(field: Field, known: Mapping[str, Any], definitions: Definitions) -> Any:
    try:
        given = Condition(field.compute).value(known)
        if isinstance(given, datetime):
            given = given.astimezone(UTC).date() if field.type == "date" else given.isoformat()
        elif isinstance(given, float) and field.type in ("number", "money"):
            given = round(given, 2 if field.type == "money" else 10)
        elif given is not None and field.type == "text" and not isinstance(given, str):
            given = str(given)
        return read(field, given, definitions)
    except InvalidInput:
        return None
