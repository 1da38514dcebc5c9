"""What conditions see of a record: its fields, its facts, and whom it is about, read set-wise."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from attrs import field, frozen
from sqlalchemy import Connection, Table, select

from crmcore.definitions.conditions import Condition, Unanswered
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer
from crmcore.engine.visibility import Visibility
from crmcore.engine.workspace import settings
from crmcore.errors import CrmError
from crmcore.fields.computing import values
from crmcore.i18n import _
from crmcore.model.definitions import Definitions, Field
from crmcore.model.entity import values as fields_of
from crmcore.model.user import Actor

PARTIES: Mapping[str, Table] = {"customer": customer, "contact": contact}
"""What a condition may ask of whom a record is about: `customer.name`, `contact.language`."""

_AT_ONCE = 500
MOMENTS = ("now", "today")
"""What a condition may ask of the time; today is the day in the workspace's zone."""


def _nothing_held(_entity: str, _record_id: int) -> None:
    """Return None: nothing is held where nothing is written."""


@frozen(kw_only=True)
class Asking:
    """A record that conditions ask about: its entity, its whole row with the id, and the conditions."""

    entity: str
    row: Mapping[str, Any]
    conditions: Sequence[Condition]


@frozen(kw_only=True)
class Surroundings:
    """What conditions see beside the record itself: the time, who asks, facts and parties by id."""

    moments: Mapping[str, Any] = field(factory=dict)
    parties: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(factory=dict)
    facts: Mapping[int, Mapping[str, Any]] = field(factory=dict)

    def of(self, row: Mapping[str, Any], fields: Iterable[Field] = ()) -> dict[str, Any]:
        """Return all that a condition about a record may ask: its own fields and `fields`, None where empty."""
        about = {kind: found.get(row.get(f"{kind}_id") or 0) for kind, found in self.parties.items()}
        return {**self.moments, **about, **self.facts.get(row["id"], {}), **values(fields, row)}


def around(
    reader: Reader,
    entities: Entities,
    asking: Sequence[Asking],
    now: datetime,
    held: Callable[[str, int], Any] = _nothing_held,
) -> Surroundings:
    """Return what conditions ask for beside the records: one statement for each kind, none for what none asks.

    `held` answers a record that a transaction has, by entity and id: it is taken as it is there.
    """
    connection, definitions = reader.connection, reader.definitions
    asked = {name for one in asking for condition in one.conditions for name in condition.names}
    rows = [one.row for one in asking]
    naming: dict[str, dict[str, list[int]]] = {}
    for one in asking:
        for name in {name for condition in one.conditions for name in condition.names}:
            naming.setdefault(one.entity, {}).setdefault(name, []).append(one.row["id"])
    return Surroundings(
        moments={**_actor(reader.actor), **(_moments(connection, now) if asked.intersection(MOMENTS) else {})},
        parties={kind: _parties(connection, definitions, kind, rows, held) for kind in PARTIES if kind in asked},
        facts=facts_of(reader, entities, naming),
    )


def facts_of(
    reader: Reader, entities: Entities, naming: Mapping[str, Mapping[str, Sequence[int]]]
) -> dict[int, dict[str, Any]]:
    """Return facts by the id of the record; `naming` has by entity and name the ids of those whose fact is asked.

    Names that are no facts of the entity are left out. Each fact is asked once; the place of one that fails is taken
    by an `Unanswered` that says whose it is and why.
    """
    found: dict[int, dict[str, Any]] = {}
    for entity, names in naming.items():
        known = entities.named(entity).facts
        for name in sorted(known.keys() & names.keys()):
            ids = tuple(dict.fromkeys(names[name]))
            try:
                answers: Mapping[int, Any] = known[name].of(reader, ids)
            except CrmError as error:
                answers = dict.fromkeys(ids, Unanswered(str(error).rstrip(".。")))
            for each in ids:
                found.setdefault(each, {})[name] = answers.get(each)
    return found


def _actor(actor: Actor) -> dict[str, Any]:
    return {"actor": {"login": actor.login, "role": actor.role, "team": actor.team}}


def _moments(connection: Connection, now: datetime) -> dict[str, Any]:
    zone = ZoneInfo(str(settings(connection).get("zone") or "UTC"))
    return {"now": now, "today": now.astimezone(zone).date()}


def _parties(
    connection: Connection,
    definitions: Definitions,
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    held: Callable[[str, int], Any],
) -> dict[int, dict[str, Any]]:
    ids = {row[f"{kind}_id"] for row in rows if row.get(f"{kind}_id")}
    records = {key: record for key in ids if (record := held(kind, key)) is not None}
    fields = definitions.fields_of(kind)
    found = {key: values(fields, fields_of(record)) for key, record in records.items()}
    return found | parties_of(connection, definitions, kind, ids - records.keys())


def parties_of(
    connection: Connection, definitions: Definitions, kind: str, ids: Collection[int]
) -> dict[int, dict[str, Any]]:
    """Return what a condition may ask of customers or contacts, by id; one statement for each 500, none for none."""
    table, fields, wanted = PARTIES[kind], definitions.fields_of(kind), sorted(ids)
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = connection.execute(select(table).where(table.c.id.in_(wanted[start : start + _AT_ONCE]))).mappings()
        found.update((row["id"], values(fields, dict(row))) for row in rows)
    return found


def said(condition: Condition, given: Mapping[str, Any], hidden: Container[str] = ()) -> str:
    """Return what a condition says and the values it was given: `“weight <= 5” does not hold (weight is 7)`.

    Values of `hidden` fields, given as a condition names them, are not told.
    """
    told = ", ".join(
        _("{name} is {value}").format(
            name=path, value=_("hidden from you") if path in hidden else shown(_at(given, path))
        )
        for path in sorted(condition.paths)
    )
    return _("“{condition}” does not hold ({values})").format(condition=condition.source, values=told or "–")


def hidden_paths(visibility: Visibility, entity: str) -> frozenset[str]:
    """Return the fields hidden from an actor, as conditions about a record of that entity name them."""
    own = visibility.hidden_in(entity)
    parties = {f"{kind}.{name}" for kind in PARTIES for name in visibility.hidden_in(kind)}
    return own | parties | {f"{whole}.{name}" for whole in ("record", "after", "before") for name in own}


def _at(given: Mapping[str, Any], path: str) -> Any:
    found: Any = given
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def shown(value: Any) -> str:
    """Return a value as a sentence has it."""
    match value:
        case None | "" | Unanswered():
            return _("empty")
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case list() | tuple():
            return ", ".join(shown(one) for one in value) or _("empty")
    return str(value)
