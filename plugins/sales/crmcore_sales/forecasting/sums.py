"""What open deals come to: committed, likely, at best; from sums by odds, folded exactly in Python.

The database groups deals that are alike: in whatever is asked for, in their currency, odds and category. What follows
from odds and rates is reckoned from those few groups, so that no digit depends on the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from attrs import field, frozen

from crmcore.api import InvalidInput
from crmcore_sales.catalogue.rates import Rates

COMMIT, BEST = 80, 50
"""The odds, in per cent, from which on a deal counts as committed, or as possible at best, unless its owner says."""
_CENT, _HUNDRED, _NOTHING = Decimal("0.01"), Decimal(100), Decimal("0.00")


class Cell(NamedTuple):
    """Open deals that are alike: `deals` of them, with an `amount` together, in their currency."""

    key: tuple[Any, ...]
    rep_id: int | None
    currency: str
    probability: int | None
    category: str
    deals: int
    amount: Decimal


@frozen(kw_only=True)
class Sums:
    """Deals added up, amounts in one currency.

    `amount` is all of them; `low` what is committed, `high` what is possible at best; `weighted` each amount times its
    stated odds, `corrected` times the odds as the past corrects them (None where that was not asked for). Deals that
    their owners omit from forecasts are in `deals` and `amount` only.
    """

    deals: int = 0
    amount: Decimal = _NOTHING
    low: Decimal = _NOTHING
    high: Decimal = _NOTHING
    weighted: Decimal = _NOTHING
    corrected: Decimal | None = None

    def plus(self, other: "Sums") -> "Sums":
        """Return both together."""
        both = self.corrected is not None or other.corrected is not None
        return Sums(
            deals=self.deals + other.deals,
            amount=self.amount + other.amount,
            low=self.low + other.low,
            high=self.high + other.high,
            weighted=self.weighted + other.weighted,
            corrected=(self.corrected or _NOTHING) + (other.corrected or _NOTHING) if both else None,
        )


@frozen(kw_only=True)
class Folded:
    """Sums by key and as a whole, in the workspace's currency, each rounded by itself.

    `unpriced` counts by currency the deals whose rate is not known.
    """

    groups: Mapping[Any, Sums]
    total: Sums
    unpriced: Mapping[str, int] = field(factory=dict)


Correct = Callable[[int | None, int], Decimal]
"""Gives the odds, 0 to 1, that a rep's stated odds (per cent) are worth."""


Key = Callable[[tuple[Any, ...]], Any]
"""Gives the key of a group for that of a cell: a week for a day."""


def fold(
    cells: Iterable[Cell], known: Rates, day: date, correct: Correct | None = None, *, key: Key | None = None
) -> Folded:
    """Return the sums of cells by their keys, or by what `key` makes of these, at the rates of a day."""
    worth: dict[str, Decimal | None] = {}
    groups: dict[Any, list[Decimal]] = defaultdict(lambda: [_NOTHING] * 5)
    counts: dict[Any, int] = defaultdict(int)
    unpriced: dict[str, int] = defaultdict(int)
    for cell in cells:
        currency = cell.currency
        if currency not in worth:
            worth[currency] = rate_on(known, currency, day)
        rate = worth[currency]
        if rate is None:
            unpriced[currency] += cell.deals
            continue
        one = cell.key if key is None else key(cell.key)
        counts[one] += cell.deals
        _add(groups[one], cell, cell.amount * rate, correct)
    found = {one: _sums(counts[one], sums, correct is not None) for one, sums in groups.items()}
    whole = [sum(one, _NOTHING) for one in zip(*groups.values(), strict=True)] or [_NOTHING] * 5
    total = _sums(sum(counts.values()), whole, correct is not None)
    return Folded(groups=found, total=total, unpriced=dict(unpriced))


def _add(sums: list[Decimal], cell: Cell, amount: Decimal, correct: Correct | None) -> None:
    """Add a cell to the sums of its group: amount, low, high, weighted (in hundredths), corrected."""
    odds, category = cell.probability or 0, cell.category
    sums[0] += amount
    if category == "omitted":
        return
    if category == "commit" or (not category and odds >= COMMIT):
        sums[1] += amount
        sums[2] += amount
    elif category == "best" or (not category and odds >= BEST):
        sums[2] += amount
    sums[3] += amount * odds
    if correct is not None:
        sums[4] += amount * correct(cell.rep_id, odds)


def _sums(deals: int, sums: Sequence[Decimal], is_corrected: bool) -> Sums:
    amount, low, high, weighted, corrected = sums
    return Sums(
        deals=deals, amount=amount.quantize(_CENT), low=low.quantize(_CENT), high=high.quantize(_CENT),
        weighted=(weighted / _HUNDRED).quantize(_CENT), corrected=corrected.quantize(_CENT) if is_corrected else None,
    )  # fmt: skip


def rate_on(known: Rates, currency: str, day: date) -> Decimal | None:
    """Return what a unit of a currency is worth on a day; None where no rate is known."""
    try:
        return known.on(currency, day)
    except InvalidInput:
        return None


def parts(quantity: Decimal, probability: int | None, category: str) -> tuple[Decimal, Decimal]:
    """Return of a quantity what its odds make likely, and what is possible at best."""
    sums = [_NOTHING] * 5
    cell = Cell(key=(), rep_id=None, currency="", probability=probability, category=category, deals=0, amount=quantity)
    _add(sums, cell, quantity, None)
    return sums[3] / _HUNDRED, sums[2]
