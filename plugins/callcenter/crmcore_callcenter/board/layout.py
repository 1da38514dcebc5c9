"""Lines of text in columns that fit a width in cells: a Chinese character takes two."""

from collections.abc import Sequence

from attrs import frozen
from rich.cells import cell_len, set_cell_size

GAP = 2
_LEAST = 6


@frozen(kw_only=True)
class Column:
    """A heading; numbers stand to the right and are never cut, words are where there is no room."""

    name: str
    number: bool = False


@frozen(kw_only=True)
class Line:
    """A line of the board; `style` is "", "bold" or "alert"."""

    text: str = ""
    style: str = ""


def table(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int, alerts: Sequence[bool] = ()
) -> list[Line]:
    """Return a heading and a line for each row, none wider than `width`; `alerts` marks those to be looked at."""
    widths = _widths(columns, rows, width)
    lines = [Line(text=_joined(columns, [one.name for one in columns], widths), style="bold")]
    for place, row in enumerate(rows):
        alert = place < len(alerts) and alerts[place]
        lines.append(Line(text=_joined(columns, row, widths), style="alert" if alert else ""))
    return lines


def cut(text: str, width: int) -> str:
    """Return a text in so many cells at most, with … where something is left out."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(width - 1, 0)).rstrip() + "…" if width > 0 else ""


def filled(text: str, width: int) -> str:
    """Return a text in exactly so many cells."""
    return set_cell_size(cut(text, width), width)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return how wide each column is: as its widest text; where there is no room, the widest words give way."""
    widths = [
        max(cell_len(text) for text in (column.name, *(row[place] for row in rows)))
        for place, column in enumerate(columns)
    ]
    words = [place for place, column in enumerate(columns) if not column.number]
    while sum(widths) + GAP * (len(widths) - 1) > width:
        widest = max(words, key=lambda place: widths[place], default=None)
        if widest is None or widths[widest] <= _LEAST:
            break
        widths[widest] -= 1
    return widths


def _joined(columns: Sequence[Column], texts: Sequence[str], widths: Sequence[int]) -> str:
    cells = []
    for column, text, width in zip(columns, texts, widths, strict=True):
        told = cut(text, width)
        room = " " * (width - cell_len(told))
        cells.append(room + told if column.number else told + room)
    return (" " * GAP).join(cells).rstrip()
