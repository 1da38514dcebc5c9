"""Beginning a record of a process, and moving one on; the rules are checked when the transaction is written."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, union_all
from sqlalchemy.sql.expression import literal

from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput, NotFound
from crmcore.i18n import _
from crmcore.model.definitions import SHARED, Definitions, Process
from crmcore.model.party import Contact, Customer
from crmcore.model.process_item import ProcessItem
from crmcore.workflow.rules import fields_of
from crmcore.workflow.steps import bound


def named(definitions: Definitions, name: str) -> Process:
    """Return the process of that name; raises `NotFound` with the names there are."""
    found = definitions.process(name)
    if found is None:
        known = ", ".join(sorted(one.name for one in definitions.processes)) or _("none")
        raise NotFound(_("There is no process “{name}”; there are: {known}.").format(name=name, known=known))
    return found


def start(
    tx: Transaction,
    process: str,
    *,
    title: str = "",
    customer_id: int | None = None,
    contact_id: int | None = None,
    owner_id: int | None = None,
    interaction_id: int | None = None,
    entered_at: datetime | None = None,
    note: str = "",
    values: Mapping[str, Any] | None = None,
    filled: Iterable[str] = (),
) -> ProcessItem:
    """Begin an item of a process, in its first state, the actor's own unless `owner_id` says whose.

    `values` are those of the fields that the process or the workspace defines. `filled` names what was not typed by
    the actor but taken from elsewhere. Without a title it is called after the process and the customer or contact.
    Raises `NotFound` for a process, customer or contact that is absent or hidden, and `InvalidInput` for a process
    that keeps its records in a table of its own.
    """
    definition = named(tx.definitions, process)
    if bound(tx.definitions, process) is None:
        raise InvalidInput(
            _("The records of process {name} are {entity}; its plugin makes them.").format(
                name=process, entity=definition.entity
            )
        )
    party = _party(tx, customer_id, contact_id)
    derived = set(filled)
    if not title.strip():
        title = " – ".join(part for part in (definition.title or definition.name, party) if part)
        derived.add("title")
    if owner_id is None:
        owner_id = tx.actor.user_id or None
        derived.add("owner_id")
    item = tx.add(
        ProcessItem(
            process=process,
            title=title.strip(),
            customer_id=customer_id,
            contact_id=contact_id,
            owner_id=owner_id,
            interaction_id=interaction_id,
            entered_at=entered_at,
            note=note,
        )
    )
    assign(tx, definition, item, values or {}, derived)
    return item


def _party(tx: Transaction, customer_id: int | None, contact_id: int | None) -> str:
    """Return the name of whom an item is about; raises `NotFound` for one the actor may not see."""
    names = []
    if customer_id is not None:
        names.append(tx.get(Customer, customer_id).name)
    if contact_id is not None:
        names.append(tx.get(Contact, contact_id).name)
    return names[0] if names else ""


def move(
    tx: Transaction, record: Any, state: str, values: Mapping[str, Any] | None = None, *, filled: Iterable[str] = ()
) -> None:
    """Move a record of a process into a state, and give fields their values on the way.

    `record` is an item, or a record of a plugin's entity that a process is defined for. Whether it may go there is
    checked when the transaction is written. Raises `NotFound` for a record no process is defined for.
    """
    process = process_of(tx.definitions, tx.entities.of(type(record)).name, record)
    assign(tx, process, record, values or {}, filled)
    setattr(record, process.field, state)


def process_of(definitions: Definitions, entity: str, record: Any) -> Process:
    """Return the process a record goes through; raises `NotFound` when none is defined for it now."""
    if entity == SHARED:
        found = bound(definitions, record.process)
        name = record.process
    else:
        found = next((one for one in definitions.processes if one.entity == entity), None)
        name = entity
    if found is None:
        raise NotFound(_("There is no process “{name}” now, so nothing moves in it.").format(name=name))
    return found


def assign(
    tx: Transaction, process: Process, record: Any, values: Mapping[str, Any], filled: Iterable[str] = ()
) -> None:
    """Give a record's own and custom fields their values; raises `InvalidInput` for a field it has not."""
    entity = tx.entities.of(type(record))
    own = set(entity.fields) - {"id", "version", "custom", process.field, "process", "created_at", "updated_at"}
    defined = {one.name for one in fields_of(tx.definitions, process)}
    for name, value in values.items():
        if name in defined:
            record.custom = {**record.custom, name: value}
        elif name in own:
            setattr(record, name, value)
        else:
            raise InvalidInput(
                _("{process} has no field “{name}”; it has: {known}.").format(
                    process=process.name, name=name, known=", ".join([*sorted(defined), *sorted(own)])
                )
            )
    tx.filled[entity.name, record.id].update(filled)


def taken(tx: Transaction, record_id: int) -> Any:
    """Return the record of any process with that id, to be moved; raises `NotFound`. Two statements."""
    entities = [SHARED, *(one.entity for one in tx.definitions.processes if one.entity != SHARED)]
    tables = [tx.entities.named(name).table for name in dict.fromkeys(entities)]
    statement = union_all(
        *(select(literal(each.name).label("entity")).where(each.c.id == record_id) for each in tables)
    )
    found = tx.connection.execute(statement).scalar()
    if found is None:
        raise NotFound(_("There is no process item {id}.").format(id=record_id))
    return tx.get(tx.entities.named(found).cls, record_id)
