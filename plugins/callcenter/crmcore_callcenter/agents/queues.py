"""Queues: adding, changing, who answers them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Select, select

from crmcore.api import InvalidInput, NotFound, Transaction, calendar_named, logins
from crmcore_callcenter.agents.finding import AnyReader, Ours
from crmcore_callcenter.agents.leading import must_lead
from crmcore_callcenter.agents.naming import assign, coded, must_be_free
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import CallQueue, QueueMember
from crmcore_callcenter.tables import agent, member, queue


@frozen(kw_only=True)
class MemberView:
    """An agent who answers a queue; who has a lower penalty is rung first."""

    id: int
    name: str
    penalty: int


@frozen(kw_only=True)
class QueueView:
    """A queue and who answers it."""

    id: int
    name: str
    code: str
    purpose: str
    calendar: str
    numbers: Sequence[str]
    answer_seconds: int
    callback_minutes: int
    manager: str
    active: bool
    members: Sequence[MemberView]
    version: int


_TOLD = (
    "id", "name", "code", "purpose", "calendar", "numbers", "answer_seconds", "callback_minutes", "active", "version",
)  # fmt: skip


def add(tx: Transaction, fields: Mapping[str, Any]) -> CallQueue:
    """Add a queue; raises `InvalidInput` for a name, code or number that another has, `NotFound` for no calendar.

    Raises `Denied` for who does not lead.
    """
    must_lead(tx)
    made = CallQueue(**coded(fields))
    _check(tx, fields={"name": made.name, "code": made.code, **fields})
    return tx.add(made)


def edit(tx: Transaction, record: CallQueue, fields: Mapping[str, Any]) -> None:
    """Give a queue other values; raises as `add` does, and `InvalidInput` for an unknown field."""
    must_lead(tx)
    _check(tx, fields, record.id)
    assign(record, fields)


def _check(tx: Transaction, fields: Mapping[str, Any], but: int = 0) -> None:
    tx.flush()
    must_be_free(tx, queue, fields, but)
    if fields.get("calendar"):
        calendar_named(tx, fields["calendar"])
    ours = Ours(tx) if fields.get("numbers") else None
    for number in fields.get("numbers") or ():
        if not any(character.isdigit() for character in number):
            raise InvalidInput(_("“{number}” is no number that one can dial.").format(number=number))
        other = ours.queue(number) if ours else None
        if other not in (None, but):
            raise InvalidInput(_("The number {number} is queue {id}'s already.").format(number=number, id=other))


def join(tx: Transaction, queue_id: int, agent_id: int, penalty: int = 0) -> None:
    """Let an agent answer a queue; one who does gets another penalty. Raises `Denied` for who does not lead."""
    must_lead(tx)
    m = member.c
    held = tx.load(QueueMember, m.queue_id == queue_id, m.agent_id == agent_id)
    if held:
        held[0].penalty = penalty
    else:
        tx.add(QueueMember(queue_id=queue_id, agent_id=agent_id, penalty=penalty))


def leave(tx: Transaction, queue_id: int, agent_id: int) -> None:
    """Let an agent answer a queue no more; raises `NotFound` for one who does not, `Denied` for who does not lead."""
    must_lead(tx)
    m = member.c
    held = tx.load(QueueMember, m.queue_id == queue_id, m.agent_id == agent_id)
    if not held:
        raise NotFound(_("The agent does not answer that queue."))
    tx.remove(held[0])


def page(reader: AnyReader, *, limit: int, after: int | None, all_: bool) -> list[QueueView]:
    """Return queues by their ids: those in use, with `all_` the inactive ones too."""
    wanted = select(queue).where(queue.c.id > (after or 0)).order_by(queue.c.id).limit(limit)
    return views(reader, wanted if all_ else wanted.where(queue.c.active.is_(True)))


def view(reader: AnyReader, key: int) -> QueueView:
    """Return a queue; raises `NotFound` for one that is absent."""
    found = views(reader, select(queue).where(queue.c.id == key))
    if not found:
        raise NotFound(_("There is no queue {id}.").format(id=key))
    return found[0]


def views(reader: AnyReader, wanted: Select[Any]) -> list[QueueView]:
    """Return the queues that a statement selects whole, in its order: three statements."""
    rows = reader.rows(wanted)
    m, a = member.c, agent.c
    members: dict[int, list[MemberView]] = defaultdict(list)
    for row in reader.rows(
        select(m.queue_id, m.penalty, a.id, a.name)
        .join(agent, a.id == m.agent_id)
        .where(m.queue_id.in_([row.id for row in rows]))
        .order_by(m.penalty, a.name, a.id)
    ):
        members[row.queue_id].append(MemberView(id=row.id, name=row.name, penalty=row.penalty))
    called = logins(reader, [row.manager_id for row in rows])
    return [
        QueueView(
            **{name: getattr(row, name) for name in _TOLD},
            manager=called.get(row.manager_id, ""),
            members=members.get(row.id, []),
        )
        for row in rows
    ]
