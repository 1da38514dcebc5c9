"""Stated odds and what became of them, counted in the database; and the calibration that was kept last."""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, case, func, insert, select

from crmcore.api import ApplyTransaction, PluginReader, Reader
from crmcore_sales.forecasting.calibrating import Calibration, Curve, Stated, calibrate
from crmcore_sales.tables import calibration, opportunity, standing

_MOST = 100_000


def stated_odds(reader: Reader | PluginReader, before: date) -> list[Stated]:
    """Return how often each rep stated which odds on deals closed before a day, and how many were won. One statement.

    Odds count once for a deal, however long they stood.
    """
    s, o = standing.c, opportunity.c
    won = case((o.status == "won", o.id)).distinct()
    statement = (
        select(s.rep_id, s.probability, func.count(o.id.distinct()), func.count(won))
        .select_from(standing.join(opportunity, s.opportunity_id == o.id))
        .where(s.status == "open", s.probability.between(1, 99), o.status.in_(("won", "lost")), o.closed_on < before)
        .group_by(s.rep_id, s.probability)
        .limit(_MOST)
    )
    rows = map(tuple, reader.rows(statement))
    return [Stated(rep_id=rep, probability=odds, n=n, won=won) for rep, odds, n, won in rows]


def kept(reader: Reader | PluginReader, day: date) -> tuple[Calibration, date] | None:
    """Return the calibration that was kept last, on a day or before it, and its day; None where there is none yet."""
    rows = reader.rows(_last(day))
    if not rows:
        return None
    curves = {
        row.rep_id: Curve(shift=row.shift, slope=row.slope, n=row.n, won=row.won, stated=row.stated) for row in rows
    }
    company = curves.pop(None, Curve())
    return Calibration(company=company, reps=curves), rows[0].day


@lru_cache(maxsize=16)
def _last(day: date) -> Select[Any]:
    c = calibration.c
    last = select(func.max(c.day)).where(c.day <= day).scalar_subquery()
    return select(calibration).where(c.day == last).limit(_MOST)


def current(reader: Reader | PluginReader, day: date) -> tuple[Calibration, date]:
    """Return the calibration kept last, or one made of the deals closed before a day; and its day."""
    return kept(reader, day) or (calibrate(stated_odds(reader, day)), day)


def keep(tx: ApplyTransaction, made: Calibration, day: date) -> None:
    """Keep a calibration as that of a day, beside those of other days."""
    curves: list[tuple[int | None, Curve]] = [(None, made.company), *made.reps.items()]
    rows = [
        {
            "id": tx.new_id(), "day": day, "rep_id": rep_id, "n": one.n, "won": one.won, "stated": one.stated,
            "shift": one.shift, "slope": one.slope,
        }
        for rep_id, one in curves
    ]  # fmt: skip
    tx.execute(insert(calibration), rows)
