"""Which call an agent has before them: the one that rings, else the one they talk in, else the one to be summed up."""

from datetime import datetime, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Select, bindparam, literal, select, union_all

from crmcore.api import NotFound
from crmcore_callcenter.agents.finding import AnyReader
from crmcore_callcenter.i18n import _
from crmcore_callcenter.tables import agent, call, leg

RINGING, TALKING, WRAPPING = "ringing", "talking", "wrapping"
_ORDER = (RINGING, TALKING, WRAPPING)
_RINGS = ("ringing", "queued")
_LONGEST = timedelta(hours=6)
"""A call that began earlier is on nobody's desk any more, whatever is told of it."""
_UNWRAPPED = timedelta(minutes=15)
_MOST = 8


@frozen(kw_only=True)
class Present:
    """A call on an agent's desk: ringing, talking or wrapping."""

    call_id: int
    state: str


def present(reader: AnyReader, agent_id: int) -> Present | None:
    """Return the call that an agent has before them: one statement, by two indexes, made once."""
    since = reader.now - _LONGEST
    rows = reader.rows(_LATEST, {"agent": agent_id, "since": since})
    found = [
        Present(call_id=row.id, state=state)
        for row in sorted(rows, key=lambda row: (row.started_at, row.id), reverse=True)
        if (state := _state(row, reader.now))
    ]
    return min(found, key=lambda one: _ORDER.index(one.state), default=None)


def last_call(reader: AnyReader, agent_id: int) -> int:
    """Return the call that an agent has before them, or had last; raises `NotFound` for none of late."""
    found = present(reader, agent_id)
    if found is not None:
        return found.call_id
    rows = reader.rows(_LATEST, {"agent": agent_id, "since": reader.now - _LONGEST})
    if not rows:
        raise NotFound(
            _("You had no call in the last {hours} hours; say which.").format(hours=_LONGEST.seconds // 3600)
        )
    return int(max(rows, key=lambda row: (row.started_at, row.id)).id)


def _state(row: Any, now: datetime) -> str:
    """Return what a call is to the agent whose leg or own call it is; '' where it is on their desk no more."""
    if row.ended_at is not None:
        is_to_wrap = row.is_own and row.answered and row.wrapped_at is None and row.ended_at >= now - _UNWRAPPED
        return WRAPPING if is_to_wrap else ""
    if row.is_own:
        return "" if row.status in _RINGS and row.direction == "in" else TALKING
    if row.took:
        return TALKING
    return RINGING if row.status in _RINGS else ""


def _latest() -> Select[Any]:
    """Return the statement for the last calls that rang at an agent and do so still, or were theirs."""
    c, one, who = call.c, leg.c, agent.c
    columns = (c.id, c.status, c.direction, c.answered, c.started_at, c.ended_at, c.wrapped_at)
    since = bindparam("since", type_=c.started_at.type)
    user = select(who.user_id).where(who.id == bindparam("agent")).scalar_subquery()
    rung = (
        select(*columns, one.answered.label("took"), literal(False).label("is_own"))
        .join(leg, one.call_id == c.id)
        .where(one.agent_id == bindparam("agent"), one.rang_at >= since, one.ended_at.is_(None), c.ended_at.is_(None))
        .order_by(one.rang_at.desc())
        .limit(_MOST)
        .subquery("rung")
    )
    own = (
        select(*columns, c.answered.label("took"), literal(True).label("is_own"))
        .where(c.owner_id == user, c.started_at >= since)
        .order_by(c.started_at.desc())
        .limit(_MOST)
        .subquery("own")
    )
    return union_all(rung.select(), own.select()).subquery("latest").select()


_LATEST = _latest()
