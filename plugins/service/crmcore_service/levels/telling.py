"""Who is told when a step of an escalation is taken: somebody who is there, whatever happens."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Row, func, select

from crmcore.api import NotifyTransaction, tables
from crmcore_service.levels.promised import Step
from crmcore_service.tables import queue, ticket

_LEADS = ("manager", "admin")


@frozen(kw_only=True)
class People:
    """Our active people by their ids, who answers for each queue, and how many open tickets everybody has."""

    by_id: Mapping[int, Row[Any]]
    managers: Mapping[int, int | None]
    load: Counter[int]


def people(tx: NotifyTransaction) -> People:
    """Return whom one could tell: three statements."""
    u, t = tables.user_account.c, ticket.c
    active = select(u.id, u.login, u.role, u.team, u.manager_id).where(u.active.is_(True)).order_by(u.id)
    load = select(t.owner_id, func.count().label("n")).where(t.closed_at.is_(None), t.owner_id.is_not(None))
    return People(
        by_id={row.id: row for row in tx.rows(active)},
        managers={row.id: row.manager_id for row in tx.rows(select(queue.c.id, queue.c.manager_id))},
        load=Counter({row.owner_id: row.n for row in tx.rows(load.group_by(t.owner_id))}),
    )


def whom(step: Step, owner_id: int | None, queue_id: int | None, known: People) -> int | None:
    """Return who is told: whom the step names, or else who answers for the queue, or for the owner, or for all.

    Of a team it is the one with the fewest open tickets. None where nobody is active.
    """
    there = known.by_id
    match step.tells:
        case "owner":
            wanted = owner_id
        case "user":
            wanted = step.user_id
        case "team":
            wanted = _freest([one.id for one in there.values() if one.team == step.team], known.load)
        case _:
            wanted = None
    if wanted in there:
        return wanted
    owner = there.get(owner_id or 0)
    for one in (known.managers.get(queue_id or 0), owner.manager_id if owner is not None else None):
        if one in there:
            return one
    return _lead(list(there.values()))


def _freest(ids: Collection[int], load: Counter[int]) -> int | None:
    return min(ids, key=lambda one: (load[one], one), default=None)


def _lead(rows: Sequence[Row[Any]]) -> int | None:
    for role in _LEADS:
        for row in rows:
            if row.role == role:
                return int(row.id)
    return None
