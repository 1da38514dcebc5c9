"""Optimistic locking: edits of different fields are joined; edits of the same field are shown, never overwritten."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from crmcore.errors import Conflict, NotFound
from crmcore.i18n import _

_STAMPS = frozenset({"version", "updated_at"})


def lock(connection: Connection, table: Table, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the stored rows of `ids` by id, held against other writers until the transaction ends."""
    found: dict[int, dict[str, Any]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 900):
        statement = select(table).where(table.c.id.in_(wanted[start : start + 900])).with_for_update()
        for row in connection.execute(statement).mappings():
            found[row["id"]] = dict(row)
    return found


def check(
    entity: str, record_id: int, read: Mapping[str, Any], stored: Mapping[str, Any] | None, wanted: Mapping[str, Any]
) -> None:
    """Raise `Conflict` when a field that is to change was changed by somebody else since it was read.

    Raises `NotFound` when the record was removed meanwhile.
    """
    if stored is None:
        raise NotFound(_("{entity} {id} was removed meanwhile.").format(entity=entity, id=record_id))
    if stored["version"] == read["version"]:
        return
    clashes = {
        name: (read[name], stored[name], value)
        for name, value in wanted.items()
        if name in stored and stored[name] not in (read[name], value)
    }
    if clashes:
        told = "; ".join(
            _("{field} is now “{theirs}”, you want “{yours}” (it was “{was}”)").format(
                field=name, theirs=theirs, yours=yours, was=was
            )
            for name, (was, theirs, yours) in clashes.items()
        )
        raise Conflict(
            _("{entity} {id} was changed by somebody else meanwhile: {what}.").format(
                entity=entity, id=record_id, what=told
            ),
            clashes,
        )


def check_removal(entity: str, record_id: int, read: Mapping[str, Any], stored: Mapping[str, Any] | None) -> None:
    """Raise `Conflict` when a record to be removed was changed since it was read, `NotFound` when it is gone."""
    if stored is None:
        raise NotFound(_("{entity} {id} was removed meanwhile.").format(entity=entity, id=record_id))
    changed = {
        name: (value, stored[name], None)
        for name, value in read.items()
        if stored[name] != value and name not in _STAMPS
    }
    raise Conflict(
        _("{entity} {id} is not removed: somebody else changed it meanwhile ({fields}).").format(
            entity=entity, id=record_id, fields=", ".join(changed)
        ),
        changed,
    )
