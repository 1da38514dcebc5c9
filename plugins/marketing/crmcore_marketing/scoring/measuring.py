"""How good a score is: how many of those who bought are among the best tenth; lift; what a score means in per cent."""

from collections.abc import Sequence
from typing import Any

from attrs import asdict, frozen

from crmcore_marketing.scoring.card import Band

_PRIOR = 10.0
_BANDS = 10


@frozen(kw_only=True)
class Counted:
    """How many people have a score of so many points, and how many of them are positive."""

    points: int
    people: int
    positives: int


@frozen(kw_only=True)
class Step:
    """The best `share` of people: `caught` is what share of all positives is among them, `lift` that over `share`."""

    share: float
    people: int
    positives: float
    caught: float
    lift: float


@frozen(kw_only=True)
class Measured:
    """What a score reached among people it had not seen; `auc` is how often a positive one stands before another."""

    people: int
    positives: int
    auc: float | None
    steps: Sequence[Step]

    @property
    def top(self) -> Step | None:
        """The best tenth; None where there is nobody to measure by."""
        return self.steps[0] if self.steps else None


def measured(counts: Sequence[Counted]) -> Measured:
    """Measure a score by how many have it; where a tenth ends amid those of equal points, they count by their share."""
    ordered = sorted(counts, key=lambda one: -one.points)
    people, positives = sum(one.people for one in ordered), sum(one.positives for one in ordered)
    if not 0 < positives < people:
        return Measured(people=people, positives=positives, auc=None, steps=())
    steps = []
    for tenth in range(1, 11):
        found = _caught(ordered, people * tenth / 10)
        share = tenth / 10
        steps.append(
            Step(
                share=share,
                people=round(people * share),
                positives=round(found, 2),
                caught=round(found / positives, 4),
                lift=round(found / positives / share, 3),
            )
        )
    return Measured(people=people, positives=positives, auc=round(_auc(ordered, people, positives), 4), steps=steps)


def _caught(ordered: Sequence[Counted], wanted: float) -> float:
    found, left = 0.0, wanted
    for one in ordered:
        part = min(1.0, left / one.people)
        found += one.positives * part
        left -= one.people * part
        if left <= 1e-9:
            break
    return found


def _auc(ordered: Sequence[Counted], people: int, positives: int) -> float:
    """Return the area under the curve: Mann and Whitney's U, those of equal points counted by half."""
    before, won = 0, 0.0
    for one in ordered:
        negatives = one.people - one.positives
        won += negatives * (before + one.positives / 2)
        before += one.positives
    return won / (positives * (people - positives))


def bands(counts: Sequence[Counted]) -> list[Band]:
    """Return how likely scores are: by tenths of the people, the share of positives, which never falls with points."""
    ordered = sorted(counts, key=lambda one: -one.points)
    people, positives = sum(one.people for one in ordered), sum(one.positives for one in ordered)
    if not people:
        return []
    base = positives / people
    blocks: list[list[float]] = []
    held, yes, seen = 0, 0, 0
    for place, one in enumerate(ordered):
        held, yes, seen = held + one.people, yes + one.positives, seen + one.people
        if held >= people / _BANDS or place == len(ordered) - 1:
            blocks.append([one.points, (yes + _PRIOR * base) / (held + _PRIOR), held])
            held = yes = 0
    found: list[list[float]] = []
    for block in reversed(blocks):  # from the lowest points up: what falls is joined with what is below it
        found.append(block)
        while len(found) > 1 and found[-1][1] < found[-2][1]:
            above, below = found.pop(), found.pop()
            n = above[2] + below[2]
            found.append([below[0], (above[1] * above[2] + below[1] * below[2]) / n, n])
    return [Band(points=round(points), likely=round(rate, 4)) for points, rate, _people in reversed(found)]


def kept(found: Measured, made: Sequence[Band]) -> dict[str, Any]:
    """Return it as JSON."""
    return {**asdict(found), "steps": [asdict(one) for one in found.steps], "bands": [asdict(one) for one in made]}
