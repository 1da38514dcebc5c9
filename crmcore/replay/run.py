"""A replay as a whole: the sandbox, the telling, the asking, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Table, func, select, table

from crmcore.app import App
from crmcore.engine.mapping import Entities
from crmcore.engine.tables import journal
from crmcore.lifecycle import states
from crmcore.replay.asking import ask
from crmcore.replay.report import Effect, Example, Replay
from crmcore.replay.sandbox import sandbox
from crmcore.replay.telling import newest, tell, within

_NAMING = ("name", "title", "subject", "summary", "text", "value")
_CREATED = ".created"


def replay(app: App, name: str, since: datetime, until: datetime, *, limit: int = 3) -> Replay:
    """Tell an installed plugin, enabled or not, the journal entries of a period, in a sandbox; return what it did.

    `since` and `until` are aware; the end is not in the period. `limit` is how many examples of each thing are kept.
    The workspace is only read. Raises `NotFound` and `PluginError` for a plugin that cannot be enabled.
    """
    begun = perf_counter()
    with sandbox(app, [name]) as copy:
        copied = perf_counter()
        with copy.engine.connect() as connection:
            last = newest(connection)
            known = states.recorded(connection)[name]
            events = int(
                connection.execute(
                    select(func.count()).select_from(journal).where(within(since, until), journal.c.id <= last)
                ).scalar_one()
            )
            before = _counts(connection, known.tables)
        told = tell(copy, name, since, until, last, limit)
        asked = ask(copy, name, since, until, last, limit)
        with copy.engine.connect() as connection:
            effects = _effects(connection, copy.assembly.entities, last, limit)
            after = _counts(connection, known.tables)
        return Replay(
            plugin=name,
            version=known.version,
            since=since,
            until=until,
            events=events,
            told=told.told,
            followed=told.followed,
            gone=told.gone,
            effects=tuple(effects),
            rows={each: after[each] - before[each] for each in known.tables if after[each] != before[each]},
            failures=told.failures,
            failed=tuple(told.failed),
            acts=asked.acts,
            stopped=asked.stopped,
            warned=asked.warned,
            stops=tuple(asked.stops),
            copying=copied - begun,
            seconds=perf_counter() - copied,
        )


def _counts(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    return {each: int(connection.execute(select(func.count()).select_from(table(each))).scalar_one()) for each in names}


def _effects(connection: Connection, entities: Entities, last: int, limit: int) -> list[Effect]:
    """Return what the entries written in the sandbox tell of, by their type, with the first of each."""
    c = journal.c
    counts = connection.execute(
        select(c.type, func.count().label("times")).where(c.id > last).group_by(c.type).order_by(c.type)
    ).all()
    found = []
    for row in counts:
        first = connection.execute(
            select(c.at, c.cause, c.entity, c.subject_id, c.data)
            .where(c.id > last, c.type == row.type)
            .order_by(c.id)
            .limit(limit)
        ).all()
        names = _names(connection, entities, first[0].entity, [one.subject_id for one in first])
        examples = [
            Example(
                at=one.at,
                on=one.cause,
                entity=one.entity,
                id=one.subject_id,
                text=names.get(one.subject_id) or _said(one.data),
            )
            for one in first
        ]
        found.append(Effect(type=row.type, count=row.times, examples=tuple(examples)))
    return found


def _names(connection: Connection, entities: Entities, entity: str, ids: Sequence[int]) -> dict[int, str]:
    """Return what records are called in the sandbox, by id."""
    of: Table | None = next((each.table for each in entities if each.name == entity), None)
    column = None if of is None else next((of.c[name] for name in _NAMING if name in of.c), None)
    if of is None or column is None:
        return {}
    rows = connection.execute(select(of.c.id, column.label("name")).where(of.c.id.in_(ids)))
    return {row.id: str(row.name) for row in rows}


def _said(data: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in data.items())
