"""What a change of definitions does to the records there are: formulas computed, values brought to their new type."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, or_, select, update

from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.fields.columns import words
from crmcore.fields.computing import compute
from crmcore.fields.values import read
from crmcore.model.definitions import SHARED, Definitions, Field
from crmcore.search.index import renew

_AT_ONCE = 1000


def backfill(tx: Transaction, before: Definitions, after: Definitions) -> int:
    """Compute what is computed otherwise than before, and bring values to their new type; return how many changed.

    In chunks of a thousand: one statement reads, one writes. What is computed is no edit: no version, no journal entry;
    who edits such a record meanwhile keeps it, as fields are joined one by one.
    """
    changed = 0
    for entity in tx.entities:
        if "custom" not in entity.fields:
            continue
        was = _every(before, entity.name)
        fresh = [one for key, one in _every(after, entity.name).items() if not _alike(one, was.get(key))]
        if fresh:
            changed += _entity(tx, entity.table, fresh, after)
    return changed


def _alike(field: Field, was: Field | None) -> bool:
    return was is not None and (field.type, field.compute) == (was.type, was.compute)


def _every(definitions: Definitions, entity: str) -> dict[tuple[str, str], Field]:
    """Return the fields of an entity by process and name."""
    processes = ["", *(one.name for one in definitions.processes if one.entity == entity == SHARED)]
    return {(process, one.name): one for process in processes for one in definitions.fields_of(entity, process)}


def _entity(tx: Transaction, table: Table, fresh: Sequence[Field], definitions: Definitions) -> int:
    """Bring an entity's records up to date with fields that are new or otherwise; a value may be there already."""
    own = [column for column in table.c if column.name not in ("search", "sort_key", "name_key")]
    statement = select(*own).order_by(table.c.id).limit(_AT_ONCE)
    if not any(one.compute for one in fresh):
        statement = statement.where(or_(*(words(table, one.name).is_not(None) for one in fresh)))
    written = update(table).where(table.c.id == bindparam("b_id")).values(custom=bindparam("b_custom"))
    last = changed = 0
    while rows := tx.connection.execute(statement.where(table.c.id > last)).mappings().all():
        last = rows[-1]["id"]
        found = [
            {"b_id": row["id"], "b_custom": custom}
            for row in rows
            if (custom := _filled(definitions, table.name, dict(row))) != row["custom"]
        ]
        if found:
            tx.connection.execute(written, found)
            before = {row["id"]: _texts(row["custom"]) for row in rows}
            renew(
                tx.connection, table, [one["b_id"] for one in found if _texts(one["b_custom"]) != before[one["b_id"]]]
            )
            changed += len(found)
    return changed


def _texts(custom: Mapping[str, Any]) -> list[str]:
    return [value for value in custom.values() if isinstance(value, str)]


def _filled(definitions: Definitions, entity: str, row: dict[str, Any]) -> dict[str, Any]:
    fields = definitions.fields_of(entity, str(row.get("process", "")) if entity == SHARED else "")
    custom = dict(row["custom"])
    for field in fields:
        if not field.compute and field.name in custom:
            try:
                custom[field.name] = read(field, custom[field.name], definitions)
            except InvalidInput:
                continue  # no longer allowed: told as an effect, and kept until somebody edits it
    found = {**custom, **compute(fields, {**row, "custom": custom}, definitions)}
    return {name: value for name, value in found.items() if value is not None}
