"""Which calls are asked for."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Select, and_, or_, select

from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.tables import agent, call, leg

_ENDED = "ended"


@frozen(kw_only=True)
class Asked:
    """What calls must be; what is empty does not matter. `since` and `until` are instants, `until` not included."""

    queue_id: int | None = None
    agent_id: int | None = None
    contact_id: int | None = None
    customer_id: int | None = None
    direction: str = ""
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    abandoned: bool = False
    unanswered: bool = False
    going_on: bool = False
    unwrapped: bool = False


def statement(asked: Asked) -> Select[Any]:
    """Return the statement for the calls that are asked for, the latest first."""
    c = call.c
    wanted = select(c.id).order_by(c.started_at.desc(), c.id.desc())
    for column, value in (
        (c.queue_id, asked.queue_id), (c.contact_id, asked.contact_id), (c.customer_id, asked.customer_id),
        (c.direction, asked.direction),
    ):  # fmt: skip
        if value:
            wanted = wanted.where(column == value)
    if asked.agent_id is not None:
        took = select(leg.c.call_id).where(leg.c.agent_id == asked.agent_id)
        user = select(agent.c.user_id).where(agent.c.id == asked.agent_id).scalar_subquery()
        wanted = wanted.where(or_(c.id.in_(took), c.owner_id == user))
    if asked.number:
        wanted = wanted.where(or_(c.from_normal == asked.number, c.to_normal == asked.number))
    if asked.since is not None:
        wanted = wanted.where(c.started_at >= asked.since)
    if asked.until is not None:
        wanted = wanted.where(c.started_at < asked.until)
    if asked.abandoned:
        wanted = wanted.where(c.abandoned.is_(True))
    if asked.unanswered:
        wanted = wanted.where(c.answered.is_(False), c.status == _ENDED)
    if asked.going_on:
        wanted = wanted.where(c.ended_at.is_(None))
    if asked.unwrapped:
        wanted = wanted.where(c.answered.is_(True), c.status == _ENDED, c.wrapped_at.is_(None), c.owner_id.is_not(None))
    return wanted


def after(reader: AnyReader, wanted: Select[Any], call_id: int) -> Select[Any]:
    """Return the statement for what comes after a call in the list."""
    c = call.c
    last = reader.first(select(c.started_at).where(c.id == call_id))
    if last is None:
        return wanted.where(c.id < call_id)
    return wanted.where(or_(c.started_at < last.started_at, and_(c.started_at == last.started_at, c.id < call_id)))
