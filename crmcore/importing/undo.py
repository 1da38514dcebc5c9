"""Taking a whole import back: what it created goes, what it changed is restored, and later edits stay."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from attrs import define, field
from sqlalchemy import Table, func, select

from crmcore.app import App
from crmcore.engine.journal import plain
from crmcore.engine.tables import duplicate, import_change
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.hooks.entities import EntityType
from crmcore.i18n import _
from crmcore.importing import batches
from crmcore.model.user import Actor

_STEP = 500
_IN_PART = {"points", "position", "participants"}


@define(kw_only=True)
class Undone:
    """What taking an import back did; `kept` has a sentence for every record that stayed, and why."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(factory=list)


def undo(app: App, actor: Actor, batch_id: int) -> Undone:
    """Take an import back, in one transaction.

    A record it created is removed unless somebody edited it or something newer refers to it; a field it changed gets
    its old value back unless somebody changed it since. Raises `InvalidInput` for an import that was taken back
    before.
    """
    done = Undone()
    with app.transaction(actor, cause=f"undo import {batch_id}") as tx:
        tx.begin()
        batch = batches.get(tx, batch_id)
        if batch.state == batches.UNDONE:
            raise InvalidInput(_("Import {id} was taken back already.").format(id=batch_id))
        _restore(tx, batch_id, done)
        tx.release()
        for entity in reversed(list(tx.entities)):
            if "batch_id" in entity.fields:
                _remove(tx, entity, batch_id, done)
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
    entity = tx.entities.named(row.entity)
    if tx.as_read(row.entity, row.record_id) is None:
        return  # removed since
    record: Any = tx.get(entity.cls, row.record_id)
    later = []
    for name, after in row.after.items():
        if name in _IN_PART:
            continue
        if plain(getattr(record, name)) == after:
            setattr(record, name, _typed(entity, name, row.before[name]))
        else:
            later.append(name)
    if later:
        done.kept.append(
            _("{entity} {id}: {fields} changed since, kept").format(
                entity=row.entity, id=row.record_id, fields=", ".join(later)
            )
        )
    done.restored += 1


def _typed(entity: EntityType, name: str, value: Any) -> Any:
    """Return a value of the ledger as the field has it: dates and instants were kept as text."""
    kind = entity.table.c[name].type.python_type
    if isinstance(value, str) and hasattr(kind, "fromisoformat"):
        return kind.fromisoformat(value)
    return value


def _remove(tx: Transaction, entity: EntityType, batch_id: int, done: Undone) -> None:
    table = entity.table
    last = 0
    while True:
        ids = list(
            tx.connection.execute(
                select(table.c.id)
                .where(table.c.batch_id == batch_id, table.c.id > last)
                .order_by(table.c.id)
                .limit(_STEP)
            ).scalars()
        )
        if not ids:
            return
        last = ids[-1]
        kept = _edited(tx, entity, batch_id, ids) | _needed(tx, entity, ids)
        records: list[Any] = tx.load(entity.cls, table.c.id.in_(ids))
        for record in records:
            if record.id not in kept:
                tx.remove(record)
                done.removed += not entity.parents
            elif not entity.parents:
                name = getattr(record, "name", "") or getattr(record, "subject", "")
                done.kept.append(
                    _("{entity} {id} {name}: in use, kept").format(entity=entity.name, id=record.id, name=name)
                )
        if entity.name in {"contact", "customer"}:
            gone = set(ids) - kept
            tx.connection.execute(duplicate.delete().where(duplicate.c.a.in_(gone) | duplicate.c.b.in_(gone)))
        tx.release()


def _edited(tx: Transaction, entity: EntityType, batch_id: int, ids: Collection[int]) -> set[int]:
    """Return the records changed by anybody but the import itself: their version says so."""
    own = (
        select(import_change.c.record_id, func.count().label("n"))
        .where(import_change.c.batch_id == batch_id, import_change.c.record_id.in_(ids))
        .group_by(import_change.c.record_id)
    )
    ours: dict[int, int] = defaultdict(int, {row.record_id: row.n for row in tx.connection.execute(own)})
    table = entity.table
    rows = tx.connection.execute(select(table.c.id, table.c.version).where(table.c.id.in_(ids)))
    # The import's own changes were made, and may just have been taken back: twice the versions at the most.
    return {row.id for row in rows if row.version > 1 + 2 * ours[row.id]}


def _needed(tx: Transaction, entity: EntityType, ids: Collection[int]) -> set[int]:
    """Return the records that something refers to which is not itself going away with the import."""
    found: set[int] = set()
    for table, column in _references(tx, entity):
        statement = select(table.c[column]).where(table.c[column].in_(ids)).distinct()
        found.update(tx.connection.execute(statement).scalars())
    return found


def _references(tx: Transaction, entity: EntityType) -> Iterable[tuple[Table, str]]:
    if entity.parents:
        return
    for reference in tx.dispatcher.declared("crm_references"):
        if reference.target == entity.name and reference.where is None:
            yield reference.table, reference.column
    if entity.name == "interaction":
        for other in tx.entities:
            if "interaction_id" in other.fields:
                yield other.table, "interaction_id"
