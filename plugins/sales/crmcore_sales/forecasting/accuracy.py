"""How right forecasts were: those frozen in a week of past quarters beside what was won in the end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import PluginReader, Reader
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.forecasting.cells import MOST, Span, won_cells
from crmcore_sales.forecasting.outlook import won_sums
from crmcore_sales.forecasting.quarters import Quarter, quarter_of, quarter_said
from crmcore_sales.tables import freeze, frozen_row

HALFWAY = 7
"""The middle week of thirteen: its forecast is held to account unless another is asked for."""
QUARTERS = 8
WITHIN = Decimal("0.1")
"""A forecast is right when it is off by no more than this share of what was won."""
_NOTHING = Decimal("0.00")


@frozen(kw_only=True)
class Outcome:
    """A forecast of a past quarter and what came: of a rep, or of all (`rep_id` None). Amounts in the base currency.

    `forecast` is the likely figure frozen in `week`, `corrected` the same by corrected odds, `actual` what was won.
    """

    quarter: Quarter
    week: int
    rep_id: int | None
    forecast: Decimal
    corrected: Decimal
    actual: Decimal

    @property
    def error(self) -> Decimal | None:
        """How far the forecast was off, as a share of what came: 0.2 is a fifth too much; None where nothing came."""
        return (self.forecast - self.actual) / self.actual if self.actual else None

    @property
    def corrected_error(self) -> Decimal | None:
        """The same of the corrected forecast."""
        return (self.corrected - self.actual) / self.actual if self.actual else None


def outcomes(
    reader: Reader | PluginReader, day: date, *, week: int = HALFWAY, quarters: int = QUARTERS
) -> list[Outcome]:
    """Return for each of the last quarters that ended before a day, the oldest first, the outcome of all reps.

    Of a quarter that was not frozen in that week the last week before it counts; one without is left out. Four
    statements.
    """
    by_rep = rep_outcomes(reader, day, week=week, quarters=quarters)
    whole: dict[Quarter, list[Outcome]] = defaultdict(list)
    for one in by_rep:
        whole[one.quarter].append(one)
    return [_together(whole[quarter]) for quarter in sorted(whole)]


def rep_outcomes(
    reader: Reader | PluginReader, day: date, *, week: int = HALFWAY, quarters: int = QUARTERS
) -> list[Outcome]:
    """Return the outcome of each rep in each of the last quarters that ended before a day, the oldest first.

    A rep is in it who forecast or won something. Four statements.
    """
    first = quarter_of(day)
    for _each in range(quarters):
        first = first.previous
    heads = _heads(reader, first, quarter_of(day), week)
    if not heads:
        return []
    r = frozen_row.c
    columns = [func.sum(r.won), func.sum(r.weighted), func.sum(r.corrected)]
    statement = select(r.freeze_id, r.owner_id, *columns).where(r.freeze_id.in_(heads))
    said: dict[tuple[Quarter, int | None], tuple[Decimal, Decimal]] = {}
    for head, owner_id, won, weighted, corrected in map(
        tuple, reader.rows(statement.group_by(r.freeze_id, r.owner_id).limit(MOST))
    ):
        said[heads[head][0], owner_id] = (won + weighted, won + corrected)
    came = _won(reader, min(one for one, _week in heads.values()), quarter_of(day).previous)
    weeks = dict(heads.values())
    return [
        Outcome(
            quarter=quarter,
            week=weeks[quarter],
            rep_id=rep_id,
            forecast=said.get((quarter, rep_id), (_NOTHING, _NOTHING))[0],
            corrected=said.get((quarter, rep_id), (_NOTHING, _NOTHING))[1],
            actual=came.get((quarter, rep_id), _NOTHING),
        )
        for quarter, rep_id in sorted({*said, *came}, key=lambda key: (key[0], key[1] is None, key[1] or 0))
        if quarter in weeks
    ]


def accurate(reader: Reader | PluginReader, day: date, quarters: int) -> dict[int, list[str]]:
    """Return, by rep, the quarters in a row before a day's quarter whose forecast was right, the latest first."""
    came = rep_outcomes(reader, day, quarters=quarters)
    found: dict[int, list[str]] = defaultdict(list)
    quarter = quarter_of(day)
    for place in range(quarters):
        quarter = quarter.previous
        for one in came:
            right = one.quarter == quarter and one.error is not None and abs(one.error) <= WITHIN
            if right and one.rep_id is not None and len(found[one.rep_id]) == place:
                found[one.rep_id].append(str(quarter))
    return {rep_id: names for rep_id, names in found.items() if names}


def mean_error(errors: Iterable[Decimal | None]) -> Decimal | None:
    """Return the mean of the errors without their signs; None where there is none."""
    known = [abs(one) for one in errors if one is not None]
    return sum(known, _NOTHING) / len(known) if known else None


def _heads(reader: Reader | PluginReader, first: Quarter, end: Quarter, week: int) -> dict[int, tuple[Quarter, int]]:
    """Return quarter and week by the id of the freeze that counts for each quarter from `first` to before `end`."""
    f = freeze.c
    rows = reader.rows(
        select(f.id, f.quarter, f.week)
        .where(f.day >= first.start, f.day < end.start, f.week <= week)
        .order_by(f.quarter, f.week)
        .limit(MOST)
    )
    last = {quarter_said(row.quarter): (row.id, row.week) for row in rows}
    return {key: (quarter, taken) for quarter, (key, taken) in last.items()}


def _won(reader: Reader | PluginReader, first: Quarter, last: Quarter) -> Mapping[Any, Decimal]:
    """Return what each rep won in each quarter, by (quarter, rep), at the rates of the day."""
    known = rates(reader, last.end, first.start)
    cells = won_cells(reader, ("week", "owner"), Span(since=first.start, until=last.end))
    found: dict[tuple[Quarter, int | None], Decimal] = defaultdict(Decimal)
    for (day, owner_id), amount in won_sums(cells, known)[0].items():
        found[quarter_of(day), owner_id] += amount
    return found


def _together(of_reps: Sequence[Outcome]) -> Outcome:
    return Outcome(
        quarter=of_reps[0].quarter,
        week=of_reps[0].week,
        rep_id=None,
        forecast=sum((one.forecast for one in of_reps), _NOTHING),
        corrected=sum((one.corrected for one in of_reps), _NOTHING),
        actual=sum((one.actual for one in of_reps), _NOTHING),
    )
