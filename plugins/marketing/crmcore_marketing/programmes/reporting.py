"""A programme's month: of the customers in each play, how many were kept, developed and won."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen
from sqlalchemy import and_, case, func, or_, select

from crmcore.api import PluginReader, Reader
from crmcore_marketing.tables import placement, programme_play


@frozen(kw_only=True)
class PlayMonth:
    """A play in a month: `customers` in it at any time of the month, those lost or won before left out.

    `kept` are those not lost in the month; `share` is that of `customers`, from 0 to 1, None where there are none.
    """

    play_id: int
    play: str
    goal: str
    customers: int
    lost: int
    developed: int
    won: int

    @property
    def kept(self) -> int:
        """Return how many were not lost."""
        return self.customers - self.lost

    @property
    def share(self) -> float | None:
        """Return the share that was not lost."""
        return self.kept / self.customers if self.customers else None


@frozen(kw_only=True)
class Month:
    """A programme in a month; `customers` are those in it on its last day, each in one play."""

    begin: date
    end: date
    customers: int
    plays: Sequence[PlayMonth]


def month(reader: Reader | PluginReader, programme_id: int, begin: date, end: date) -> Month:
    """Return what came of a programme from a day up to another, which does not belong to it: two statements.

    It rests on stays and on results with their days: who moves later was where he was, and a month that is over has
    the same figures for ever.
    """
    p, play = placement.c, programme_play.c
    ended = and_(p.result.in_(("lost", "won")), p.result_on < begin)
    within = and_(p.result_on >= begin, p.result_on < end)
    counted = {name: case((and_(within, p.result == name), p.customer_id)) for name in ("lost", "developed", "won")}
    rows = reader.rows(
        select(
            play.id, play.name, play.goal,
            func.count(case((~func.coalesce(ended, False), p.customer_id)).distinct()).label("customers"),
            *(func.count(one.distinct()).label(name) for name, one in counted.items()),
        )
        .join(
            placement,
            and_(p.play_id == play.id, p.since < end, or_(p.until.is_(None), p.until > begin)),
            isouter=True,
        )
        .where(play.programme_id == programme_id)
        .group_by(play.id, play.name, play.goal)
        .order_by(play.id)
    )  # fmt: skip
    there = select(func.count(p.customer_id.distinct())).where(
        p.programme_id == programme_id, p.since < end, or_(p.until.is_(None), p.until >= end)
    )
    plays = [
        PlayMonth(
            play_id=row.id, play=row.name, goal=row.goal, customers=row.customers, lost=row.lost,
            developed=row.developed, won=row.won,
        )
        for row in rows
    ]  # fmt: skip
    return Month(begin=begin, end=end, customers=int(reader.value(there) or 0), plays=plays)
