"""Splitting a budget by what orders cost in the past, as far as that is known (row S4-10).

Orders are taken to come at a rate per money spent that differs from one way to spend to the next: a Poisson process,
whose rate is known the better the more orders there were. What is believed of the rate is a Gamma distribution. It
begins, for every way to spend, with what one order at the average cost of all says; so nothing is known to be worthless
for want of one order, and one lucky order does not take the whole budget. With n orders for a cost C, and N for K
altogether, it is Gamma(n + 1, C + K / N): its mean is the rate that is expected, and nine times of ten the rate lies
between its 5th and 95th percentile. These come from draws that are the same in every run.

The budget is split in proportion to the expected rates: a way that brought twice the orders for the money gets twice as
much. It is not all put on the best one, as that is seldom known, and what is spent on one brings ever less.
"""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from attrs import frozen

from crmcore.api import InvalidInput
from crmcore_marketing.budgeting.past import Cell
from crmcore_marketing.i18n import _

FEW = 5
"""Below so many orders a figure is little more than a guess, and is said to be."""
_DRAWS, _SEED = 4_000, 20_261_122
_LOW, _HIGH = 0.05, 0.95
_CENT = Decimal("0.01")


@frozen(kw_only=True)
class Range:
    """What is expected, and where it lies nine times of ten."""

    expected: Decimal
    low: Decimal
    high: Decimal


@frozen(kw_only=True)
class Part:
    """A part of the budget: what is spent on a way, what an order cost and may cost there, and the orders it may bring.

    `few` says that there were fewer than five orders to judge by.
    """

    cell: Cell
    amount: Decimal
    cost_per_order: Range
    orders: Range

    @property
    def few(self) -> bool:
        """Whether there is too little to judge by."""
        return self.cell.orders < FEW


@frozen(kw_only=True)
class Proposal:
    """A budget split into parts, the largest first, and the orders that all of it may bring."""

    amount: Decimal
    parts: Sequence[Part]
    orders: Range


def propose(cells: Sequence[Cell], amount: Decimal) -> Proposal:
    """Split an amount over the ways on which something was spent; the parts are whole, and add up to it.

    Raises `InvalidInput` where nothing was spent, or no order is credited to any of it.
    """
    tried = [one for one in cells if one.cost > 0]
    spent, orders = sum((one.cost for one in tried), Decimal(0)), sum(one.orders for one in tried)
    if not orders:
        raise InvalidInput(
            _("There is nothing to judge by: {spent} was spent, and no order is credited to it.").format(
                spent=f"{spent:,.2f}"
            )
        )
    average = float(spent) / orders
    random = Random(_SEED)  # noqa: S311 # draws that are the same in every run, no secret
    rates = {
        one.key: [random.gammavariate(one.orders + 1, 1 / (float(one.cost) + average)) for _each in range(_DRAWS)]
        for one in sorted(tried, key=lambda one: str(one.key))
    }
    means = [(one.orders + 1) / (float(one.cost) + average) for one in tried]
    amounts = _split(amount, means)
    parts = [
        Part(
            cell=one,
            amount=part,
            cost_per_order=_range(1 / mean, [1 / each for each in rates[one.key]]),
            orders=_range(float(part) * mean, [float(part) * each for each in rates[one.key]]),
        )
        for one, mean, part in zip(tried, means, amounts, strict=True)
    ]
    drawn = [float(part.amount) for part in parts], [rates[part.cell.key] for part in parts]
    whole = [sum(a * rate for a, rate in zip(drawn[0], each, strict=True)) for each in zip(*drawn[1], strict=True)]
    expected = sum(float(part) * mean for part, mean in zip(amounts, means, strict=True))
    return Proposal(
        amount=amount,
        parts=sorted(parts, key=lambda one: (-one.amount, one.cell.names)),
        orders=_range(expected, whole),
    )


def _split(amount: Decimal, weights: Sequence[float]) -> list[Decimal]:
    """Return parts in whole units that add up to the amount; what rounding leaves goes to the largest."""
    whole = sum(weights)
    parts = [Decimal(int(float(amount) * each / whole)) for each in weights]
    parts[parts.index(max(parts))] += amount - sum(parts)
    return parts


def _range(expected: float, drawn: list[float]) -> Range:
    held = sorted(drawn)
    low, high = (held[int(len(held) * part)] for part in (_LOW, _HIGH))
    return Range(expected=_cents(expected), low=_cents(low), high=_cents(high))


def _cents(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_CENT)
