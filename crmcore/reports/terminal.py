"""Reports in the terminal: a table that fits it, and a plot of bars."""

import sys
from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from crmcore.cli.fitting import fitted
from crmcore.i18n import _
from crmcore.reports.report import Report, shown

_EIGHTHS = " ▏▎▍▌▋▊▉"
_NARROW = 20


def show(report: Report) -> None:
    """Print a report, as wide as the terminal is."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    if report.rows:
        console.print(Text(report.title, style="italic"))  # a table's own title is folded to the table's width
        cells = [[shown(cell) for cell in row] for row in report.rows]
        numbers = {place for place, column in enumerate(report.columns) if column.number}
        console.print(fitted(console, [column.name for column in report.columns], cells, numbers))
    else:
        console.print(Text(_("{title}: nothing to show.").format(title=report.title)))
    if report.bars:
        console.print()
        for line in bars(report.bars, console.width):
            console.print(Text(line), no_wrap=True, overflow="crop")
    for note in report.notes:
        console.print(Text(note, style="dim"))


def bars(values: Sequence[tuple[str, Decimal]], width: int) -> list[str]:
    """Return a line for each value: its name, a bar in proportion to the largest, and the number; in `width` cells."""
    names = [name for name, _value in values]
    numbers = [f"{value:,f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}" for _name, value in values]
    left = min(max(map(cell_len, names)), max(width // 3, 1))
    right = max(map(len, numbers))
    room = max(width - left - right - 2, _NARROW // 2)
    largest = max((abs(value) for _name, value in values), default=Decimal(0)) or Decimal(1)
    return [
        f"{_fitted(name, left)} {_bar(value / largest, room)} {number:>{right}}"
        for (name, value), number in zip(values, numbers, strict=True)
    ]


def _bar(share: Decimal, room: int) -> str:
    eighths = int(max(share, Decimal(0)) * room * 8)
    drawn = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return drawn.ljust(room)


def _fitted(name: str, width: int) -> str:
    """Return a name in so many cells; a Chinese character takes two."""
    while cell_len(name) > width:
        name = name[:-2] + "…" if len(name) > 1 else ""
    return name + " " * (width - cell_len(name))
