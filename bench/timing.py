"""Timing in turns: the floor and ours one after the other, round by round, so that drift of the machine cancels."""

import gc
from collections.abc import Callable, Mapping
from statistics import median, quantiles
from time import perf_counter

from attrs import frozen

from bench.result import Result

Work = Callable[[], object]


@frozen
class Times:
    """The times of each call, in seconds, by round."""

    rounds: list[list[float]]

    @property
    def median(self) -> float:
        """The median of all calls."""
        return median(self._all())

    @property
    def p95(self) -> float:
        """The 95th percentile of all calls; the longest where there are few."""
        times = self._all()
        return quantiles(times, n=20)[-1] if len(times) >= 20 else max(times)

    def over(self, floor: "Times") -> float:
        """Return the ratio to the floor: the median of the rounds' ratios, each of medians."""
        return median(median(a) / median(b) for a, b in zip(self.rounds, floor.rounds, strict=True))

    def _all(self) -> list[float]:
        return [each for one in self.rounds for each in one]


def in_turns(works: Mapping[str, Work], *, rounds: int, calls: int) -> dict[str, Times]:
    """Time each work `calls` times in each round, after a round to warm up; every second round in reverse order."""
    for work in works.values():
        for _ in range(max(1, calls // 4)):
            work()
    found: dict[str, list[list[float]]] = {name: [] for name in works}
    for place in range(rounds):
        for name, work in list(works.items())[:: -1 if place % 2 else 1]:
            gc.collect()
            found[name].append([timed(work) for _ in range(calls)])
    return {name: Times(times) for name, times in found.items()}


def timed(work: Work) -> float:
    """Return the seconds a piece of work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def compared(work: str, database: str, floor: Times, ours: Times, goal: float | None = None, note: str = "") -> Result:
    """Return the line that compares ours with the floor."""
    return Result(
        work=work, database=database, floor=floor.median, ours=ours.median, ratio=ours.over(floor), goal=goal, note=note
    )
