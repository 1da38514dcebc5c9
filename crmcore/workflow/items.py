"""Items of processes as lists and single views, with the ways open from where they are."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, Table, func, literal, null, select

from crmcore.definitions.conditions import Condition
from crmcore.engine.mapping import Entities
from crmcore.engine.reader import Reader
from crmcore.engine.tables import contact, customer, process_item, user_account
from crmcore.errors import NotFound
from crmcore.i18n import _
from crmcore.model.definitions import SHARED, Definitions, Process
from crmcore.workflow.rules import fields_of, hindrances
from crmcore.workflow.steps import ways
from crmcore.workflow.values import Asking, around


@frozen(kw_only=True)
class ItemView:
    """A record of a process as listed, with the names of whom it concerns."""

    id: int
    process: str
    title: str
    state: str
    customer_id: int | None
    customer: str
    contact_id: int | None
    contact: str
    owner_id: int | None
    owner: str
    interaction_id: int | None
    entered_at: datetime | None
    closed_at: datetime | None
    note: str
    custom: Mapping[str, Any]
    version: int
    created_at: datetime | None

    @property
    def about(self) -> str:
        """Whom it is about, as a list shows it."""
        return self.customer or self.contact


@frozen(kw_only=True)
class WayView:
    """A way from where a record is: the state it leads to, and why the reader cannot go it; nothing: it is open."""

    to: str
    open: bool
    why_not: list[str]


_COLUMNS = (
    "title", "customer_id", "contact_id", "owner_id", "interaction_id", "entered_at", "closed_at", "note", "custom",
    "created_at",
)  # fmt: skip
_TITLES = ("title", "name", "subject")


def items(
    process: str,
    definition: Process | None,
    tables: Mapping[str, Table],
    *,
    state: str = "",
    owner_id: int | None = None,
) -> Select[Any]:
    """Return the statement for the records of a process, in the order of their ids, of one state or owner only."""
    table = process_item if definition is None else tables[definition.entity]
    column = table.c[definition.field if definition else "state"]
    statement = viewed(table, column, process).order_by(table.c.id)
    if table is process_item:
        statement = statement.where(table.c.process == process)
    if state:
        statement = statement.where(column == state)
    if owner_id is not None:
        statement = statement.where(table.c.owner_id == owner_id if "owner_id" in table.c else literal(False))
    return statement


def viewed(table: Table, state: Any, process: str) -> Select[Any]:
    """Return the statement for records as views have them; a table of a plugin's shows what it has."""
    title = next((table.c[name] for name in _TITLES if name in table.c), literal(""))
    held: dict[str, Any] = {name: table.c[name] if name in table.c else null() for name in _COLUMNS}
    held["title"] = title
    return select(
        table.c.id,
        (table.c.process if table is process_item else literal(process)).label("process"),
        state.label("state"),
        *(column.label(name) for name, column in held.items()),
        table.c.version,
        *(_name(held[f"{kind}_id"], named, kind) for kind, named in _NAMED.items()),
    )


_NAMED = {"customer": customer.c.name, "contact": contact.c.name, "owner": user_account.c.login}


def _name(column: Any, named: Any, kind: str) -> Any:
    return select(named).where(named.table.c.id == column).scalar_subquery().label(kind)


def page(
    reader: Reader,
    definitions: Definitions,
    tables: Mapping[str, Table],
    process: str,
    *,
    state: str = "",
    owner_id: int | None = None,
    limit: int,
    after: int | None = None,
) -> list[ItemView]:
    """Return the records of a process by id, from the one that follows `after`: one statement.

    A process that is not defined now, such as one of a plugin that is disabled, still shows its items. Raises
    `NotFound` for a name that no process and no item has.
    """
    definition = definitions.process(process)
    statement = items(process, definition, tables, state=state, owner_id=owner_id).limit(limit)
    table = tables[definition.entity] if definition else process_item
    if after is not None:
        statement = statement.where(table.c.id > after)
    found = [view(row) for row in reader.rows(statement)]
    if not found and definition is None and not _ever(reader, process):
        raise NotFound(_("There is no process “{name}”.").format(name=process))
    return found


def _ever(reader: Reader, process: str) -> bool:
    return reader.first(select(literal(1)).where(process_item.c.process == process)) is not None


def view(row: Any) -> ItemView:
    """Return a row of `viewed` as a view."""
    return ItemView(
        id=row.id,
        process=row.process,
        title=row.title or "",
        state=row.state or "",
        customer_id=row.customer_id,
        customer=row.customer or "",
        contact_id=row.contact_id,
        contact=row.contact or "",
        owner_id=row.owner_id,
        owner=row.owner or "",
        interaction_id=row.interaction_id,
        entered_at=row.entered_at,
        closed_at=row.closed_at,
        note=row.note or "",
        custom=row.custom or {},
        version=row.version,
        created_at=row.created_at,
    )


@frozen(kw_only=True)
class Found:
    """A record of a process: as it is shown, its whole row as conditions see it, and its process if it has one now."""

    item: ItemView
    row: Mapping[str, Any]
    process: Process | None


def one(reader: Reader, definitions: Definitions, tables: Mapping[str, Table], item_id: int) -> Found:
    """Return the record of a process with that id; raises `NotFound` for one that is absent or hidden.

    One statement for each table that keeps records of processes, and one for the row.
    """
    kept = {each.entity: each for each in definitions.processes if each.entity in tables}
    for entity in dict.fromkeys([SHARED, *kept]):
        table, process = tables[entity], kept.get(entity)
        column = table.c[process.field] if process and entity != SHARED else table.c.state
        row = reader.first(viewed(table, column, process.name if process else "").where(table.c.id == item_id))
        if row is not None:
            item, whole = view(row), reader.first(select(table).where(table.c.id == item_id))
            fields = dict(whole._mapping) if whole is not None else {}
            return Found(item=item, row=fields, process=definitions.process(item.process))
    raise NotFound(_("There is no process item {id}.").format(id=item_id))


def onward(reader: Reader, entities: Entities, process: Process, row: Mapping[str, Any]) -> list[WayView]:
    """Return the ways from where a record is, its whole `row` given, and why those closed to the reader are so.

    Three statements at most and one for each fact, and none where no guard asks for more than the record itself.
    """
    out = ways(process, row[process.field])
    guards = [Condition(way.guard) for way in out if way.guard]
    surroundings = around(reader, entities, [Asking(entity=process.entity, row=row, conditions=guards)], reader.now)
    fields = fields_of(reader.definitions, process)
    return [
        WayView(to=way.target, open=not why, why_not=why)
        for way in out
        for why in [list(hindrances(reader, process.entity, way, row, fields, surroundings))]
    ]


def counts(reader: Reader, definitions: Definitions, tables: Mapping[str, Table]) -> dict[str, dict[str, int]]:
    """Return how many records stand in each state, by process: one statement for each table that keeps them."""
    found: dict[str, dict[str, int]] = {each.name: dict.fromkeys(_states(each), 0) for each in definitions.processes}
    t = process_item.c
    own = select(t.process, t.state, func.count().label("n"))
    for row in reader.rows(own.group_by(t.process, t.state)):
        found.setdefault(row.process, {})[row.state] = row.n
    for each in definitions.processes:
        if each.entity != SHARED and each.entity in tables:
            table = tables[each.entity]
            column = table.c[each.field]
            counted = select(column.label("state"), func.count().label("n"))
            found[each.name] |= {row.state: row.n for row in reader.rows(counted.group_by(column))}
    return found


def _states(process: Process) -> Iterable[str]:
    return (state.name for state in process.states)
