"""Slips of must-wins: how far the day of need moved since it was first stated, or since the last slip was told."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader, Task, Transaction, here, tables
from crmcore_sales.i18n import _
from crmcore_sales.model.mustwin import Slip
from crmcore_sales.tables import opportunity, slip, standing

DAYS = 7
"""A slip of more days than this is told."""
_MOST = 2_000


@frozen(kw_only=True)
class Moved:
    """A day of need that was `first` stated, is `now`, and was `told` when somebody was last told of a slip."""

    first: date
    told: date
    now: date

    @property
    def days(self) -> int:
        """By how many days it slipped in all; below 0 where it came nearer."""
        return (self.now - self.first).days

    @property
    def untold(self) -> int:
        """By how many of them nobody was told yet."""
        return (self.now - self.told).days


def moved(reader: Reader | PluginReader, needed: Mapping[int, date | None]) -> dict[int, Moved]:
    """Return how the day of need moved, by id of opportunity; `needed` is what it is now. Two statements.

    One whose day was never stated before stands where it is.
    """
    now = {key: day for key, day in needed.items() if day is not None}
    if not now:
        return {}
    s, t = standing.c, slip.c
    earliest = (
        select(func.min(s.id)).where(s.opportunity_id.in_(now), s.need_by.is_not(None)).group_by(s.opportunity_id)
    )
    rows = reader.rows(select(s.opportunity_id, s.need_by).where(s.id.in_(earliest)).limit(_MOST))
    first = {row.opportunity_id: row.need_by for row in rows}
    slips = select(t.opportunity_id, t.became).where(t.opportunity_id.in_(now)).order_by(t.id).limit(_MOST)
    told = {row.opportunity_id: row.became for row in reader.rows(slips)}
    return {
        key: Moved(first=first.get(key, day), told=told.get(key, first.get(key, day)), now=day)
        for key, day in now.items()
    }


def alert(tx: Transaction) -> int:
    """Give owner and sponsor of each open must-win that slipped by more than `DAYS` days a task; return how many slips.

    Done every morning; a slip is told once, a further one again. Four statements, and what it takes to write.
    """
    o = opportunity.c
    rows = tx.rows(
        select(o.id, o.title, o.customer_id, o.owner_id, o.sponsor_id, o.need_by)
        .where(o.status == "open", o.must_win.is_(True), o.need_by.is_not(None))
        .order_by(o.id)
        .limit(_MOST)
    )
    found = moved(tx, {row.id: row.need_by for row in rows})
    active = _active(tx, rows)
    today, slipped = here(tx).today, 0
    for row in rows:
        one = found[row.id]
        if one.untold <= DAYS:
            continue
        slipped += 1
        tx.add(Slip(opportunity_id=row.id, told_at=tx.now, was=one.told, became=one.now, days=one.untold))
        for user_id in sorted({row.owner_id, row.sponsor_id} & active):
            tx.add(
                Task(
                    subject=_("Must-win {title} slipped {days} days, to {day}").format(
                        title=row.title, days=one.untold, day=one.now
                    ),
                    due=today,
                    owner_id=user_id,
                    customer_id=row.customer_id,
                    note=_("It was needed by {was}; first stated: {first}. Opportunity {id}.").format(
                        was=one.told, first=one.first, id=row.id
                    ),
                    source="sales",
                )
            )
    return slipped


def _active(tx: Transaction, rows: Iterable[Any]) -> set[int]:
    """Return who of the owners and sponsors still works here."""
    wanted = {row.owner_id for row in rows} | {row.sponsor_id for row in rows}
    c = tables.user_account.c
    return {row.id for row in tx.rows(select(c.id).where(c.id.in_(wanted - {None}), c.active.is_(True)))}
