"""What happened to a record and its parts: the journal, for who may see the record."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Column, ColumnElement, Row, Table, literal, or_, select, true, union_all

from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, interaction, journal
from crmcore.errors import NotFound
from crmcore.i18n import _

_SAID = frozenset({"subject", "body", "quoted", "location", "details"})
_FEW = 100
_PARTIES = {"contact_id": contact, "customer_id": customer}


@frozen(kw_only=True)
class FieldChange:
    """A field before and after; None where there was no value, and for what is hidden from the reader."""

    field: str
    before: Any
    after: Any


@frozen(kw_only=True)
class Entry:
    """An entry of the journal. `data` is what is told beside changed fields, such as what a new part held."""

    id: int
    at: datetime
    actor: str
    cause: str
    type: str
    entity: str
    subject_id: int
    changes: list[FieldChange]
    data: dict[str, Any]


def page(reader: Reader, entities: Entities, record_id: int, *, limit: int, after: int | None = None) -> list[Entry]:
    """Return the journal of a record and its parts, newest first, from the one that follows the entry `after`.

    Raises `NotFound` for a record that never was, or that the actor may not see. A record that was removed is told to
    its owner, and to everybody but reps and readers when it was not private. Three statements.
    """
    said = _subject(reader, entities, record_id)
    statement = select(journal).where(journal.c.subject_id == record_id).order_by(journal.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(journal.c.id < after)
    return [entry(row, hidden=not said) for row in reader.rows(statement)]


def entry(row: Row[Any], *, hidden: bool = False) -> Entry:
    """Return a row of the journal as an entry; `hidden` empties what was said in an interaction."""
    data: Mapping[str, Any] = row.data
    changed = row.type.endswith(".changed")
    if hidden and row.entity == "interaction":
        data = {name: ([None, None] if changed else None) if name in _SAID else value for name, value in data.items()}
    return Entry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        cause=row.cause,
        type=row.type,
        entity=row.entity,
        subject_id=row.subject_id,
        changes=[
            FieldChange(field=name, before=value[0], after=value[1])
            for name, value in data.items()
            if changed and name != "id"
        ],
        data={name: value for name, value in data.items() if not changed or name == "id"},
    )


def _subject(reader: Reader, entities: Entities, record_id: int) -> bool:
    """Return whether what was said may be read too; raises `NotFound` unless the actor may see the record."""
    kinds = [each for each in entities if not each.parents]
    found = reader.connection.execute(union_all(*(_seen(reader, each.table, record_id) for each in kinds))).first()
    if found is None:
        return _was_seen(reader, record_id)
    if not found.seen:
        raise NotFound(_("There is no record {id}.").format(id=record_id))
    return bool(found.said)


def _seen(reader: Reader, table: Table, record_id: int) -> Any:
    """Return a statement for the record of that id: may the actor see it, and what was said in it?"""
    me = reader.actor.user_id
    conditions = [reader.visibility.predicate(table), *_about_seen(reader, table)]
    seen: ColumnElement[bool] = true()
    for condition in conditions:
        if condition is not None:
            seen = seen & condition
    said: ColumnElement[bool] = true()
    if table is interaction and me != 0:
        said = or_(table.c.private.is_(False), table.c.user_id == me)
    shown = (literal(table.name).label("entity"), seen.label("seen"), said.label("said"))
    return select(*shown).where(table.c.id == record_id)


def _about_seen(reader: Reader, table: Table) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that the parties a record is about are not hidden from the actor."""
    for name, party in _PARTIES.items():
        condition = reader.visibility.predicate(party)
        if condition is not None and name in table.c:
            about: Column[Any] = table.c[name]
            visible = select(party.c.id).where(party.c.id == about, condition).exists()
            yield or_(about.is_(None), visible)


def _was_seen(reader: Reader, record_id: int) -> bool:
    """Return true for a record that is gone, or whose plugin is; raises `NotFound` unless the actor may look at it.

    What an absent plugin would show of it is not known: those who see everything may read it.
    """
    statement = select(journal).where(journal.c.subject_id == record_id).order_by(journal.c.id.desc())
    removals = reader.rows(statement.where(journal.c.type.endswith(".removed")).limit(_FEW))
    last = next((row for row in removals if row.data.get("id", record_id) == record_id), None)  # else a part's
    actor = reader.actor
    if last is not None:
        owner = last.data.get("owner_id", last.data.get("user_id"))
        own = owner == actor.user_id or actor.user_id == 0
        if own or (not last.data.get("private") and actor.role in {"admin", "manager", "service"}):
            return True
    elif actor.role in {"admin", "manager"} and reader.first(statement.where(journal.c.type.endswith(".created"))):
        return True
    raise NotFound(_("There is no record {id}.").format(id=record_id))
