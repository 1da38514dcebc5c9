"""How much of their time agents were busy: with calls, with ringing telephones, with wrapping up.

**Occupancy** is (talking + ringing + wrapping up) / (logged in - paused), of the time that lies in the period; who is
logged in and not paused is available, rung, talking or wrapping up (`presence`). Time without an agent is no time.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import ColumnElement, case, func, literal, or_, select

from crmcore.api import Instant, Reader
from crmcore_callcenter.figures.instants import DAY, HOUR, epoch, local, slot, slot_name
from crmcore_callcenter.tables import agent, presence

BUSY = ("talking", "ringing", "wrapping")
HERE = (*BUSY, "available")


@frozen(kw_only=True)
class Occupied:
    """Seconds that agents were busy, of those they were there for callers."""

    busy: int = 0
    there: int = 0

    @property
    def share(self) -> float | None:
        """Return the share in per cent, with one decimal."""
        return round(100 * self.busy / self.there, 1) if self.there else None


def occupied(
    reader: Reader, by: str, zone: ZoneInfo, begin: datetime, end: datetime, agent_id: int | None = None
) -> tuple[Occupied, dict[Any, Occupied]]:
    """Return it over all agents (or one), and by agent (user's id, else the agent's, negative), hour or day.

    One statement: a period of presence counts with its ends only, so those that begin and end in the same stretches are
    summed by the database, and shared out among the stretches here, to the second.
    """
    p = presence.c
    until = min(end, reader.now)
    if until <= begin:  # nobody was busy yet
        return Occupied(), {}
    first = case((p.from_at < begin, literal(begin, Instant())), else_=p.from_at)
    last = case((p.until_at <= until, p.until_at), else_=literal(until, Instant()))
    size = {"hour": HOUR, "day": DAY}.get(by, 0)
    keys: dict[str, Any] = {"busy": p.state.in_(BUSY)}
    begun: Any = epoch(first)
    ended: Any = epoch(last)
    if size:
        begun, ended = local(first, zone, begin, end), local(last, zone, begin, end)
        keys |= {"first": slot(begun, size), "last": slot(ended, size)}
    elif by == "agent":
        keys["key"] = func.coalesce(agent.c.user_id, -agent.c.id)
    conditions: list[ColumnElement[bool]] = [
        p.state.in_(HERE), p.from_at < until, or_(p.until_at.is_(None), p.until_at > begin)
    ]  # fmt: skip
    if agent_id is not None:
        conditions.append(p.agent_id == agent_id)
    rows = reader.rows(
        select(*(one.label(name) for name, one in keys.items()))
        .add_columns(func.count().label("n"), func.sum(begun).label("begun"), func.sum(ended).label("ended"))
        .select_from(presence.join(agent, agent.c.id == p.agent_id))
        .where(*conditions)
        .group_by(*keys)
    )
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    whole = [0, 0]
    for row in rows:
        whole[bool(row.busy)] += int(row.ended) - int(row.begun)
        for key, seconds in _shared(row, by, size).items():
            sums[key][bool(row.busy)] += seconds
    return _occupied(whole), {key: _occupied(each) for key, each in sums.items()}


def _shared(row: Any, by: str, size: int) -> Mapping[Any, int]:
    """Return how many seconds of periods that begin and end in the same stretches lie in each."""
    begun, ended = int(row.begun), int(row.ended)
    if not size:
        return {row.key: ended - begun} if by == "agent" else {}
    found: dict[Any, int] = defaultdict(int)
    if row.first == row.last:
        found[slot_name(by, row.first)] = ended - begun
        return found
    found[slot_name(by, row.first)] += row.n * size * (row.first + 1) - begun
    for each in range(row.first + 1, row.last):
        found[slot_name(by, each)] += row.n * size
    found[slot_name(by, row.last)] += ended - row.n * size * row.last
    return found


def _occupied(sums: list[int]) -> Occupied:
    return Occupied(busy=sums[1], there=sums[0] + sums[1])
