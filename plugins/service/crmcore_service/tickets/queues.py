"""Queues: adding, changing, and what waits in each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import Select, func, select

from crmcore.api import InvalidInput, NotFound, Refused, logins, tables
from crmcore_service.assets.parties import AnyReader, AnyTransaction, Named, named
from crmcore_service.i18n import _
from crmcore_service.levels.breaching import breached
from crmcore_service.model.queue import TicketQueue
from crmcore_service.tables import category, level, mailbox, queue, ticket
from crmcore_service.tickets.senders import sender_problem


@frozen(kw_only=True)
class QueueView:
    """A queue with what is in it: `open` are under way, of them `waiting` nobody's yet; `people` by their load.

    `oldest` is when the oldest of those that are nobody's was opened, `breached` how many of which a clock ran out.
    """

    id: int
    name: str
    code: str
    level: Named | None
    manager: str
    team: str
    skill: str
    address: str
    assign: str
    active: bool
    open: int
    waiting: int
    breached: int
    oldest: datetime | None
    people: Mapping[str, int]
    note: str
    version: int


_TOLD = ("id", "name", "code", "team", "skill", "address", "assign", "active", "note", "version")


def add(tx: AnyTransaction, fields: Mapping[str, Any]) -> TicketQueue:
    """Add a queue; raises `InvalidInput` for a name or code that another one has, and an address that is none."""
    made = TicketQueue(**fields)
    _must_be_free(tx, made.name, made.code)
    _must_be_sender(made.address)
    return tx.add(made)


def edit(tx: AnyTransaction, record: TicketQueue, fields: Mapping[str, Any]) -> None:
    """Give a queue other values; raises `InvalidInput` as `add` does."""
    _must_be_free(tx, fields.get("name", ""), fields.get("code", ""), record.id)
    _must_be_sender(fields.get("address", ""))
    for name, value in fields.items():
        setattr(record, name, value)


def _must_be_free(tx: AnyTransaction, name: str, code: str, but: int = 0) -> None:
    q = queue.c
    said = [text.strip().lower() for text in (name, code) if text.strip()]
    tx.flush()
    taken = tx.first(
        select(q.id, q.name).where(q.id != but, func.lower(q.name).in_(said) | func.lower(q.code).in_(said)).limit(1)
    )
    if said and taken is not None:
        raise InvalidInput(_("Queue {id} is called “{name}” already.").format(id=taken.id, name=taken.name))


def _must_be_sender(address: str) -> None:
    if address and (problem := sender_problem(address)):
        raise InvalidInput(problem)


def is_empty_team(reader: AnyReader, team: str) -> bool:
    """Return whether nobody who works here is in a team: one statement."""
    u = tables.user_account.c
    return reader.value(select(u.id).where(u.team == team, u.active.is_(True)).limit(1)) is None


def remove(tx: AnyTransaction, record: TicketQueue) -> None:
    """Remove a queue; raises `Refused` for one that has tickets, categories or mailboxes."""
    used = [
        name
        for name, table in ((_("tickets"), ticket), (_("categories"), category), (_("mailboxes"), mailbox))
        if tx.value(select(table.c.id).where(table.c.queue_id == record.id).limit(1)) is not None
    ]
    if used:
        raise Refused(
            [
                _(
                    "Queue “{name}” has {what}; make it inactive instead: crm service queue edit {id} --inactive."
                ).format(name=record.name, what=", ".join(used), id=record.id)
            ]
        )
    tx.remove(record)


def views(reader: AnyReader, wanted: Select[Any]) -> list[QueueView]:
    """Return the queues that a statement selects whole, in its order: four statements, however many tickets."""
    rows = reader.rows(wanted)
    ids = [row.id for row in rows]
    if not ids:
        return []
    levels = {
        row.id: row.name
        for row in reader.rows(select(level.c.id, level.c.name).where(level.c.id.in_({row.level_id for row in rows})))
    }
    loads = _loads(reader, ids)
    called = logins(reader, [*(row.manager_id for row in rows), *(key for one in loads.values() for key in one.people)])
    return [
        QueueView(
            **{name: getattr(row, name) for name in _TOLD},
            level=named(levels, row.level_id),
            manager=called.get(row.manager_id, ""),
            open=load.open,
            waiting=load.waiting,
            breached=load.breached,
            oldest=load.oldest,
            people=_by_load(load.people, called),
        )
        for row, load in ((row, loads.get(row.id, _Load())) for row in rows)
    ]


def view(reader: AnyReader, key: int) -> QueueView:
    """Return a queue; raises `NotFound` for one that is absent."""
    found = views(reader, select(queue).where(queue.c.id == key))
    if not found:
        raise NotFound(_("There is no queue {id}.").format(id=key))
    return found[0]


@frozen(kw_only=True)
class _Load:
    """What waits in a queue; `people` have the ids of users, with how many tickets each has."""

    open: int = 0
    waiting: int = 0
    breached: int = 0
    oldest: datetime | None = None
    people: Mapping[int, int] = field(factory=dict)


def _loads(reader: AnyReader, ids: Sequence[int]) -> dict[int, _Load]:
    """Return what waits in queues: one statement, which goes through what is under way once."""
    t = ticket.c
    unresolved = t.resolved_at.is_(None)
    wanted = (
        select(
            t.queue_id, t.owner_id, func.count().label("open"), func.count().filter(unresolved).label("unresolved"),
            func.count().filter(breached(reader.now)).label("breached"),
            func.min(t.opened_at).filter(unresolved).label("oldest"),
        )
        .where(t.queue_id.in_(ids), t.closed_at.is_(None))
        .group_by(t.queue_id, t.owner_id)
    )  # fmt: skip
    found: dict[int, _Load] = {}
    for row in reader.rows(wanted):
        held = found.get(row.queue_id, _Load())
        held = evolve(held, open=held.open + row.open, breached=held.breached + row.breached)
        if row.owner_id is None:
            held = evolve(held, waiting=row.unresolved, oldest=row.oldest)
        elif row.unresolved:
            held = evolve(held, people={**held.people, row.owner_id: row.unresolved})
        found[row.queue_id] = held
    return found


def _by_load(people: Mapping[int, int], called: Mapping[int, str]) -> dict[str, int]:
    """Return people by their login, who has the most first."""
    told = {called[key]: n for key, n in people.items() if key in called}
    return dict(sorted(told.items(), key=lambda each: (-each[1], each[0])))
