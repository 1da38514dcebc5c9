"""Removing records: nothing goes unseen. What goes with a record is journalled, and what points at it is counted."""

from typing import Any

from sqlalchemy import Table, literal, or_, select, union_all

from crmcore.directory.finding import user_named
from crmcore.directory.users import keep_an_admin
from crmcore.directory.versions import take
from crmcore.engine import tables as t
from crmcore.engine.owners import owners
from crmcore.engine.transaction import Transaction
from crmcore.errors import InvalidInput, Refused
from crmcore.i18n import _
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, ExternalId, Position
from crmcore.model.permission import Consent, Preference
from crmcore.model.user import User

_KEY = {Contact: "contact_id", Customer: "customer_id"}
_TABLE: dict[type, Table] = {Contact: t.contact, Customer: t.customer}
_LINKED = (t.interaction, t.participant, t.task)


def remove_party(tx: Transaction, cls: type[Contact] | type[Customer], record_id: int, *, certain: bool) -> None:
    """Remove a contact or customer with all its parts; what they held stays in the journal.

    Interactions and tasks stay, but no longer name it: unless `certain`, that is `Refused`, with the counts. Raises
    `InvalidInput` while other records are merged into it.
    """
    record = take(tx, cls, record_id)
    table, key = _TABLE[cls], _KEY[cls]
    if tx.connection.execute(select(table.c.id).where(table.c.merged_into_id == record_id).limit(1)).first():
        raise InvalidInput(_("Others are merged into {name}; unmerge them first.").format(name=record.name))
    linked = _linked(tx, key, record_id)
    if any(linked.values()) and not certain:
        told = ", ".join(f"{name} {len(ids)}" for name, ids in linked.items() if ids)
        raise Refused([_("{name} is named in: {told}. Say --yes to remove it all the same.").format(
            name=record.name, told=told
        )])  # fmt: skip
    for part in _parts(tx, cls, record_id):
        tx.remove(part)
    tx.remove(record)
    if any(linked.values()):
        tx.record(f"{table.name}.unlinked", table.name, record_id, {name: ids for name, ids in linked.items() if ids})


def _linked(tx: Transaction, key: str, record_id: int) -> dict[str, list[int]]:
    """Return the ids of what names the record, whether the actor may see it or not: it will name it no longer."""
    ids: dict[str, list[int]] = {table.name: [] for table in _LINKED}
    parts = [
        select(literal(table.name).label("what"), table.c.id).where(table.c[key] == record_id) for table in _LINKED
    ]
    for row in tx.connection.execute(union_all(*parts)):
        ids[row.what].append(row.id)
    return ids


def _parts(tx: Transaction, cls: type, record_id: int) -> list[Any]:
    parts: list[Any] = []
    name, key = _TABLE[cls].name, _KEY[cls]
    kinds: tuple[tuple[type, Table], ...] = (
        (Position, t.position),
        (ContactPoint, t.contact_point),
        (Consent, t.consent),
        (Preference, t.preference),
    )
    if cls is Customer:
        kinds = ((CustomerRole, t.customer_role), *kinds)
    for part, table in kinds:
        parts += tx.load(part, table.c[key] == record_id)
    elsewhere = t.external_id.c
    return parts + tx.load(ExternalId, elsewhere.kind == name, elsewhere.record_id == record_id)


def remove_interaction(tx: Transaction, interaction_id: int) -> None:
    """Remove an interaction with its participants; tasks that came of it stay."""
    record = take(tx, Interaction, interaction_id)
    for part in tx.load(Participant, t.participant.c.interaction_id == interaction_id):
        tx.remove(part)
    tx.remove(record)


def remove_task(tx: Transaction, task_id: int) -> None:
    """Remove a task."""
    tx.remove(take(tx, Task, task_id))


def remove_user(tx: Transaction, login: str) -> None:
    """Remove a user who has done nothing yet.

    Raises `Refused` for one who owns or did something, and `InvalidInput` for the last administrator.
    """
    record = take(tx, User, user_named(tx, login).id)
    if record.role == "admin":
        keep_an_admin(tx, record)
    traces = [
        select(t.journal.c.id).where(t.journal.c.actor == login),
        select(t.interaction.c.id).where(t.interaction.c.user_id == record.id),
        select(t.participant.c.id).where(t.participant.c.user_id == record.id),
        *(
            select(one.table.c.id).where(or_(*(one.table.c[name] == record.id for name in owners(one.table))))
            for one in tx.entities.owned
        ),
    ]
    if any(tx.connection.execute(trace.limit(1)).first() for trace in traces):
        raise Refused([_("{login} has worked here; use `crm user deactivate {login}`.").format(login=login)])
    tx.remove(record)
