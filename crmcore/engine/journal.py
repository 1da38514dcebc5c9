"""The journal: what happened, appended and never changed; audit trail and event stream in one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Connection

from crmcore.engine import conflicts
from crmcore.engine.bulk import Writer
from crmcore.engine.mapping import Entities
from crmcore.engine.tables import journal
from crmcore.hooks.entities import Row
from crmcore.model.change import Change, Event

_UNTOLD = frozenset({"version", "updated_at", "created_at", "sort_key", "name_key", "search", "moment"})


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: dates and instants in ISO 8601, decimals as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields worth telling: those with a value, in plain form."""
    return {name: plain(value) for name, value in fields.items() if name not in _UNTOLD and value not in ("", None, {})}


@frozen(kw_only=True)
class Cause:
    """When and in whose name something happens, why, and on the delivery of which entry, if of one."""

    at: datetime
    actor: str
    cause: str
    caused_by: Event | None


def led_to(caused_by: Event | None) -> dict[str, Any]:
    """Return the link from an entry to the one on whose delivery it is written, if it is, as fields of the entry."""
    return {} if caused_by is None else {"cause_id": caused_by.id, "depth": caused_by.depth + 1}


def entry(cause: Cause, kind: str, entity: str, subject_id: int, data: Row) -> Event:
    """Return an entry of the journal."""
    return Event(
        at=cause.at,
        actor=cause.actor,
        cause=cause.cause,
        type=kind,
        entity=entity,
        subject_id=subject_id,
        data=data,
        **led_to(cause.caused_by),
    )


def events(
    changes: Iterable[Change], entities: Entities, cause: Cause, row_of: Callable[[str, int], Row | None]
) -> Iterator[Event]:
    """Turn a change set into journal entries.

    A record created is told by its existence alone: its values are in its row, and every later change keeps what was
    there before. A part created with its parent is told by the parent; a part that comes, changes or goes later is
    told under the parent's id (`row_of` has the whole row of a changed one). A removed record is told in full, so that
    nothing is lost.
    """
    changes = list(changes)
    created = {change.id for change in changes if change.action == "created"}
    for change in changes:
        entity = entities.named(change.entity)
        row = {**change.before, **change.after}
        if change.action == "changed" and entity.parents:
            row = {**(row_of(change.entity, change.id) or {}), **change.after}
        parent = entity.parent({**dict.fromkeys(entity.parents), **row})
        data: dict[str, Any]
        if change.action == "created":
            if parent in created:
                continue
            data = told(change.after) if entity.parents else {}
        elif change.action == "changed":
            data = {name: [plain(was), plain(now)] for name, was, now in _changed(change) if name not in _UNTOLD}
        else:
            data = told(change.before)
        if entity.parents and change.action != "created":
            data = {"id": change.id, **data}
        yield entry(cause, f"{change.entity}.{change.action}", change.entity, parent or change.id, data)


def _changed(change: Change) -> Iterator[tuple[str, Any, Any]]:
    """Yield what changed: name, before, after. Of the workspace's own fields each by itself, as `custom.NAME`."""
    for name, now in change.after.items():
        was = change.before[name]
        if name != "custom":
            yield name, was, now
            continue
        for key in conflicts.changed_keys(was, now):
            yield f"custom.{key}", was.get(key), now.get(key)


def append(connection: Connection, writer: Writer, entries: Iterable[Event]) -> None:
    """Write entries to the journal."""
    rows = [
        {
            "at": entry.at,
            "actor": entry.actor,
            "cause": entry.cause,
            "type": entry.type,
            "entity": entry.entity,
            "subject_id": entry.subject_id,
            "data": entry.data,
            "cause_id": entry.cause_id,
            "depth": entry.depth,
        }
        for entry in entries
    ]
    writer.insert(connection, journal, rows)
