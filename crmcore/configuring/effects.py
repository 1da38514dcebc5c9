"""What a change of definitions means for the records there are: counted, with the first of them, before it is done."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from attrs import frozen
from sqlalchemy import ColumnElement, Select, Table, func, select

from crmcore.calendars.named import SETTING
from crmcore.engine.tables import user_account
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import InvalidInput
from crmcore.fields.columns import words
from crmcore.fields.values import read
from crmcore.i18n import _, _n
from crmcore.model.definitions import SHARED, Definitions, Field, Process
from crmcore.model.user import ROLES

_FIRST = 5
_AT_ONCE = 1000


@frozen(kw_only=True)
class Effect:
    """What a change does to records: a sentence, how many it concerns and the first of them.

    `refused` says that the change cannot be applied while there are such records.
    """

    subject: str
    text: str
    count: int
    ids: tuple[int, ...]
    refused: bool = False


def effects(tx: Transaction, before: Definitions, after: Definitions) -> Iterator[Effect]:
    """Yield what the change from one set of definitions to the other means for the records."""
    yield from _fields(tx, before, after)
    yield from _processes(tx, before, after)
    yield from _roles(tx, before, after)
    yield from _calendars(tx, before, after)


def _by_name(fields: Iterable[Field]) -> dict[tuple[str, str], Field]:
    return {(one.entity, one.name): one for one in fields}


def _fields(tx: Transaction, before: Definitions, after: Definitions) -> Iterator[Effect]:
    was, now = _by_name(before.fields), _by_name(after.fields)
    for key in was.keys() - now.keys():
        table = tx.entities.named(key[0]).table
        count, ids = _count(tx, table, _has(table, key[1]))
        if count:
            text = _n(
                "{n} record keeps its value out of sight; it comes back with the field",
                "{n} records keep their values out of sight; they come back with the field",
                count,
            )
            yield Effect(subject=f"field.{'.'.join(key)}", text=text.format(n=count), count=count, ids=ids)
    for key, field in now.items():
        if field == was.get(key):
            continue
        yield from _field(tx, field, was.get(key), after)


def _field(tx: Transaction, field: Field, was: Field | None, after: Definitions) -> Iterator[Effect]:
    subject = f"field.{field.entity}.{field.name}"
    table = tx.entities.named(field.entity).table
    if field.compute:
        if was is None or was.compute != field.compute:
            count, ids = _count(tx, table)
            if count:
                text = _n("{n} record is computed", "{n} records are computed", count)
                yield Effect(subject=subject, text=text.format(n=count), count=count, ids=ids)
        return
    if field.required and (was is None or not was.required):
        count, ids = _count(tx, table, ~_has(table, field.name))
        if count:
            text = _n(
                "{n} record has no value; it is asked for when the field is next edited, and of every new record",
                "{n} records have no value; it is asked for when the field is next edited, and of every new record",
                count,
            )
            yield Effect(subject=subject, text=text.format(n=count), count=count, ids=ids)
    yield from _values(tx, table, field, was, after)
    if field.unique and (was is None or not was.unique):
        yield from _doubles(tx, table, field)


_CONSTRAINTS = ("type", "choices", "minimum", "maximum", "pattern", "currency")


def _values(tx: Transaction, table: Table, field: Field, was: Field | None, after: Definitions) -> Iterator[Effect]:
    """Yield what becomes of values that are there already, hidden ones too, when their type or limits change."""
    if was is not None and all(getattr(was, one) == getattr(field, one) for one in _CONSTRAINTS):
        return
    free = attrs.evolve(field, minimum=None, maximum=None, pattern="")
    lost: list[int] = []
    against: list[int] = []
    for record_id, value in _held(tx, table, field.name):
        try:
            read(free, value, after)
        except InvalidInput:
            (against if field.type == "choice" and isinstance(value, str) else lost).append(record_id)
            continue
        try:
            read(field, value, after)
        except InvalidInput:
            against.append(record_id)
    subject = f"field.{field.entity}.{field.name}"
    if lost:
        text = _n(
            "{n} record has a value that is not of type {type}; change it first",
            "{n} records have values that are not of type {type}; change them first",
            len(lost),
        )
        yield Effect(
            subject=subject,
            text=text.format(n=len(lost), type=field.type),
            count=len(lost),
            ids=tuple(lost[:_FIRST]),
            refused=True,
        )
    if against:
        text = _n(
            "{n} record has a value that is no longer allowed; it stays until the field is next edited",
            "{n} records have values that are no longer allowed; they stay until the field is next edited",
            len(against),
        )
        yield Effect(subject=subject, text=text.format(n=len(against)), count=len(against), ids=tuple(against[:_FIRST]))


def _doubles(tx: Transaction, table: Table, field: Field) -> Iterator[Effect]:
    kept = words(table, field.name)
    twice = _unmerged(table, select(kept).where(_has(table, field.name))).group_by(kept).having(func.count() > 1)
    count, ids = _count(tx, table, kept.in_(twice))
    if count:
        text = _("{n} records share their value with another; they keep it, no others get it")
        yield Effect(subject=f"field.{field.entity}.{field.name}", text=text.format(n=count), count=count, ids=ids)


def _has(table: Table, name: str) -> ColumnElement[bool]:
    return words(table, name).is_not(None)


def _unmerged(table: Table, statement: Select[Any]) -> Select[Any]:
    return statement.where(table.c.merged_into_id.is_(None)) if "merged_into_id" in table.c else statement


def _count(tx: Transaction, table: Table, *conditions: ColumnElement[bool]) -> tuple[int, tuple[int, ...]]:
    count = tx.connection.execute(
        _unmerged(table, select(func.count()).select_from(table).where(*conditions))
    ).scalar_one()
    if not count:
        return 0, ()
    first = _unmerged(table, select(table.c.id).where(*conditions)).order_by(table.c.id).limit(_FIRST)
    return count, tuple(tx.connection.execute(first).scalars())


def _held(tx: Transaction, table: Table, name: str) -> Iterator[tuple[int, Any]]:
    """Yield the id and value of every record that has a value under a name; in batches."""
    last = 0
    statement = select(table.c.id, table.c.custom).where(_has(table, name)).order_by(table.c.id).limit(_AT_ONCE)
    while rows := tx.connection.execute(statement.where(table.c.id > last)).all():
        for row in rows:
            yield row.id, row.custom[name]
        last = rows[-1].id


def _processes(tx: Transaction, before: Definitions, after: Definitions) -> Iterator[Effect]:
    known, now_by_name = {one.name for one in tx.entities}, {one.name: one for one in _in_force(tx, after)}
    for was in _in_force(tx, before):
        now = now_by_name.get(was.name)
        kept = now is not None and (now.entity, now.field) == (was.entity, was.field)
        kinds = {one.name: one.kind for one in now.states} if now is not None and kept else {}
        if was.entity in known:
            yield from _left(tx, was, kinds)


def _in_force(tx: Transaction, definitions: Definitions) -> list[Process]:
    """Return the processes that hold with some definitions: theirs, and those of plugins that they do not replace."""
    named = {one.name for one in definitions.processes}
    brought = [one for one in tx.dispatcher.declared("crm_processes") if one.name not in named]
    return [*definitions.processes, *brought]


def _left(tx: Transaction, process: Process, kinds: Mapping[str, str]) -> Iterator[Effect]:
    """Yield a refusal for each state that goes, or becomes one of another kind, while records are in it."""
    table = tx.entities.named(process.entity).table
    column = table.c[process.field]
    conditions: Sequence[ColumnElement[bool]] = (table.c.process == process.name,) if process.entity == SHARED else ()
    for state in process.states:
        if kinds.get(state.name) == state.kind:
            continue
        count, ids = _count(tx, table, column == state.name, *conditions)
        if count:
            text = (
                _n(
                    "{n} record is in the state {state}, which becomes one of another kind; move it first",
                    "{n} records are in the state {state}, which becomes one of another kind; move them first",
                    count,
                )
                if state.name in kinds
                else _n(
                    "{n} record is in the state {state}; move it first",
                    "{n} records are in the state {state}; move them first",
                    count,
                )
            )
            yield Effect(
                subject=f"process.{process.name}",
                text=text.format(n=count, state=state.name),
                count=count,
                ids=ids,
                refused=True,
            )


def _roles(tx: Transaction, before: Definitions, after: Definitions) -> Iterator[Effect]:
    gone = {one.name for one in before.roles} - {one.name for one in after.roles} - set(ROLES)
    for name in sorted(gone):
        count, ids = _count(tx, user_account, user_account.c.role == name)
        if count:
            text = _n(
                "{n} user has the role; give another first", "{n} users have the role; give them another first", count
            )
            yield Effect(subject=f"role.{name}", text=text.format(n=count), count=count, ids=ids, refused=True)


def _calendars(tx: Transaction, before: Definitions, after: Definitions) -> Iterator[Effect]:
    """Yield a refusal for each calendar that goes while a setting names it, alone or among other things."""
    for name in sorted({one.name for one in before.calendars} - {one.name for one in after.calendars}):
        for setting, value in sorted(settings(tx.connection).items()):
            named = value.get(SETTING) if isinstance(value, Mapping) else value if setting == SETTING else None
            if named == name:
                text = _("the setting {setting} names it; set another calendar first").format(setting=setting)
                yield Effect(subject=f"calendar.{name}", text=text, count=1, ids=(), refused=True)
