"""CSV that spreadsheets open safely: RFC 4180, UTF-8 with a byte order mark, and no cell that is run as a formula.

A cell that begins with = + - @ gets an apostrophe before it, which our reader takes off again (OWASP, CSV injection).
Space around a cell means nothing, to spreadsheets and to our reader; it goes first, so that no formula hides behind a
tab or a carriage return.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

MARK = "\ufeff".encode()
"""What tells Excel that a file is UTF-8."""

_RUN = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: str) -> str:
    """Return a cell as a spreadsheet shows it and does not run it; NUL characters, which no reader takes, go."""
    text = cell.replace("\0", "").strip()
    return f"'{text}" if text.startswith(_RUN) else text


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str | int | Decimal]]) -> Iterator[bytes]:
    """Yield a table line by line, headings first; numbers stay numbers, below nothing too."""
    yield MARK + _line(headings)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[str | int | Decimal]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow([_said(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8", "replace")


def _said(cell: str | int | Decimal) -> str:
    match cell:
        case str():
            return safe(cell)
        case Decimal():
            return format(cell, "f")
    return str(cell)
