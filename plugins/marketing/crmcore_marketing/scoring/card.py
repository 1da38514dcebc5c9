"""The scorecard: factors, their bins, and the points of each; kept as JSON in the model's record."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict, evolve, field, frozen

NUMBER, TEXT, TRUTH, MOMENT = "number", "text", "truth", "moment"
UNKNOWN = "unknown"
DOUBLE = 20
"""Points by which the odds double."""


@frozen(kw_only=True)
class Bin:
    """Some values of a factor: `low` to `high` (not included) of a number, days of a moment, `values` of a text.

    `unknown` holds those of whom nothing is known. `people` and `positives` were seen in training; `points` is what it
    adds to a score.
    """

    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    rest: bool = False
    unknown: bool = False
    people: int = 0
    positives: int = 0
    woe: float = 0.0
    points: int = 0

    @property
    def rate(self) -> float:
        """The share of positives among the people in it."""
        return self.positives / self.people if self.people else 0.0


@frozen(kw_only=True)
class Factor:
    """Something known of people, in bins: `iv` is how much it tells (information value), `weight` what it counts."""

    name: str
    title: str
    kind: str
    bins: tuple[Bin, ...] = ()
    iv: float = 0.0
    weight: float = 0.0


@frozen(kw_only=True)
class Band:
    """Scores of so many points or more: the share of such people who were positive, drawn towards all people's."""

    points: int
    likely: float


@frozen(kw_only=True)
class Card:
    """Factors, and how likely which score is; `base` are the log-odds of somebody with no points."""

    factors: tuple[Factor, ...]
    bands: tuple[Band, ...] = ()
    base: float = field(default=0.0)


def kept(card: Card) -> list[dict[str, Any]]:
    """Return the factors as JSON."""
    return [asdict(one) for one in card.factors]


def read(factors: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]], base: float) -> Card:
    """Return a card that was kept."""
    return Card(
        factors=tuple(
            evolve(
                Factor(**{**one, "bins": ()}),
                bins=tuple(Bin(**{**each, "values": tuple(each["values"])}) for each in one["bins"]),
            )
            for one in factors
        ),
        bands=tuple(Band(**each) for each in bands),
        base=base,
    )
