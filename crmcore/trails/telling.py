"""What records on a trail are called, how they stand and when they were made: one statement for each kind of record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Table, literal, null, select

from crmcore.engine.links import Place
from crmcore.engine.mapping import Entities
from crmcore.engine.portions import portions
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer
from crmcore.model.definitions import SHARED, Definitions
from crmcore.search.index import searched

_CALLED = ("name", "title", "subject", "process")
_STANDS = ("status", "state", "stage")
_WHEN = ("at", "started_at", "received_at", "created_at")


@frozen(kw_only=True)
class Told:
    """What a record is called, whom it is about, its state (as stored, and as people call it), and when it began."""

    title: str
    about: str
    state: str
    label: str
    at: datetime | None


def told(reader: Reader, entities: Entities, places: Iterable[Place]) -> dict[Place, Told]:
    """Return what is to be told of records; those that are gone, or hidden from the actor, are left out."""
    by_entity: dict[str, list[int]] = {}
    for name, record_id in places:
        by_entity.setdefault(name, []).append(record_id)
    known = entities.tables
    labels = _labels(reader.definitions)
    found: dict[Place, Told] = {}
    for name, ids in by_entity.items():
        if name not in known:
            continue  # of a plugin that is not here now
        for part in portions(ids):
            for row in reader.rows(_statement(known[name], reader.definitions).where(known[name].c.id.in_(part))):
                found[name, row.id] = Told(
                    title=row.title or "",
                    about=", ".join(each for each in (row.contact, row.customer) if each),
                    state=row.state or "",
                    label=labels.get((name, row.state), "") or row.state or "",
                    at=row.at,
                )
    return found


def _statement(table: Table, definitions: Definitions) -> Any:
    c = table.c
    field = next((one.field for one in definitions.processes if one.entity == table.name), "")
    columns: Mapping[str, tuple[str, ...]] = {
        "title": (*searched(table)[:1], *_CALLED), "state": (field, *_STANDS), "at": _WHEN
    }  # fmt: skip
    chosen: list[ColumnElement[Any]] = [_first(table, names).label(label) for label, names in columns.items()]
    for party in (contact, customer):
        key = f"{party.name}_id"
        name = select(party.c.name).where(party.c.id == c[key]).scalar_subquery() if key in c else null()
        chosen.append(name.label(party.name))
    return select(c.id, *chosen)


def _first(table: Table, names: tuple[str, ...]) -> ColumnElement[Any]:
    return next((table.c[name] for name in names if name in table.c), literal(None))


def _labels(definitions: Definitions) -> dict[tuple[str, str], str]:
    """Return what states are called, by entity and name."""
    return {
        (one.entity, state.name): state.label
        for one in definitions.processes
        if one.entity != SHARED
        for state in one.states
    }
