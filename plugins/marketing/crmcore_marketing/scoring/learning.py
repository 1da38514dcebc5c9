"""Learning the points: bins of like odds are joined, odds are drawn towards everybody's, factors are weighed together.

A Bayesian scorecard. The odds of a bin are those after a prior of `PRIOR` people like everybody, so that a bin of three
buyers says little. Weights of evidence alone count twice what two factors both know; so the factors are weighed by a
logistic regression over them, in which no weight is less than zero: no factor counts against what it shows.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log

from attrs import evolve, frozen

from crmcore_marketing.scoring.card import DOUBLE, MOMENT, NUMBER, Bin, Factor

PRIOR = 20.0
TELLING = 0.02
"""The information value below which a factor is not worth showing (Siddiqi, Credit Risk Scorecards, 2006)."""
MOST = 14
"""Factors of a card: more than a person looks at."""
_ALIKE = 3.84
"""Chi-square of one degree of freedom at 5 %: bins that differ by less are joined."""
_HUNDREDTH = 2.326
"""What a normal variable exceeds in one of a hundred cases."""
_FEWEST = 5
"""People below whom a bin is joined with the one beside it."""
_ROUNDS = 25
_PULL = 0.1
"""How strongly a weight is drawn to 1, at which what a factor shows counts in full."""


@frozen(kw_only=True)
class Cell:
    """People who are in the same bin of each factor: how many, and how many of them are positive."""

    bins: tuple[int, ...]
    people: int
    positives: int


def learned(factor: Factor, people: int, positives: int) -> Factor:
    """Return a factor with bins of unlike odds, the weight of evidence of each, and how much it tells."""
    bins = list(factor.bins)
    if factor.kind in (NUMBER, MOMENT):
        ranges = [one for one in bins if not one.unknown]
        bins = [*_joined(ranges), *(one for one in bins if one.unknown)]
    base = positives / people if people else 0.0
    if not 0 < positives < people:
        return evolve(factor, bins=tuple(bins))
    whole = log(base / (1 - base))
    told = []
    iv = 0.0
    for one in bins:
        rate = (one.positives + PRIOR * base) / (one.people + PRIOR)
        woe = log(rate / (1 - rate)) - whole
        iv += woe * (one.positives / positives - (one.people - one.positives) / (people - positives))
        told.append(evolve(one, woe=woe))
    return evolve(factor, bins=tuple(told), iv=iv)


def _joined(bins: Sequence[Bin]) -> list[Bin]:
    """Return neighbouring bins joined until each holds enough people and differs from the next."""
    found = list(bins)
    while len(found) > 1:
        tests = [_unlike(one, other) for one, other in pairwise(found)]
        least = min(tests)
        if least >= _ALIKE:
            break
        place = tests.index(least)
        one, other = found[place], found[place + 1]
        found[place : place + 2] = [
            evolve(
                one, high=other.high, people=one.people + other.people, positives=one.positives + other.positives
            )
        ]  # fmt: skip
    return found


def _unlike(one: Bin, other: Bin) -> float:
    """Return chi-square of two bins; 0 for one with too few people to stand alone."""
    n = one.people + other.people
    yes = one.positives + other.positives
    if min(one.people, other.people) < _FEWEST:
        return 0.0
    if yes in (0, n):
        return 0.0
    difference = one.positives * (other.people - other.positives) - other.positives * (one.people - one.positives)
    return difference * difference * n / (one.people * other.people * yes * (n - yes))


def chosen(factors: Sequence[Factor], people: int, positives: int) -> list[Factor]:
    """Return the factors that tell most, the best first; not those that among so few people might do so by chance."""
    base = positives / people
    telling = [
        one
        for one in factors
        if len(one.bins) > 1 and one.iv >= TELLING and _square(one, base) >= _chance(len(one.bins) - 1)
    ]
    return sorted(telling, key=lambda one: (-one.iv, one.name))[:MOST]


def _square(factor: Factor, base: float) -> float:
    """Return chi-square of the positives in the bins of a factor against what they would be if it told nothing."""
    return sum((one.positives - one.people * base) ** 2 / (one.people * base * (1 - base)) for one in factor.bins)


def _chance(freedom: int) -> float:
    """Return what chi-square exceeds in one of a hundred cases (Wilson and Hilferty, 1931)."""
    part = 2 / (9 * freedom)
    return freedom * float(1 - part + _HUNDREDTH * part**0.5) ** 3


def weighed(factors: Sequence[Factor], cells: Sequence[Cell]) -> tuple[list[Factor], float]:
    """Return the factors with their weights and points, without those that add nothing, and the base's log-odds.

    Newton's method, one coordinate at a time, over the people counted by cell; weights below zero are set to zero.
    """
    people, positives = sum(one.people for one in cells), sum(one.positives for one in cells)
    if not 0 < positives < people:
        return [], 0.0
    columns = [[one.bins[each.bins[place]].woe for each in cells] for place, one in enumerate(factors)]
    sizes, yes = [one.people for one in cells], [one.positives for one in cells]
    base, weights = log(positives / (people - positives)), [0.0] * len(factors)
    scores = [base] * len(cells)
    for _round in range(_ROUNDS):
        moved = 0.0
        for place in range(-1, len(factors)):
            column = [1.0] * len(cells) if place < 0 else columns[place]
            gradient, curve = (0.0, 1e-9) if place < 0 else (_PULL * (1 - weights[place]), _PULL)
            for x, n, k, score in zip(column, sizes, yes, scores, strict=True):
                if x:
                    p = 1 / (1 + exp(-score)) if score > -700 else 0.0
                    gradient += x * (k - n * p)
                    curve += x * x * n * p * (1 - p)
            step = gradient / curve
            if place >= 0:
                step = max(step, -weights[place])
                weights[place] += step
            else:
                base += step
            scores = [score + step * x for score, x in zip(scores, column, strict=True)]
            moved = max(moved, abs(step))
        if moved < 1e-4:
            break
    scale = DOUBLE / log(2)
    found = [
        evolve(
            one,
            weight=round(weight, 4),
            bins=tuple(
                evolve(each, woe=round(each.woe, 4), points=round(scale * weight * each.woe)) for each in one.bins
            ),
        )
        for one, weight in zip(factors, weights, strict=True)
    ]
    return [one for one in found if any(each.points for each in one.bins)], base
