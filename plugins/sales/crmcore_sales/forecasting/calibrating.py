"""Correcting stated odds by what became of earlier ones, per rep: shrunken logistic calibration, in plain Python.

A rep who states odds of `p` wins, in truth, with `logistic(shift + slope * logit(p))`: `shift` is optimism (below 0) or
caution (above), `slope` below 1 says that the odds are more extreme than they should be. The pair is the most likely
one given the closed deals and a normal prior (maximum a posteriori, found by Newton's method in two unknowns): for the
company around (0, 1), that is, odds as stated; for each rep around the company's. So a rep with few deals is corrected
as all are, and one with many as the own deals say. (Platt, 1999, “Probabilistic outputs for support vector machines”,
for the model; Gelman and Hill, 2007, ch. 12, for the shrinking.)
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import exp, log
from typing import NamedTuple

from attrs import field, frozen

_LOWEST, _HIGHEST, _LEAST = 0.01, 0.99, 0.002
_FLATTEST, _STEEPEST = 0.2, 3.0
"""Slopes beyond these are no way to state odds: higher ones stay higher, and no doubt becomes a certainty."""
_STEPS, _SMALL = 50, 1e-9


@frozen(kw_only=True)
class Stated:
    """How often a rep stated some odds (per cent) on deals that are closed now, and how many of these were won."""

    rep_id: int | None
    probability: int
    n: int
    won: int


@frozen(kw_only=True)
class Curve:
    """How odds are corrected; of `n` stated odds `won` came true, where they add up to `stated`."""

    shift: float = 0.0
    slope: float = 1.0
    n: int = 0
    won: int = 0
    stated: float = 0.0

    def odds(self, probability: int) -> float:
        """Return what stated odds, in per cent, are worth, 0 to 1. Odds of 0 and 100 are no estimates, and stay."""
        if probability in (0, 100):
            return probability / 100
        return min(max(logistic(self.shift + self.slope * logit(probability / 100)), _LEAST), 1 - _LEAST)


class _Prior(NamedTuple):
    """Where shift and slope lie before anything is seen, and how surely: standard deviations."""

    shift: float
    slope: float
    shift_deviation: float
    slope_deviation: float


@frozen(kw_only=True)
class Calibration:
    """The curves of a company and of its reps."""

    company: Curve
    reps: Mapping[int, Curve]
    _known: dict[tuple[int | None, int], Decimal] = field(init=False, factory=dict, eq=False, repr=False)

    def of(self, rep_id: int | None) -> Curve:
        """Return a rep's curve, or the company's for one without closed deals."""
        return self.company if rep_id is None else self.reps.get(rep_id, self.company)

    def correct(self, rep_id: int | None, probability: int) -> Decimal:
        """Return what stated odds, in per cent, are worth, 0 to 1, with six decimals."""
        worth = self._known.get((rep_id, probability))
        if worth is None:
            worth = self._known[rep_id, probability] = Decimal(f"{self.of(rep_id).odds(probability):.6f}")
        return worth


def calibrate(stated: Iterable[Stated]) -> Calibration:
    """Return the curves that stated odds and their outcomes make most likely; as stated, where there are none."""
    by_rep: dict[int, list[Stated]] = defaultdict(list)
    everything: list[Stated] = []
    for one in stated:
        if 0 < one.probability < 100 and one.n:
            everything.append(one)
            if one.rep_id is not None:
                by_rep[one.rep_id].append(one)
    company = _fit(everything, _Prior(0.0, 1.0, 1.0, 0.5))
    around = _Prior(company.shift, company.slope, 0.7, 0.25)
    return Calibration(company=company, reps={rep_id: _fit(of, around) for rep_id, of in by_rep.items()})


def _fit(stated: Sequence[Stated], prior: _Prior) -> Curve:
    """Return the most likely curve, by Newton's method: the function is concave, so that it comes to its only peak."""
    points = [(logit(one.probability / 100), one.n, one.won) for one in stated]
    shift, slope = prior.shift, prior.slope
    for _each in range(_STEPS):
        up_shift = (prior.shift - shift) / prior.shift_deviation**2
        up_slope = (prior.slope - slope) / prior.slope_deviation**2
        a, b, c = 1 / prior.shift_deviation**2, 0.0, 1 / prior.slope_deviation**2
        for x, n, won in points:
            odds = logistic(shift + slope * x)
            miss, weight = won - n * odds, n * odds * (1 - odds)
            up_shift += miss
            up_slope += miss * x
            a, b, c = a + weight, b + weight * x, c + weight * x * x
        determinant = a * c - b * b
        wanted = slope + _step((a * up_slope - b * up_shift) / determinant)
        bound = min(max(wanted, _FLATTEST), _STEEPEST)
        by_slope = bound - slope
        by_shift = _step(up_shift / a if bound != wanted else (c * up_shift - b * up_slope) / determinant)
        shift, slope = shift + by_shift, slope + by_slope
        if abs(by_shift) + abs(by_slope) < _SMALL:
            break
    return Curve(
        shift=shift,
        slope=slope,
        n=sum(one.n for one in stated),
        won=sum(one.won for one in stated),
        stated=sum(one.n * one.probability for one in stated) / 100,
    )


def _step(wanted: float) -> float:
    """Return a step that is not too far."""
    return max(-1.0, min(1.0, wanted))


def logit(odds: float) -> float:
    """Return the logarithm of odds, 0 to 1, against their opposite; a certainty counts as 1 or 99 per cent."""
    odds = min(max(odds, _LOWEST), _HIGHEST)
    return log(odds / (1 - odds))


def logistic(x: float) -> float:
    """Return the odds, 0 to 1, whose logit is `x`."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
