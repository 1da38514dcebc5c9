"""What open deals come to: committed, likely, at best; from sums by odds, folded exactly in Python.

The database groups deals that are alike: in whatever is asked for, in their currency, odds and category. What follows
from odds and rates is reckoned from those few groups, so that no digit depends on the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from crmcore.api import InvalidInput
from crmcore_sales.catalogue.rates import Rates

COMMIT, BEST = 80, 50
"""The odds, in per cent, from which on a deal counts as committed, or as possible at best, unless its owner says."""
_CENT, _HUNDRED, _NOTHING = Decimal("0.01"), Decimal(100), Decimal("0.00")


@frozen(kw_only=True)
class Cell:
    """Open deals that are alike: `deals` of them, with an `amount` together, in their currency."""

    key: Any
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

    def rounded(self) -> "Sums":
        """Return the sums to the cent."""
        cents = (one.quantize(_CENT) for one in (self.amount, self.low, self.high, self.weighted))
        amount, low, high, weighted = cents
        corrected = None if self.corrected is None else self.corrected.quantize(_CENT)
        return Sums(deals=self.deals, amount=amount, low=low, high=high, weighted=weighted, corrected=corrected)


@frozen(kw_only=True)
class Folded:
    """Sums by key, in the workspace's currency; `unpriced` counts by currency the deals whose rate is not known."""

    groups: Mapping[Any, Sums]
    unpriced: Mapping[str, int] = field(factory=dict)

    @property
    def total(self) -> Sums:
        """All groups together."""
        total = Sums()
        for one in self.groups.values():
            total = total.plus(one)
        return total.rounded()


Correct = Callable[[int | None, int], Decimal]
"""Gives the odds, 0 to 1, that a rep's stated odds (per cent) are worth."""


Key = Callable[[tuple[Any, ...]], Any]
"""Gives the key of a group for that of a cell: a week for a day."""


def fold(
    cells: Iterable[Cell], known: Rates, day: date, correct: Correct | None = None, *, key: Key | None = None
) -> Folded:
    """Return the sums of cells by their keys, or by what `key` makes of these, at the rates of a day."""
    worth: dict[str, Decimal | None] = {}
    groups: dict[Any, Sums] = defaultdict(Sums)
    unpriced: dict[str, int] = defaultdict(int)
    for cell in cells:
        if cell.currency not in worth:
            worth[cell.currency] = rate_on(known, cell.currency, day)
        rate = worth[cell.currency]
        if rate is None:
            unpriced[cell.currency] += cell.deals
        else:
            one = cell.key if key is None else key(cell.key)
            groups[one] = groups[one].plus(sums_of(cell, rate, correct))
    return Folded(groups={one: sums.rounded() for one, sums in groups.items()}, unpriced=dict(unpriced))


def rate_on(known: Rates, currency: str, day: date) -> Decimal | None:
    """Return what a unit of a currency is worth on a day; None where no rate is known."""
    try:
        return known.on(currency, day)
    except InvalidInput:
        return None


def sums_of(cell: Cell, rate: Decimal, correct: Correct | None) -> Sums:
    """Return what a cell comes to at a rate."""
    amount, odds = cell.amount * rate, cell.probability or 0
    if cell.category == "omitted":
        return Sums(deals=cell.deals, amount=amount, corrected=None if correct is None else _NOTHING)
    committed = cell.category == "commit" or (not cell.category and odds >= COMMIT)
    best = committed or cell.category == "best" or (not cell.category and odds >= BEST)
    return Sums(
        deals=cell.deals,
        amount=amount,
        low=amount if committed else _NOTHING,
        high=amount if best else _NOTHING,
        weighted=amount * odds / _HUNDRED,
        corrected=None if correct is None else amount * correct(cell.rep_id, odds),
    )
