"""The journal: what happened, appended and never changed; audit trail and event stream in one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

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


def events(
    changes: Iterable[Change],
    entities: Entities,
    at: datetime,
    actor: str,
    cause: str,
    row_of: Callable[[str, int], Row | None],
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
            data = {
                name: [plain(change.before[name]), plain(value)]
                for name, value in change.after.items()
                if name not in _UNTOLD
            }
        else:
            data = told(change.before)
        if entity.parents and change.action != "created":
            data = {"id": change.id, **data}
        yield Event(
            at=at,
            actor=actor,
            cause=cause,
            type=f"{change.entity}.{change.action}",
            entity=change.entity,
            subject_id=parent or change.id,
            data=data,
        )


def append(connection: Connection, writer: Writer, entries: Iterable[Event], caused_by: Event | None = None) -> None:
    """Write entries to the journal; `caused_by` is the entry on whose delivery they are written, if it is one."""
    cause_id, depth = (None, 0) if caused_by is None else (caused_by.id, caused_by.depth + 1)
    rows = [
        {
            "at": entry.at,
            "actor": entry.actor,
            "cause": entry.cause,
            "type": entry.type,
            "entity": entry.entity,
            "subject_id": entry.subject_id,
            "data": entry.data,
            "cause_id": cause_id,
            "depth": depth,
        }
        for entry in entries
    ]
    writer.insert(connection, journal, rows)
