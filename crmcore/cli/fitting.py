"""A table that fits the terminal: where that is narrow, long texts are folded before words, words before numbers."""

import re
from collections.abc import Collection, Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_NUMBER = re.compile(r"(?:[-+]?\d[\d,.:%–-]{0,15}(?: [A-Z]{3})?)?")
"""A number, an amount, a share or a date, or nothing."""
_NAME, _GAP = 30, 2
_WORDS = (24, 16, 0)
"""How wide a word may be that is kept in one piece: the widest that leaves room for all columns."""
_HAN = 8
"""How many cells Chinese writing is given at least; it may be folded after any character."""


def fitted(
    console: Console, headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()
) -> Table:
    """Return a table of texts as wide as the console at most, the columns in `right` to the right.

    Where it is narrow, columns that are empty in every row are left out, and what is typed back (the names or numbers
    in the first column), numbers and dates stay in one piece as long as there is room.
    """
    columns = {place: [headings[place], *(row[place] for row in rows)] for place in range(len(headings))}
    wide = {place: max(map(_longest, texts)) for place, texts in columns.items()}
    widths: Mapping[int, int | None] = dict.fromkeys(columns)
    if rows and sum(wide.values()) + _GAP * (len(wide) - 1) > console.width:
        filled = [place for place in columns if any(columns[place][1:])]
        room = console.width - _GAP * (len(filled) - 1)
        widths = dict.fromkeys(filled)
        for word in _WORDS:
            least = {place: _least(columns[place], place, word) for place in filled}
            if sum(least.values()) <= room:
                widths = _shared(room, {place: wide[place] for place in filled}, least)
                break
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=any(headings))
    for place, width in widths.items():
        table.add_column(headings[place], overflow="fold", justify="right" if place in right else "left", width=width)
    for row in rows:
        table.add_row(*[Text(row[place]) for place in widths])
    return table


def _shared(room: int, wide: Mapping[int, int], least: Mapping[int, int]) -> dict[int, int]:
    """Return the width of each column: those above a common level give way to it, none below its least."""

    def at(level: int) -> dict[int, int]:
        return {place: max(least[place], min(wide[place], level)) for place in wide}

    return at(max(level for level in range(room + 1) if sum(at(level).values()) <= room))


def _least(texts: Sequence[str], place: int, word: int) -> int:
    """Return how wide a column must be that nothing in it breaks that is to stay in one piece; the heading is first."""
    heading, *cells = texts
    name = place == 0 and all(" " not in text and cell_len(text) <= _NAME for text in cells)
    whole = name or all(_NUMBER.fullmatch(text) for text in cells)
    kept = max(map(cell_len, cells)) if whole else min(max(map(_widest, cells)), word)
    return max(kept, _widest(heading))


def _longest(text: str) -> int:
    return max(map(cell_len, text.splitlines()), default=0)


def _widest(text: str) -> int:
    """Return the cells of the widest word."""
    return max(
        (len(word) if cell_len(word) == len(word) else min(cell_len(word), _HAN) for word in text.split()), default=0
    )
