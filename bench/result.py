"""What a benchmark found out, and how it is printed."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import attrs
from attrs import frozen
from rich.console import Console
from rich.table import Table


@frozen(kw_only=True)
class Result:
    """One line of the table; times are in seconds.

    `ratio` is ours over the floor's, by the clock; `cpu_ratio` the same by processor time, which other programs on the
    machine do not spoil (not on PostgreSQL, whose server is another process). `goal` is the highest ratio we aim for,
    or the longest time where `unit` is "s"; None where a line is for information.
    """

    work: str
    database: str = "-"
    floor: float | None = None
    ours: float | None = None
    ratio: float | None = None
    cpu_ratio: float | None = None
    goal: float | None = None
    unit: str = "x"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal or a figure."""
        figure = self.ratio if self.unit == "x" else self.ours
        return None if self.goal is None or figure is None else figure <= self.goal


def show(results: Sequence[Result]) -> None:
    """Print the table."""
    table = Table(title=None)
    for heading in ("work", "database", "floor", "ours", "ratio", "cpu", "goal", "", "note"):
        table.add_column(heading, justify="right" if heading in {"floor", "ours", "ratio", "cpu", "goal"} else "left")
    for one in results:
        verdict = {True: "met", False: "MISSED", None: ""}[one.met]
        goal = "" if one.goal is None else f"{one.goal:g} {one.unit}"
        ratio, cpu = ("" if each is None else f"{each:.2f} x" for each in (one.ratio, one.cpu_ratio))
        table.add_row(one.work, one.database, _time(one.floor), _time(one.ours), ratio, cpu, goal, verdict, one.note)
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    console.print(table)
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores:
        console.print(
            f"The load was {load:.1f} on {cores} cores: long calls were interrupted where short ones were not, and "
            "ratios by the clock are too high. Processor time tells more."
        )


def save(results: Sequence[Result], path: Path) -> None:
    """Write the results as one JSON document."""
    lines = [{**attrs.asdict(one), "met": one.met} for one in results]
    path.write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} us"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"
