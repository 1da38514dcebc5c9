"""Records as they were when something happened: the present row, with the changes told since taken back.

The journal tells every change with what was there before, so the past is read from it exactly: a condition gives the
same answer when an event is delivered, when it is asked about later, and in a dry run over history. Custom fields are
told with their record; what was computed anew by a change of definitions is as it is now.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, Table, select

from crmcore.engine.mapping import Entities
from crmcore.engine.tables import journal
from crmcore.hooks.entities import EntityType, Row
from crmcore.model.change import Event

_AT_ONCE = 500
_RECORDS = ("contact", "customer", "interaction")
"""Whose parts are told under their id, where a part's own fields do not name the entity."""


@frozen(kw_only=True)
class Moment:
    """The record of an event just before and after it; None where it was not there. `entity` is what it is."""

    entity: str
    before: Row | None
    after: Row | None


NOTHING = Moment(entity="", before=None, after=None)
"""The moment of an event about something that is no record."""


def moments(
    connection: Connection, entities: Entities, events: Sequence[Event], pending: Iterable[Event] = ()
) -> dict[int, Moment]:
    """Return by the id of each event the record it is about, as it was then.

    `pending` are entries of this transaction that are not in the journal yet. Two statements for each 500 records and
    kind of record, however many events there are.
    """
    wanted: dict[int, dict[int, Event]] = defaultdict(dict)
    for event in events:
        wanted[event.subject_id][event.id] = event
    later: dict[int, list[Event]] = defaultdict(list)
    for event in pending:
        if event.subject_id in wanted:
            later[event.subject_id].append(event)
    found: dict[int, Moment] = {}
    ids = list(wanted)
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        about = _subjects(entities, (event for one in chunk for event in wanted[one].values()))
        rows = _rows(connection, entities, about)
        first = min(event_id for one in chunk for event_id in wanted[one])
        entries = _entries(connection, chunk, first)
        for one in chunk:
            entity, row = rows.get(one, (_likely(about, one), None))
            if entity is not None:
                history = [*reversed(later[one]), *entries[one]]
                found.update(_walk(entities.named(entity), row, history, wanted[one]))
    return found


def _subjects(entities: Entities, events: Iterable[Event]) -> dict[str, set[int]]:
    """Return the ids to look for, by the entity they may be of: a part is told under the id of its record."""
    known = {each.name: each for each in entities}
    about: dict[str, set[int]] = defaultdict(set)
    for event in events:
        entity = known.get(event.entity)
        if entity is None:
            continue
        names = [entity.name]
        if entity.parents:
            named = [parent.removesuffix("_id") for parent in entity.parents]
            names = [one for one in named if one in known] or list(_RECORDS)
        for one in names:
            about[one].add(event.subject_id)
    return about


def _likely(about: Mapping[str, set[int]], subject_id: int) -> str | None:
    """Return what a record was that is gone: the journal tells it in full."""
    return next((entity for entity, ids in about.items() if subject_id in ids), None)


def _rows(connection: Connection, entities: Entities, about: Mapping[str, set[int]]) -> dict[int, tuple[str, Row]]:
    found: dict[int, tuple[str, Row]] = {}
    for name, ids in about.items():
        entity = entities.named(name)
        columns = [entity.table.c[field] for field in entity.fields]
        for row in connection.execute(select(*columns).where(entity.table.c.id.in_(ids))).mappings():
            found[row["id"]] = (name, dict(row))
    return found


def _entries(connection: Connection, ids: Sequence[int], first: int) -> dict[int, list[Event]]:
    """Return what the journal tells of records from an entry on, the newest first."""
    c = journal.c
    statement = (
        select(c.id, c.at, c.actor, c.cause, c.type, c.entity, c.subject_id, c.data)
        .where(c.subject_id.in_(ids), c.id >= first)
        .order_by(c.subject_id, c.id.desc())
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for row in connection.execute(statement).mappings():
        found[row["subject_id"]].append(Event(**row))
    return found


def _walk(
    entity: EntityType, row: Row | None, history: Iterable[Event], wanted: Mapping[int, Event]
) -> Iterator[tuple[int, Moment]]:
    """Yield the moment of each wanted event, walking back from the record as it is."""
    for entry in history:
        after = row
        if entry.entity == entity.name:
            row = _taken_back(entity, row, entry)
        if entry.id in wanted:
            yield entry.id, Moment(entity=entity.name, before=row, after=after)


def _taken_back(entity: EntityType, row: Row | None, entry: Event) -> Row | None:
    """Return the record as it was before an entry of the journal."""
    match entry.type.rpartition(".")[2]:
        case "changed" if row is not None:
            told = {name: pair[0] for name, pair in entry.data.items() if name in entity.fields and name != "id"}
            return {**row, **_typed(entity.table, told)}
        case "removed":
            told = {name: value for name, value in entry.data.items() if name in entity.fields}
            return {**dict.fromkeys(entity.fields), **_typed(entity.table, told), "id": entry.subject_id}
        case "created":
            return None
    return row


def _typed(table: Table, told: Mapping[str, Any]) -> Row:
    return {name: _value(table, name, value) for name, value in told.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    """Return a value as the record has it, from the plain form in which the journal tells it."""
    if isinstance(value, str):
        kind = table.c[name].type.python_type
        if kind in (datetime, date):
            return kind.fromisoformat(value)
        if kind is Decimal:
            return Decimal(value)
    return value
