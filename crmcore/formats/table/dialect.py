"""How a text table is written: delimiter, quotation marks, and where its headings are.

RFC 4180 says comma and doubled quotation marks; programs write much else. Every likely delimiter is tried on the head
of the file; the one under which rows have the same number of cells, and headings are known ones, wins.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.formats.table.columns import is_known
from crmcore.i18n import _

DELIMITERS = (",", ";", "\t", "|", "，", "；", ":", "~", "^", "\x1f")
NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
LOOKED_AT = 100  # rows of the head
PREAMBLE = 10  # rows above the headings, at most: titles, dates of export
EXCEL = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)  # a first line that Excel writes and reads


@frozen(kw_only=True)
class Dialect:
    """How to read a text table; `header` holds the headings as written, `header_row` counts filled rows before it."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    space_after: bool = False
    header: tuple[str, ...] = ()
    header_row: int = 0


def detect_dialect(head: str, name: str, declared: str = "", likely: Sequence[str] = DELIMITERS) -> Dialect:
    """Return how the table that begins with `head` (whole lines) is written.

    `declared` is the delimiter as the user said it (a character, or tab, comma, semicolon, pipe); without, the best of
    the `likely` ones is taken. Raises `InvalidInput`, naming the file `name`, when it is not one character or the text
    holds no row at all.
    """
    first = StringIO(head, newline="").readline().strip()
    said = EXCEL.match(first)
    declared = NAMED.get(declared.lower(), declared)
    if len(declared) > 1 or declared in {'"', "\n", "\r"}:
        raise InvalidInput(
            _("{file}: a delimiter is one character, not {value}").format(file=name, value=repr(declared))
        )
    candidates = (declared,) if declared else (said.group(1),) if said else likely
    quote = "'" if first.startswith("'") and "'" in first[1:] and '"' not in first else '"'
    best: tuple[float, Dialect] | None = None
    for delimiter in candidates:
        dialect = Dialect(
            delimiter=delimiter,
            quote=quote,
            escape="\\" if re.search(rf"\\{quote}[^{re.escape(delimiter)}\r\n]", head) else None,
            space_after=f"{delimiter} {quote}" in head,
        )
        rows = list(_rows(head, dialect))
        if not rows:
            continue
        at = 1 if said else _header_row(rows)
        if at >= len(rows):
            continue
        header = tuple(rows[at])
        score = _score(rows[at:])
        if best is None or score > best[0]:
            best = (score, _with_header(dialect, header, at))
    if best is None:
        raise InvalidInput(_("{file}: the file holds no table: no row of headings").format(file=name))
    return best[1]


def reader_options(dialect: Dialect) -> dict[str, str | bool | int | None]:
    """Return `dialect` as keyword arguments of `csv.reader`; without a quotation mark, none means anything."""
    if not dialect.quote:
        return {"delimiter": dialect.delimiter, "quotechar": None, "quoting": csv.QUOTE_NONE}
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote,
        "escapechar": dialect.escape,
        "skipinitialspace": dialect.space_after,
    }


def _with_header(dialect: Dialect, header: tuple[str, ...], at: int) -> Dialect:
    return Dialect(
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        space_after=dialect.space_after,
        header=header,
        header_row=at,
    )


def _rows(head: str, dialect: Dialect) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(head, newline=""), **reader_options(dialect))  # type: ignore[arg-type]
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield row
            if reader.line_num > LOOKED_AT:
                return
    except csv.Error:
        return


def _header_row(rows: list[list[str]]) -> int:
    """Return the place of the first row that is no title standing alone above the table."""
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    for index, row in enumerate(rows[:PREAMBLE]):
        filled = sum(1 for cell in row if cell.strip())
        if filled > 1 and (len(row) == width or sum(map(is_known, row)) > 1):
            return index
    return 0


def _score(rows: list[list[str]]) -> float:
    """Higher: more rows as wide as the headings, wider, more headings known. One column scores 0."""
    width = len(rows[0])
    if width == 1:
        return 0.0
    alike = sum(1 for row in rows if len(row) == width) / len(rows)
    return alike + sum(map(is_known, rows[0])) + min(width, 20) / 40
