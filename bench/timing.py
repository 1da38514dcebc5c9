"""Timing in turns: the floor and ours one after the other, round by round, so that drift of the machine cancels."""

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles
from time import perf_counter, process_time

from attrs import frozen

from bench.result import Result

Work = Callable[[], object]


@frozen(kw_only=True)
class Times:
    """The times of each call, in seconds, by round; `cpu` is this process's own share of them."""

    wall: list[list[float]]
    cpu: list[list[float]]

    def add(self, times: Sequence[tuple[float, float]]) -> None:
        """Add a round: what `timed` said of each call."""
        self.wall.append([wall for wall, _cpu in times])
        self.cpu.append([cpu for _wall, cpu in times])

    @property
    def median(self) -> float:
        """The median of all calls."""
        return median(self._all())

    @property
    def p95(self) -> float:
        """The 95th percentile of all calls; the longest where there are few."""
        times = self._all()
        return quantiles(times, n=20)[-1] if len(times) >= 20 else max(times)

    def _all(self) -> list[float]:
        return [each for one in self.wall for each in one]


def in_turns(works: Mapping[str, Work], *, rounds: int, calls: int, warm: bool = True) -> dict[str, Times]:
    """Time each work `calls` times in each round; every second round in reverse order.

    After a round to warm up, unless all has just run (`warm` is false).
    """
    for work in works.values() if warm else ():
        for _ in range(max(1, calls // 4)):
            work()
    found = {name: Times(wall=[], cpu=[]) for name in works}
    for place in range(rounds):
        for name, work in list(works.items())[:: -1 if place % 2 else 1]:
            gc.collect()
            found[name].add([timed(work) for _ in range(calls)])
    return found


def timed(work: Work) -> tuple[float, float]:
    """Return the seconds a piece of work takes: by the clock, and of this process's processor time."""
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def compared(work: str, database: str, floor: Times, ours: Times, goal: float | None = None, note: str = "") -> Result:
    """Return the line that compares ours with the floor."""
    return Result(
        work=work,
        database=database,
        floor=floor.median,
        ours=ours.median,
        ratio=_ratio(ours.wall, floor.wall),
        cpu_ratio=_ratio(ours.cpu, floor.cpu) if database != "postgresql" else None,
        goal=goal,
        note=note,
    )


def _ratio(ours: list[list[float]], floor: list[list[float]]) -> float | None:
    """Return the median of the rounds' ratios, each of medians; None where the floor took no time that can be told."""
    pairs = [(median(a), median(b)) for a, b in zip(ours, floor, strict=True)]
    return median(a / b for a, b in pairs) if all(b for _a, b in pairs) else None
