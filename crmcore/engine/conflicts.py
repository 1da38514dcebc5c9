"""Optimistic locking: edits of different fields are joined; edits of the same field are shown, never overwritten.

A mapping, such as the fields that a workspace defined itself, is compared and joined key by key.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, select

from crmcore.errors import Conflict, NotFound
from crmcore.i18n import _

_STAMPS = frozenset({"version", "updated_at"})


def lock(connection: Connection, table: Table, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the stored rows of `ids` by id, held against other writers until the transaction ends."""
    found: dict[int, dict[str, Any]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 900):
        for row in connection.execute(_by_ids(table), {"ids": wanted[start : start + 900]}).mappings():
            found[row["id"]] = dict(row)
    return found


@lru_cache(maxsize=1024)
def _by_ids(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True))).with_for_update()


def present(entity: str, record_id: int, stored: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Return the stored row of a record that is to change; raises `NotFound` when it was removed meanwhile."""
    if record_id not in stored:
        raise NotFound(_("{entity} {id} was removed meanwhile.").format(entity=entity, id=record_id))
    return stored[record_id]


def check(
    entity: str,
    record_id: int,
    read: Mapping[str, Any],
    stored: Mapping[str, Any],
    wanted: Mapping[str, Any],
    computed: Container[str] = (),
) -> None:
    """Raise `Conflict` when a field that is to change was changed by somebody else since it was read.

    Keys of mappings that are `computed` from others are nobody's edit.
    """
    if stored["version"] == read["version"]:
        return
    clashes = {
        name: (was, theirs, yours)
        for name, was, theirs, yours in _compared(read, stored, wanted, computed)
        if theirs not in (was, yours)
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


def _compared(
    read: Mapping[str, Any], stored: Mapping[str, Any], wanted: Mapping[str, Any], computed: Container[str]
) -> Iterator[tuple[str, Any, Any, Any]]:
    """Yield each field that is to change, or each key of a mapping: its name, as read, as stored, as wanted."""
    for name, yours in wanted.items():
        if name not in stored:
            continue
        was, theirs = read[name], stored[name]
        if not (isinstance(was, dict) and isinstance(theirs, dict) and isinstance(yours, dict)):
            yield name, was, theirs, yours
            continue
        for key in changed_keys(was, yours):
            if key not in computed:
                yield f"{name}.{key}", was.get(key), theirs.get(key), yours.get(key)


def changed_keys(was: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return the keys of a mapping that are to have another value, or none."""
    return [key for key in {**was, **wanted} if was.get(key) != wanted.get(key)]


def joined(was: Mapping[str, Any], stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping as it is stored, with what is wanted otherwise than it was read."""
    changed = {key: wanted.get(key) for key in changed_keys(was, wanted)}
    return {key: value for key, value in {**stored, **changed}.items() if changed.get(key, value) is not None}


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
