"""What automations can do without any plugin; declared through the same hook as a plugin's actions."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmcore.engine.tables import user_account
from crmcore.engine.transaction import Transaction
from crmcore.engine.workspace import settings
from crmcore.errors import InvalidInput, NotFound
from crmcore.hooks.background import Action
from crmcore.hooks.kinds import impl
from crmcore.i18n import _
from crmcore.model.change import Event
from crmcore.model.interaction import Interaction, Task
from crmcore.workflow import moving

_PARENTS = ("contact", "customer", "interaction")


@impl
def crm_actions() -> Iterable[Action]:
    """Declare the core's actions."""
    yield Action(
        name="create_task",
        title="Create a task about the record",
        arguments={
            "subject": "what is to be done",
            "due": "in how many days, or a date",
            "owner": "a login; “owner”: the record's; “actor”: who caused the event; default: the record's",
            "note": "a remark",
        },
        run=create_task,
    )
    yield Action(
        name="set_field",
        title="Give a field of the record a value",
        arguments={
            "field": "the record's own or custom field",
            "value": "its value; nothing: the value is taken away",
            "of": "“customer” or “contact”: that which the record is about",
        },
        run=set_field,
    )
    yield Action(
        name="move",
        title="Move the record on in its process",
        arguments={"to": "the state", "set": "a table of fields and their values"},
        run=move,
    )
    yield Action(
        name="start_process",
        title="Begin an item of a process about the record",
        arguments={
            "process": "its name",
            "title": "what it is called",
            "owner": "as in create_task",
            "set": "a table of fields and their values",
        },
        run=start_process,
    )
    yield Action(
        name="log_interaction",
        title="Note something in the timeline",
        arguments={"text": "what is noted", "channel": "default: note", "subject": "its heading"},
        run=log_interaction,
    )


def create_task(tx: Transaction, event: Event, arguments: Mapping[str, Any]) -> Task:
    """Create a task about whom the event's record is about."""
    record = subject(tx, event)
    customer_id, contact_id, interaction_id = _about(tx, record)
    return tx.add(
        Task(
            subject=str(arguments.get("subject") or ""),
            due=_due(tx, arguments.get("due")),
            owner_id=_owner(tx, event, record, arguments.get("owner")),
            customer_id=customer_id,
            contact_id=contact_id,
            interaction_id=interaction_id,
            note=str(arguments.get("note") or ""),
            source=tx.cause,
        )
    )


def set_field(tx: Transaction, event: Event, arguments: Mapping[str, Any]) -> Any:
    """Give a field of the record, or of whom it is about, a value."""
    record = subject(tx, event)
    of = arguments.get("of")
    if of:
        party = getattr(record, f"{of}_id", None) if of in ("customer", "contact") else None
        if party is None:
            raise InvalidInput(_("The record has no {kind} whose field could be set.").format(kind=of))
        record = tx.get(tx.entities.named(str(of)).cls, party)
    name, value = str(arguments.get("field") or ""), arguments.get("value")
    entity = tx.entities.of(type(record)).name
    defined = tx.definitions.fields_of(entity, str(getattr(record, "process", "")))
    if name.removeprefix("custom.") in {one.name for one in defined}:
        record.custom = {**record.custom, name.removeprefix("custom."): value}
    elif name in tx.entities.named(entity).fields and name not in ("id", "version"):
        setattr(record, name, "" if value is None and isinstance(getattr(record, name), str) else value)
    else:
        raise InvalidInput(_("There is no field “{name}”.").format(name=name))
    return record


def move(tx: Transaction, event: Event, arguments: Mapping[str, Any]) -> Any:
    """Move the record on in its process."""
    record = subject(tx, event)
    moving.move(tx, record, str(arguments.get("to") or ""), arguments.get("set") or {})
    return record


def start_process(tx: Transaction, event: Event, arguments: Mapping[str, Any]) -> Any:
    """Begin an item about whom the event's record is about."""
    record = subject(tx, event)
    customer_id, contact_id, interaction_id = _about(tx, record)
    return moving.start(
        tx,
        str(arguments.get("process") or ""),
        title=str(arguments.get("title") or ""),
        customer_id=customer_id,
        contact_id=contact_id,
        interaction_id=interaction_id,
        owner_id=_owner(tx, event, record, arguments.get("owner")),
        values=arguments.get("set") or {},
    )


def log_interaction(tx: Transaction, event: Event, arguments: Mapping[str, Any]) -> Interaction:
    """Note something in the timeline of whom the record is about."""
    record = subject(tx, event)
    customer_id, contact_id, _interaction_id = _about(tx, record)
    return tx.add(
        Interaction(
            channel=str(arguments.get("channel") or "note"),
            at=tx.now,
            subject=str(arguments.get("subject") or ""),
            body=str(arguments.get("text") or ""),
            customer_id=customer_id,
            contact_id=contact_id,
            source=tx.cause,
        )
    )


def subject(tx: Transaction, event: Event) -> Any:
    """Return the record an event is about, of which what happened may be a part; raises `NotFound`."""
    known = {each.name: each for each in tx.entities}
    entity = known.get(event.entity)
    if entity is None:
        raise NotFound(_("{type} is about no record that an action could change.").format(type=event.type))
    names = [entity.name]
    if entity.parents:
        named = [parent.removesuffix("_id") for parent in entity.parents]
        names = [one for one in named if one in known] or list(_PARENTS)
    for one in names:
        found: list[Any] = tx.load(known[one].cls, known[one].table.c.id == event.subject_id)
        if found:
            return found[0]
    raise NotFound(_("There is no {entity} {id}.").format(entity=names[0], id=event.subject_id))


def _about(tx: Transaction, record: Any) -> tuple[int | None, int | None, int | None]:
    """Return the customer, contact and interaction that something about a record is about."""
    entity = tx.entities.of(type(record)).name
    ids = {kind: getattr(record, f"{kind}_id", None) for kind in _PARENTS}
    if entity in ids:
        ids[entity] = record.id
    return ids["customer"], ids["contact"], ids["interaction"]


def _owner(tx: Transaction, event: Event, record: Any, said: Any) -> int | None:
    if said in (None, "", "owner"):
        owner = getattr(record, "owner_id", None) or getattr(record, "user_id", None)
        return int(owner) if owner else None
    login = event.actor if said == "actor" else str(said)
    c = user_account.c
    found = tx.connection.execute(select(c.id).where(c.login == login, c.active.is_(True))).scalar()
    if found is None and said != "actor":
        raise NotFound(_("There is no user “{login}”.").format(login=login))
    return found


def _due(tx: Transaction, said: Any) -> date | None:
    if said in (None, ""):
        return None
    if isinstance(said, date):
        return said
    zone = ZoneInfo(str(settings(tx.connection).get("zone") or "UTC"))
    try:
        return tx.now.astimezone(zone).date() + timedelta(days=int(said))
    except (ValueError, TypeError):
        return date.fromisoformat(str(said))
