"""Agents: adding, changing, and what each is doing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, and_, or_, select

from crmcore.api import InvalidInput, NotFound, Transaction, tables
from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.agents.leading import must_lead
from crmcore_callcenter.agents.naming import assign, must_be_free, named
from crmcore_callcenter.i18n import _
from crmcore_callcenter.model.agent import CallAgent
from crmcore_callcenter.tables import agent, line, member, presence, queue


@frozen(kw_only=True)
class Answers:
    """A queue that an agent answers; with a lower penalty they are rung earlier."""

    id: int
    name: str
    penalty: int


@frozen(kw_only=True)
class AgentView:
    """An agent: which user they are, by what telephone systems know them, what they do now and since when.

    `state` is empty where nothing was ever said of them; `call` is the call they are in.
    """

    id: int
    name: str
    user: str
    extension: str
    devices: Sequence[str]
    line: str
    queues: Sequence[Answers]
    state: str
    reason: str
    since: datetime | None
    call: int | None
    active: bool
    version: int


@frozen(kw_only=True)
class Did:
    """What an agent did from an instant until another, None for what goes on; `call` is the call it was in."""

    id: int
    from_at: datetime
    until_at: datetime | None
    state: str
    reason: str
    call: int | None


def add(tx: Transaction, fields: Mapping[str, Any]) -> CallAgent:
    """Add an agent; raises `InvalidInput` for a user, name, extension or device that another agent has.

    Raises `Denied` for who does not lead.
    """
    must_lead(tx)
    made = CallAgent(**{**fields, "name": named(fields)})
    _check(tx, made, {"name": made.name})
    return tx.add(made)


def edit(tx: Transaction, record: CallAgent, fields: Mapping[str, Any]) -> None:
    """Give an agent other values; raises as `add` does, and `InvalidInput` for a field that there is not."""
    must_lead(tx)
    assign(record, fields)
    _check(tx, record, fields, record.id)


def _check(tx: Transaction, one: CallAgent, said: Mapping[str, Any], but: int = 0) -> None:
    must_be_free(tx, agent, said, but)
    if not one.active:
        return
    a = agent.c
    rows = tx.rows(select(a.id, a.name, a.user_id, a.extension, a.devices, a.line_id).where(a.active, a.id != but))
    devices = {each.casefold() for each in one.devices}
    for row in rows:
        same_line = one.line_id is None or row.line_id is None or one.line_id == row.line_id
        for taken, what in (
            (one.user_id is not None and row.user_id == one.user_id, _("user")),
            (bool(one.extension) and row.extension == one.extension and same_line, _("extension")),
            (not devices.isdisjoint(each.casefold() for each in row.devices) and same_line, _("device")),
        ):
            if taken:
                raise InvalidInput(
                    _("Agent {id}, {name}, has that {what} already.").format(id=row.id, name=row.name, what=what)
                )


def page(reader: AnyReader, *, limit: int, after: int | None, all_: bool) -> list[AgentView]:
    """Return agents by their ids: those at work here, with `all_` the inactive ones too."""
    wanted = select(agent).where(agent.c.id > (after or 0)).order_by(agent.c.id).limit(limit)
    return views(reader, wanted if all_ else wanted.where(agent.c.active.is_(True)))


def view(reader: AnyReader, key: int) -> AgentView:
    """Return an agent; raises `NotFound` for one that is absent."""
    found = views(reader, select(agent).where(agent.c.id == key))
    if not found:
        raise NotFound(_("There is no agent {id}.").format(id=key))
    return found[0]


def views(reader: AnyReader, wanted: Select[Any]) -> list[AgentView]:
    """Return the agents that a statement selects whole, by their ids: two statements."""
    inner, p, u, now = wanted.subquery("a"), presence.c, tables.user_account.c, reader.now
    n = inner.c
    goes_on = and_(p.agent_id == n.id, p.from_at <= now, or_(p.until_at.is_(None), p.until_at > now))
    rows = reader.rows(
        select(
            n.id, n.name, n.extension, n.devices, n.active, n.version, u.login, line.c.name.label("line_name"),
            p.state, p.reason, p.from_at, p.call_id,
        )
        .select_from(
            inner.outerjoin(tables.user_account, u.id == n.user_id)
            .outerjoin(line, line.c.id == n.line_id)
            .outerjoin(presence, goes_on)
        )
        .order_by(n.id)
    )  # fmt: skip
    m, q = member.c, queue.c
    queues: dict[int, list[Answers]] = defaultdict(list)
    for row in reader.rows(
        select(m.agent_id, m.penalty, q.id, q.name)
        .join(queue, q.id == m.queue_id)
        .where(m.agent_id.in_([row.id for row in rows]))
        .order_by(m.penalty, q.name, q.id)
    ):
        queues[row.agent_id].append(Answers(id=row.id, name=row.name, penalty=row.penalty))
    return [
        AgentView(
            id=row.id, name=row.name, user=row.login or "", extension=row.extension, devices=row.devices,
            line=row.line_name or "", queues=queues.get(row.id, []), state=row.state or "", reason=row.reason or "",
            since=row.from_at, call=row.call_id, active=row.active, version=row.version,
        )
        for row in rows
    ]  # fmt: skip


def did(reader: AnyReader, agent_id: int, *, limit: int, after: int | None) -> list[Did]:
    """Return what an agent did until now, the latest first, before the period `after`. Two statements at most."""
    p = presence.c
    wanted = select(p.id, p.from_at, p.until_at, p.state, p.reason, p.call_id).where(p.agent_id == agent_id)
    before = reader.value(select(p.from_at).where(p.id == after)) if after is not None else None
    wanted = wanted.where(p.from_at < before) if before is not None else wanted.where(p.from_at <= reader.now)
    return [
        Did(
            id=row.id, from_at=row.from_at, until_at=row.until_at, state=row.state, reason=row.reason, call=row.call_id
        )
        for row in reader.rows(wanted.order_by(p.from_at.desc()).limit(limit))
    ]  # fmt: skip
