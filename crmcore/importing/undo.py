"""Taking a whole import back: what it created goes, what it changed is restored, and later edits stay."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from attrs import define, field
from sqlalchemy import Column, Table, or_, select

from crmcore.app import App
from crmcore.engine.journal import plain
from crmcore.engine.tables import duplicate, external_id, import_change, metadata
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.hooks.entities import EntityType
from crmcore.i18n import _
from crmcore.importing import batches, later
from crmcore.importing.context import called
from crmcore.importing.kinds import typed
from crmcore.importing.relations import EMPLOYER, PARENT, waits
from crmcore.model.party import ExternalId
from crmcore.model.user import Actor
from crmcore.trails.naming import short

_STEP = 500
_OWN = "custom."
_WITH_IDS = {"contact", "customer", EMPLOYER, PARENT}
_IN_PART = {"points", "position", "participants"}


@define(kw_only=True)
class Undone:
    """What taking an import back did; `kept` has a sentence for every record that stayed, and why."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(factory=list)


def undo(app: App, actor: Actor, batch_id: int) -> Undone:
    """Take an import back, in one transaction.

    A record it created is removed unless somebody edited it or something newer refers to it, in which case it stays
    whole; a field it changed gets its old value back unless somebody changed it since. Raises `InvalidInput` for an
    import that was taken back before.
    """
    done = Undone()
    with app.transaction(actor, cause=f"undo import {batch_id}") as tx:
        tx.begin()
        batch = batches.get(tx, batch_id)
        if batch.state == batches.UNDONE:
            raise InvalidInput(_("Import {id} was taken back already.").format(id=batch_id))
        _restore(tx, batch_id, done)
        tx.release()
        known = [entity for entity in reversed(list(tx.entities)) if "batch_id" in entity.fields]
        parts = [entity for entity in known if entity.parents]
        for entity in parts:
            _remove_parts(tx, entity, batch_id, done)
        for entity in known:
            if not entity.parents:
                _remove(tx, entity, parts, batch_id, done)
        _remove_ids(tx, batch_id)
        batches.progress(tx, batch_id, batch.counts, batch.files, batches.UNDONE)
        tx.record("import.undone", "import_batch", batch_id, {"removed": done.removed, "restored": done.restored})
    return done


def _restore(tx: Transaction, batch_id: int, done: Undone) -> None:
    """Give changed fields of records from before the import their old values back, the latest change first."""
    c = import_change.c
    last = None
    while True:
        statement = select(import_change).where(c.batch_id == batch_id).order_by(c.id.desc()).limit(_STEP)
        rows = tx.rows(statement if last is None else statement.where(c.id < last))
        if not rows:
            return
        last = rows[-1].id
        for name in {row.entity for row in rows}:
            table = tx.entities.named(name).table
            ids = {row.record_id for row in rows if row.entity == name}
            tx.load(tx.entities.named(name).cls, table.c.id.in_(ids))
        for row in rows:
            _restore_one(tx, row, done)
        tx.release()


def _restore_one(tx: Transaction, row: Any, done: Undone) -> None:
    if not row.after:
        if row.before:
            _bring_back(tx, row, done)
        return  # else the import found it as it was
    entity = tx.entities.named(row.entity)
    if tx.as_read(row.entity, row.record_id) is None:
        return  # removed since
    record: Any = tx.get(entity.cls, row.record_id)
    if getattr(record, "batch_id", None) == row.batch_id:
        return  # created by the import itself: it goes as a whole, or stays as a whole
    edited = []
    for name, after in row.after.items():
        if name in _IN_PART:
            continue
        if name.startswith(_OWN):
            key = name.removeprefix(_OWN)
            if record.custom.get(key) == after:
                record.custom = {**record.custom, key: row.before[name]}
                tx.filled[row.entity, row.record_id].add(name)
            else:
                edited.append(name)
        elif _is_still(getattr(record, name), after, entity.table.c[name]):
            setattr(record, name, typed(entity.table.c[name], row.before[name]))
        else:
            edited.append(name)
    if edited:
        done.kept.append(
            _("{entity} {id}: {fields} changed since, kept").format(
                entity=row.entity, id=row.record_id, fields=", ".join(edited)
            )
        )
    done.restored += 1


def _bring_back(tx: Transaction, row: Any, done: Undone) -> None:
    """Bring a record back that the import removed, under the id it had; it forgets what it pointed at and is gone."""
    entity = tx.entities.named(row.entity)
    c = entity.table.c
    values = {name: typed(c[name], value) for name, value in row.before.items()}
    tx.flush()
    for key in entity.table.foreign_keys:
        name = key.parent.name
        if values.get(name) is not None and key.parent.nullable:
            there = tx.connection.execute(select(key.column).where(key.column == values[name]))
            values[name] = there.scalar()
    tx.bring_back(entity.cls(**values))
    tx.flush()
    done.restored += 1


def _is_still(value: Any, after: Any, column: Column[Any]) -> bool:
    """Return whether a value is what the import left; a database may have written 8 as 8.00."""
    return bool(plain(value) == after or value == typed(column, after))


