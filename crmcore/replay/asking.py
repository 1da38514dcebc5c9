"""Asking a plugin about the acts that were decided on: which of them it would have stopped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import define, field
from sqlalchemy import select

from crmcore.app import App
from crmcore.engine.tables import journal
from crmcore.errors import CrmError
from crmcore.hooks.policy import Act
from crmcore.replay.report import Stopped
from crmcore.replay.telling import within

_AT_ONCE = 500
_ALLOWED, _REFUSED = "policy.allowed", "policy.refused"


@define(kw_only=True)
class Asked:
    """What a plugin says to acts: how many there were, how many it would have stopped, and warned of."""

    acts: int = 0
    stopped: int = 0
    warned: int = 0
    stops: list[Stopped] = field(factory=list)


def ask(app: App, plugin: str, since: datetime, until: datetime, last: int, most: int) -> Asked:
    """Ask a plugin about the acts decided on in a period, hundreds at a time; `most` of those it stops are kept.

    An act counts as stopped that was allowed then, and that the plugin blocks.
    """
    done = Asked()
    for rows in _decided(app, since, until, last):
        acts = [(row, act) for row in rows if (act := read(row.data.get("act") or {})) is not None]
        done.acts += len(acts)
        with app.transaction() as tx:
            decisions = tx.explain([act for _row, act in acts])
        for (row, act), decision in zip(acts, decisions, strict=True):
            said = [one for name, one in decision.objections if name == plugin]
            blocking = [one for one in said if one.blocks]
            if blocking and row.type == _ALLOWED:
                done.stopped += 1
                if len(done.stops) < most:
                    stop = Stopped(
                        at=row.at, kind=act.kind, entity=row.entity, id=row.subject_id, reason=blocking[0].reason
                    )
                    done.stops.append(stop)
            elif said and not blocking:
                done.warned += 1
    return done


def read(told: Mapping[str, Any]) -> Act | None:
    """Return an act as the journal tells of it; None for one that cannot be an act any more."""
    values = dict(told)
    try:
        values["at"] = datetime.fromisoformat(values["at"])
        for name in ("amount", "percent"):
            if name in values:
                values[name] = Decimal(str(values[name]))
        return Act(**values)
    except (CrmError, ArithmeticError, KeyError, TypeError, ValueError):
        return None


def _decided(app: App, since: datetime, until: datetime, last: int) -> Iterator[Sequence[Any]]:
    reached = 0
    while True:
        c = journal.c
        statement = (
            select(c.id, c.at, c.type, c.entity, c.subject_id, c.data)
            .where(c.id > reached, c.id <= last, within(since, until), c.type.in_((_ALLOWED, _REFUSED)))
            .order_by(c.id)
            .limit(_AT_ONCE)
        )
        with app.engine.connect() as connection:
            rows = connection.execute(statement).all()
        if not rows:
            return
        yield rows
        reached = rows[-1].id
