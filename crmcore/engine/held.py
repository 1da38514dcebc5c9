"""What a transaction holds: records that were added, read to be edited, or removed, and what came of them."""

from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime
from typing import Any

from attrs import field, frozen

from crmcore.engine import fields
from crmcore.engine.mapping import Entities
from crmcore.errors import Denied
from crmcore.hooks.entities import EntityType, Row
from crmcore.i18n import _
from crmcore.model.change import Change


def own(row: Row) -> Row:
    """Return the row with its lists and mappings copied, so that editing one in place is noticed."""
    return {name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in row.items()}


CUSTOM = "custom"


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
            if name == CUSTOM:
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


class Held:
    """The records of one transaction, by entity and id; each is there once, however often it is read."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities
        self._added: dict[str, dict[int, Any]] = defaultdict(dict)
        self.loaded: dict[tuple[str, int], Loaded] = {}
        self._removed: dict[tuple[str, int], Loaded] = {}

    def add(self, entity: EntityType, record: Any) -> None:
        """Take a new record, which has its id."""
        self._added[entity.name][record.id] = record

    def take(self, entity: EntityType, row: Row, hidden: frozenset[str]) -> Any:
        """Return the record of a row that was read, the one held already if there is one; None for a removed one."""
        key = (entity.name, row["id"])
        if key in self._removed:
            return None
        held = self.loaded.get(key)
        if held is None:
            held = self.loaded[key] = Loaded(record=entity.cls(**own(row)), entity=entity, read=row, hidden=hidden)
        return held.record

    def remove(self, entity: EntityType, record: Any) -> None:
        """Take a record that was read as one to be removed."""
        key = (entity.name, record.id)
        self._removed[key] = self.loaded.pop(key)

    def find(self, entity: str, record_id: int) -> Any:
        """Return a record that was added or read; None for another."""
        added = self._added.get(entity, {}).get(record_id)
        if added is not None:
            return added
        loaded = self.loaded.get((entity, record_id))
        return None if loaded is None else loaded.record

    def as_read(self, entity: str, record_id: int) -> Row | None:
        """Return the values of a record as they were read; None for one that was not."""
        held = self.loaded.get((entity, record_id)) or self._removed.get((entity, record_id))
        return None if held is None else held.read

    def changes(self, now: datetime) -> tuple[Change, ...]:
        """Return what is to be written: what was added, in the order of the entities, changed, and removed."""
        changes: list[Change] = []
        for entity in self._entities:
            changes.extend(
                Change(
                    action="created", entity=entity.name, id=record.id, before={}, after=_new_row(entity, record, now)
                )
                for record in self._added.get(entity.name, {}).values()
            )
        for (name, record_id), held in self.loaded.items():
            after = {field: value for field, value in held.now().items() if value != held.read[field]}
            if after:
                before = {field: held.read[field] for field in after}
                changes.append(Change(action="changed", entity=name, id=record_id, before=before, after=after))
        for (name, record_id), held in self._removed.items():
            changes.append(Change(action="removed", entity=name, id=record_id, before=held.read, after={}))
        return tuple(changes)

    def written(self, changes: Iterable[Change]) -> None:
        """Take what was written as what was read: a later flush writes only what changed since."""
        for name, records in self._added.items():
            entity = self._entities.named(name)
            for record in records.values():
                self.loaded[name, record.id] = Loaded(record=record, entity=entity, read=own(entity.row(record)))
        self._added.clear()
        self._removed.clear()
        for change in changes:
            if change.action == "changed":
                self.loaded[change.entity, change.id] = self.loaded[change.entity, change.id].written()

    def clear(self) -> None:
        """Let go of all records."""
        for each in (self._added, self.loaded, self._removed):
            each.clear()


def _new_row(entity: EntityType, record: Any, now: datetime) -> Row:
    row = entity.row(record)
    row["version"] = record.version = 1
    for stamp in ("created_at", "updated_at", "at"):
        if stamp in row and row[stamp] is None and (stamp != "at" or not entity.table.c.at.nullable):
            row[stamp] = now
            setattr(record, stamp, now)
    entity.derive(row)
    return row