def _ids(tx: Transaction, table: Table, batch_id: int) -> Iterator[list[int]]:
    """Yield the ids of what the import created in a table, some hundreds at a time."""
    last = 0
    while True:
        statement = select(table.c.id).where(table.c.batch_id == batch_id, table.c.id > last)
        ids = list(tx.connection.execute(statement.order_by(table.c.id).limit(_STEP)).scalars())
        if not ids:
            return
        last = ids[-1]
        yield ids


def _remove_parts(tx: Transaction, entity: EntityType, batch_id: int, done: Undone) -> None:
    """Remove what the import added to records from before it, unless somebody edited it since."""
    for ids in _ids(tx, entity.table, batch_id):
        records: list[Any] = tx.load(entity.cls, entity.table.c.id.in_(ids))
        owners = {record.id: entity.parent(entity.row(record)) for record in records}
        own = _created(tx, batch_id, {owner for owner in owners.values() if owner})
        edited = later.parts(tx, batch_id, entity.name, {owner for owner in owners.values() if owner})
        for record in records:
            if owners[record.id] in own or (entity.cls is ExternalId and record.kind not in _WITH_IDS):
                continue
            if record.id in edited:
                done.kept.append(
                    _("{entity} {id} of {owner}: edited since, kept").format(
                        entity=entity.name, id=record.id, owner=owners[record.id]
                    )
                )
            else:
                tx.remove(record)
                done.removed += entity.table.metadata is not metadata
        tx.release()


def _remove_ids(tx: Transaction, batch_id: int) -> None:
    """Remove the ids elsewhere of plugins' records that went with the import; what stayed keeps its id."""
    for entity in tx.entities:
        if entity.table.metadata is metadata or "batch_id" not in entity.fields:
            continue
        c = external_id.c
        theirs = or_(c.kind == entity.name, c.kind.like(waits("%", entity.name, "%")))
        gone = c.record_id.not_in(select(entity.table.c.id))
        while orphans := list(tx.rows(select(c.id).where(c.batch_id == batch_id, theirs, gone).limit(_STEP))):
            for one in tx.load(ExternalId, c.id.in_([row.id for row in orphans])):
                tx.remove(one)
            tx.release()


def _created(tx: Transaction, batch_id: int, ids: Collection[int]) -> set[int]:
    """Return those of `ids` that are records the import created."""
    found: set[int] = set()
    for entity in tx.entities:
        if not entity.parents and "batch_id" in entity.fields:
            c = entity.table.c
            found.update(tx.connection.execute(select(c.id).where(c.id.in_(ids), c.batch_id == batch_id)).scalars())
    return found


def _remove(tx: Transaction, entity: EntityType, parts: Iterable[EntityType], batch_id: int, done: Undone) -> None:
    """Remove the records of a kind that the import created, with their parts."""
    table = entity.table
    for ids in _ids(tx, table, batch_id):
        edited, needed = later.records(tx, batch_id, ids), _needed(tx, entity, batch_id, ids)
        gone = set(ids) - edited - needed
        records: list[Any] = tx.load(entity.cls, table.c.id.in_(ids))
        for record in records:
            if record.id in gone:
                tx.remove(record)
                done.removed += 1
                continue
            why = _("edited since, kept") if record.id in edited else _("in use, kept")
            done.kept.append(f"{_(short(tx.entities, entity.name))} {record.id} {called(record)}".rstrip() + f": {why}")
        for part in parts:
            for column in part.parents:
                belonging: list[Any] = tx.load(part.cls, part.table.c[column].in_(gone))
                for one in belonging:
                    tx.remove(one)
        if entity.name in {"contact", "customer"}:
            tx.connection.execute(duplicate.delete().where(duplicate.c.a.in_(gone) | duplicate.c.b.in_(gone)))
        tx.release()


def _needed(tx: Transaction, entity: EntityType, batch_id: int, ids: Collection[int]) -> set[int]:
    """Return the records that something refers to which is not itself going away with the import.

    Their own parts go with them; all else that referred to them within the import is gone by now, or stays.
    """
    found: set[int] = set()
    for table, column in _references(tx, entity):
        c = table.c
        if table is entity.table:  # a child of the same import goes with its parent, unless it was edited
            rows = tx.connection.execute(select(c[column], c.id, c.batch_id).where(c[column].in_(ids))).all()
            staying = later.records(tx, batch_id, {row.id for row in rows})
            found.update(row[0] for row in rows if row.batch_id != batch_id or row.id in staying)
        else:
            found.update(tx.connection.execute(select(c[column]).where(c[column].in_(ids)).distinct()).scalars())
    return found


def _references(tx: Transaction, entity: EntityType) -> Iterable[tuple[Table, str]]:
    own = {(part.table.name, column) for part in tx.entities for column in part.parents}
    for reference in tx.dispatcher.declared("crm_references"):
        at = (reference.table.name, reference.column)
        if reference.target == entity.name and reference.where is None and at not in own:
            yield reference.table, reference.column
    for other in tx.entities:  # what plugins keep may refer to each other
        if other.table.metadata is not metadata and entity.table.metadata is not metadata:
            for key in other.table.foreign_keys:
                at = (other.table.name, key.parent.name)
                if key.target_fullname == f"{entity.name}.id" and at not in own:
                    yield other.table, key.parent.name
    if entity.name == "interaction":
        for other in tx.entities:
            if "interaction_id" in other.fields and "interaction_id" not in other.parents:
                yield other.table, "interaction_id"
