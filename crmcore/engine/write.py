"""Writing a change set: rows inserted, edited under optimistic locking, and removed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from attrs import field, frozen
from sqlalchemy import Connection, bindparam, delete, update

from crmcore.engine import conflicts, fields
from crmcore.engine.bulk import Writer
from crmcore.engine.mapping import Entities
from crmcore.errors import Denied
from crmcore.hooks.entities import EntityType, Row
from crmcore.i18n import _
from crmcore.model.change import Change


def own(row: Row) -> Row:
    """Return the row with its lists and mappings copied, so that editing one in place is noticed."""
    return {name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in row.items()}


_CUSTOM = "custom"


@frozen(kw_only=True)
class Loaded:
    """A record being edited, with its values as they were read.

    `hidden` names the fields that the actor may not see; the record shows them as `blank` has them.
    """

    record: Any
    entity: EntityType
    read: Row
    hidden: frozenset[str] = frozenset()
    blank: Row = field(init=False)

    @blank.default
    def _default_blank(self) -> Row:
        if not self.hidden:
            return {}
        blank = fields.blanked(self.entity.table, self.read, self.hidden)
        for name, value in own(blank).items():
            object.__setattr__(self.record, name, value)  # past the checks: a name may not be empty
        return blank

    def now(self) -> Row:
        """Return the values the record has now; raises `Denied` when a field that is hidden from the actor changed."""
        row = self.entity.row(self.record)
        for name, shown in self.blank.items():
            stored = self.read[name]
            if name == _CUSTOM:
                hidden = {key: value for key, value in stored.items() if key not in shown}
                for key, value in hidden.items():
                    _must_be(key, row[name].get(key), None, value)
                row[name] = {**row[name], **hidden}
            else:
                _must_be(name, row[name], shown, stored)
                row[name] = stored
        return row

    def written(self) -> "Loaded":
        """Return the record with the values it has now as those that were read."""
        return Loaded(record=self.record, entity=self.entity, read=own(self.now()), hidden=self.hidden)


def _must_be(name: str, value: Any, *unchanged: Any) -> None:
    if value not in unchanged:
        raise Denied(_("“{field}” is hidden from you, and not yours to change.").format(field=name))


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
        statement = update(entity.table).where(entity.table.c.id == bindparam("b_id"))
        values: dict[str, Any] = {column: bindparam(column) for column in columns if column != "b_id"}
        target.connection.execute(statement.values(values), rows)


def _edited_row(target: Target, entity: EntityType, held: Loaded, stored: Row, change: Change) -> Row:
    """Return the columns to write; what others changed meanwhile is joined with it."""
    row = dict(change.after)
    computed: Row = {}
    if stored.get(_CUSTOM) != held.read.get(_CUSTOM):
        wanted = row[_CUSTOM] if _CUSTOM in row else held.read[_CUSTOM]
        mine = conflicts.joined(held.read[_CUSTOM], stored[_CUSTOM], wanted)
        computed = target.computed(entity.name, {**stored, **row, _CUSTOM: mine})
        row[_CUSTOM] = held.record.custom = {
            key: value for key, value in {**mine, **computed}.items() if value is not None
        }
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
