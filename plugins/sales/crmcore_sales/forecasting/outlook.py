"""The forecast of a quarter: committed, likely and best, as deals stand now or as they stood on a day (row S1-05)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import ColumnElement

from crmcore.api import PluginReader, Reader
from crmcore_sales.catalogue.rates import Rates, rates
from crmcore_sales.forecasting.cells import NOW, Origin, Said, Span, Won, of_quarter, open_cells, said_cells, won_cells
from crmcore_sales.forecasting.history import current
from crmcore_sales.forecasting.quarters import Quarter
from crmcore_sales.forecasting.sums import Correct, Key, Sums, fold, rate_on

_CENT, _NOTHING = Decimal("0.01"), Decimal("0.00")


@frozen(kw_only=True)
class Figures:
    """A forecast in one currency: what is `won`, and with it what open deals add.

    `commit` adds what is committed, `likely` each amount times its stated odds, `best` all that is possible at best;
    `corrected` is the likely one by odds as the past corrects them, None where that was not asked for.
    """

    deals: int = 0
    won: Decimal = _NOTHING
    commit: Decimal = _NOTHING
    likely: Decimal = _NOTHING
    best: Decimal = _NOTHING
    corrected: Decimal | None = None


def figures(won: Decimal, still: Sums) -> Figures:
    """Return the forecast of what is won and what is open."""
    return Figures(
        deals=still.deals,
        won=won,
        commit=won + still.low,
        likely=won + still.weighted,
        best=won + still.high,
        corrected=None if still.corrected is None else won + still.corrected,
    )


@frozen(kw_only=True)
class Outlook:
    """The forecast of a quarter as known on a `day`, as a whole and by one thing.

    `frozen_in` is the week in which it was frozen, None for one made now. Amounts are in `currency`, at the `rates` of
    the day; what is won at those of its own day. `overdue` are open deals that were needed before the quarter, which
    are in no figure; `unpriced` counts deals by currency whose rate is not known, which are not either.
    """

    quarter: Quarter
    day: date
    frozen_in: int | None = None
    by: str
    currency: str
    rates: Mapping[str, Decimal]
    calibrated_on: date | None = None
    groups: Mapping[Any, Figures]
    total: Figures
    overdue: Sums = field(factory=Sums)
    unpriced: Mapping[str, int] = field(factory=dict)


def outlook(
    reader: Reader | PluginReader,
    quarter: Quarter,
    by: str,
    day: date,
    conditions: Sequence[ColumnElement[bool]] = (),
    *,
    origin: Origin = NOW,
) -> Outlook:
    """Return the forecast of a quarter, on a day, by one of `cells.BY` but products: eight statements at most.

    Only the whole, and each rep, have a corrected figure here.
    """
    span = of_quarter(quarter)
    known = rates(reader, day, min(day, quarter.start))
    calibration, calibrated_on = current(reader, day)
    correct = calibration.correct
    cells = open_cells(reader, (by,), conditions, needed=span, origin=origin, per_rep=by == "owner")
    still = fold(cells, known, day, correct if by == "owner" else None, key=_only)
    total = still.total
    if by != "owner":
        said = said_cells(reader, conditions, needed=span, origin=origin)
        total = evolve(total, corrected=_corrected(said, known, day, correct))
    won, unknown = won_sums(won_cells(reader, (by,), span, conditions, origin=origin), known, key=_only)
    before = Span(until=quarter.start - timedelta(days=1))
    late = fold(open_cells(reader, (), conditions, needed=before, origin=origin), known, day)
    return Outlook(
        quarter=quarter,
        day=day,
        by=by,
        currency=known.base,
        rates=used(known, day),
        calibrated_on=calibrated_on,
        groups=joined(won, still.groups),
        total=figures(sum(won.values(), _NOTHING), total),
        overdue=late.total,
        unpriced=_counted(still.unpriced, unknown),
    )


def _corrected(said: Iterable[Said], known: Rates, day: date, correct: Correct) -> Decimal:
    """Return what open deals come to by corrected odds; those whose rate is not known are left out."""
    rates_of: dict[str, Decimal | None] = {}
    total = _NOTHING
    for rep_id, currency, odds, amount in said:
        if currency not in rates_of:
            rates_of[currency] = rate_on(known, currency, day)
        total += (amount or _NOTHING) * (rates_of[currency] or _NOTHING) * correct(rep_id, odds or 0)
    return total.quantize(_CENT)


def used(known: Rates, day: date) -> dict[str, Decimal]:
    """Return the rates that hold on a day, by currency."""
    found = {code: rate_on(known, code, day) for code in known.days}
    return {code: worth for code, worth in found.items() if worth is not None}


def won_sums(
    cells: Iterable[Won], known: Rates, *, key: Key | None = None
) -> tuple[dict[Any, Decimal], dict[str, int]]:
    """Return what was won by key, each at the rate of its day; and how many deals have none, by currency."""
    groups: dict[Any, Decimal] = defaultdict(Decimal)
    unknown: dict[str, int] = defaultdict(int)
    for cell in cells:
        worth = Decimal(1) if cell.currency == known.base else cell.rate
        worth = worth or rate_on(known, cell.currency, cell.closed_on)
        if worth is None:
            unknown[cell.currency] += cell.deals
        else:
            groups[cell.key if key is None else key(cell.key)] += cell.amount * worth
    return {one: amount.quantize(_CENT) for one, amount in groups.items()}, dict(unknown)


def joined(won: Mapping[Any, Decimal], still: Mapping[Any, Sums]) -> dict[Any, Figures]:
    """Return the forecast for each key of either."""
    keys = sorted({*won, *still}, key=lambda key: (key is None, key))
    return {key: figures(won.get(key, _NOTHING), still.get(key, Sums())) for key in keys}


def _only(key: tuple[Any, ...]) -> Any:
    return key[0]


def _counted(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {code: one.get(code, 0) + other.get(code, 0) for code in {**one, **other}}
