"""Writing a change set: rows inserted, edited under optimistic locking, and removed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Table, Update, bindparam, delete, update

from crmcore.engine import conflicts
from crmcore.engine.bulk import Writer
from crmcore.engine.held import CUSTOM, Loaded
from crmcore.engine.mapping import Entities
from crmcore.hooks.entities import EntityType, Row
from crmcore.model.change import Change
from crmcore.model.definitions import Definitions

Computing = Callable[[Definitions, str, Row], Row]
"""Gives the values of the computed fields of a row, by the entity's name; None where a formula gives nothing."""


@frozen(kw_only=True)
class Target:
    """Where changes are written: a connection in a transaction, how rows go in, and which instant it is.

    `computed` gives the values of a row's computed fields, by the entity's name.
    """

    connection: Connection
    writer: Writer
    entities: Entities
    now: datetime
    computed: Callable[[str, Row], Row]


def write(target: Target, changes: Sequence[Change], loaded: Mapping[tuple[str, int], Loaded]) -> None:
    """Write the changes; `loaded` has the edited records, which get their new version.

    Raises `Conflict` or `NotFound` when somebody else changed the same fields, or removed the record.
    """
    created: dict[str, list[Row]] = defaultdict(list)
    edited: dict[str, list[Change]] = defaultdict(list)
    removed: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.action == "created":
            created[change.entity].append(change.after)  # type: ignore[arg-type] # the row built for it
        else:
            (edited if change.action == "changed" else removed)[change.entity].append(change)
    for name, rows in created.items():
        target.writer.insert(target.connection, target.entities.named(name).table, rows)
    for name, edits in edited.items():
        _edit(target, target.entities.named(name), edits, loaded)
    if removed:
        for entity in reversed(tuple(target.entities)):  # parts before what they are parts of
            _remove(target, entity, removed.get(entity.name, ()))


def _edit(
    target: Target, entity: EntityType, edits: Sequence[Change], loaded: Mapping[tuple[str, int], Loaded]
) -> None:
    stored = conflicts.lock(target.connection, entity.table, [change.id for change in edits])
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for change in edits:
        held = loaded[entity.name, change.id]
        row = _edited_row(target, entity, held, conflicts.present(entity.name, change.id, stored), change)
        groups[tuple(row)].append(row)
    for columns, rows in groups.items():
        target.connection.execute(_updating(entity.table, columns), rows)


@lru_cache(maxsize=4096)
def _updating(table: Table, columns: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {column: bindparam(column) for column in columns if column != "b_id"}
    return update(table).where(table.c.id == bindparam("b_id")).values(values)


def _edited_row(target: Target, entity: EntityType, held: Loaded, stored: Row, change: Change) -> Row:
    """Return the columns to write; what others changed meanwhile is joined with it."""
    row = dict(change.after)
    computed: Row = {}
    if CUSTOM in stored and (stored[CUSTOM] != held.read[CUSTOM] or held.hidden):
        wanted = row[CUSTOM] if CUSTOM in row else held.read[CUSTOM]
        mine = conflicts.joined(held.read[CUSTOM], stored[CUSTOM], wanted)
        computed = target.computed(entity.name, {**stored, **row, CUSTOM: mine})
        row[CUSTOM] = {key: value for key, value in {**mine, **computed}.items() if value is not None}
        held.record.custom = {key: value for key, value in row[CUSTOM].items() if key not in held.hidden}
    conflicts.check(entity.name, change.id, held.read, stored, change.after, computed)
    whole = {**stored, **row}
    row["version"] = held.record.version = stored["version"] + 1
    if "updated_at" in entity.fields:
        row["updated_at"] = held.record.updated_at = target.now
    entity.derive(whole)
    row.update((name, value) for name, value in whole.items() if name not in entity.fields and value != stored[name])
    row["b_id"] = change.id
    return row


def _remove(target: Target, entity: EntityType, removals: Sequence[Change]) -> None:
    table = entity.table
    for change in removals:
        as_read = (table.c.id == change.id) & (table.c.version == change.before["version"])
        if target.connection.execute(delete(table).where(as_read)).rowcount:
            continue
        stored = conflicts.lock(target.connection, table, [change.id]).get(change.id)
        conflicts.check_removal(entity.name, change.id, change.before, stored)
