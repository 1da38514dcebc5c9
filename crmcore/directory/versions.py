"""Editing what was read at a version: only fields that changed since can conflict.

Every edit of a record raises its version by one and leaves one `changed` entry in the journal, so the journal tells
which fields changed since a version, and what they were.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row as Found
from sqlalchemy import select

from crmcore.engine import conflicts
from crmcore.engine.journal import plain
from crmcore.engine.tables import journal
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput
from crmcore.i18n import _

E = TypeVar("E")
Entries = Sequence[Found[Any]]

_FARTHEST = 1000
_OWN = "custom."  # before the name of a field that the workspace defined, in the journal


def take(tx: Transaction, cls: type[E], record_id: int) -> E:
    """Return a record to edit, held against other writers until the transaction ends.

    What is decided from its values stays true until the commit. Raises `NotFound`.
    """
    tx.begin()
    conflicts.lock(tx.connection, tx.entities.of(cls).table, [record_id])
    return tx.get(cls, record_id)


def assign(tx: Transaction, record: Any, wanted: Mapping[str, Any], version: int | None = None) -> Entries:
    """Set fields of a record that was read at `version` (None: just now); return the journal since that version.

    Raises `Conflict` that names the fields somebody else changed since, with all three values.
    """
    entity = tx.entities.of(type(record))
    entries: Entries = () if version is None else since(tx, entity.name, record, version)
    check(entity.name, record.id, entity.row(record), entries, wanted)
    for name, value in wanted.items():
        setattr(record, name, value)
    return entries


def since(tx: Transaction, entity: str, record: Any, version: int) -> Entries:
    """Return the journal entries of a record, parts included, after the one that made `version`, newest first.

    Raises `InvalidInput` for a version that is still to come, or too long ago to compare.
    """
    if version == record.version:
        return ()
    if version > record.version or version < 1:
        raise InvalidInput(
            _("{entity} {id} has no version {version}; the newest is {newest}.").format(
                entity=entity, id=record.id, version=version, newest=record.version
            )
        )
    statement = select(journal).where(journal.c.subject_id == record.id).order_by(journal.c.id.desc())
    newer: list[Found[Any]] = []
    edits = record.version - version
    for entry in tx.rows(statement.limit(_FARTHEST)):
        if entry.type == f"{entity}.created" or (entry.type == f"{entity}.changed" and edits == 0):
            while newer and newer[-1].at == entry.at and newer[-1].type != f"{entity}.changed":
                newer.pop()  # written in the same transaction, beside the version: no newer than it
            return newer
        edits -= entry.type == f"{entity}.changed"
        newer.append(entry)
    if edits == 0 and len(newer) < _FARTHEST:
        return newer
    raise InvalidInput(
        _("Version {version} of {entity} {id} is too long ago to compare; read it again (it is at {newest}).").format(
            version=version, entity=entity, id=record.id, newest=record.version
        )
    )


def check(entity: str, record_id: int, stored: Mapping[str, Any], entries: Entries, wanted: Mapping[str, Any]) -> None:
    """Raise `Conflict` where a wanted field was changed in `entries` and is now neither as it was nor as wanted.

    `entity` may be a part of the record the entries are about.
    """
    was: dict[str, Any] = {}
    for entry in entries:  # newest first: the oldest change, which knows what was read, is written last
        if entry.type == f"{entity}.changed" and entry.data.get("id", record_id) == record_id:
            was.update((name, change[0]) for name, change in entry.data.items() if name != "id")
    now = {name: plain(value) for name, value in stored.items()}
    if own := {name.removeprefix(_OWN): value for name, value in was.items() if name.startswith(_OWN)}:
        was["custom"] = {**now["custom"], **own}
    conflicts.check(
        entity,
        record_id,
        {**now, **was, "version": now["version"] - 1},
        now,
        {name: plain(value) for name, value in wanted.items()},
    )


def touch(tx: Transaction, record: Any) -> None:
    """Let a change of a record's parts count as a new version of the record."""
    record.updated_at = tx.now
