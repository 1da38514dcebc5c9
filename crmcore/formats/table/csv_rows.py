"""The rows of a text table, one after the other, each with the line it begins on; memory does not grow with the file.

A row that cannot be right (too few or too many cells, a NUL, bytes that fit no character) becomes a `Rejection`. A
quotation mark that is never closed would swallow the rows behind it: a row over several lines that does not fit the
headings loses only its first line, and reading goes on with the second.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from crmcore.errors import InvalidInput
from crmcore.formats.table.dialect import DELIMITERS, Dialect, detect_dialect, reader_options
from crmcore.formats.table.encoding import HEAD, Encoding, detect_encoding
from crmcore.i18n import _
from crmcore.model.incoming import Rejection

LONGEST_LINE = 1024 * 1024  # characters
LONGEST_ROW = 1000  # lines

Row = tuple[int, list[str]]
"""The line (or sheet row) a row begins on, counted from 1, and its cells as written."""


@frozen(kw_only=True)
class TextTable:
    """A text table whose reading has been decided: how it is encoded and written."""

    path: Path
    encoding: Encoding
    dialect: Dialect


def open_table(path: Path, encoding: str = "", delimiter: str = "", likely: Sequence[str] = DELIMITERS) -> TextTable:
    """Look at the file at `path` and decide how to read it; `encoding` and `delimiter` are what the user said.

    Raises `InvalidInput` when it is no text table.
    """
    found = detect_encoding(path, encoding)
    with _open(path, found) as file:
        head = file.read(HEAD)
        rest = file.readline(LONGEST_LINE)
    return TextTable(path=path, encoding=found, dialect=detect_dialect(head + rest, path.name, delimiter, likely))


def read_rows(
    table: TextTable, *, fill_short: bool = False, least: int = 0, fill: bool = True
) -> Iterator[Row | Rejection]:
    """Yield the rows below the headings, each as wide as they are; blank rows are passed over.

    `fill_short`: rows that end early get empty cells instead of being rejected. With `least`, only those do that have
    at least so many, and a row over several lines may be as short; without `fill` they stay so.
    """
    width = len(table.dialect.header)
    suspect = table.encoding.nul or table.encoding.damaged
    rows = _raw_rows(table, least or width, width)
    for _above in range(table.dialect.header_row + 1):
        next(rows, None)
    for item in rows:
        if isinstance(item, Rejection):
            yield item
            continue
        line, cells = item
        if len(cells) != width:
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if fill_short or 0 < least <= len(cells) < width:
                cells.extend([""] * (width - len(cells) if fill else 0))
            if not (least or width) <= len(cells) <= width:
                reason = _("{found} cells, but {wanted} headings").format(found=len(cells), wanted=width)
                yield Rejection(line=line, reason=reason, raw=_raw(cells, table.dialect))
                continue
        if suspect and (reason := _unreadable(cells, table)):
            yield Rejection(line=line, reason=reason, raw=_raw(cells, table.dialect))
            continue
        yield item


def _open(path: Path, encoding: Encoding) -> io.TextIOWrapper:
    raw = path.open("rb")
    raw.seek(encoding.skip)
    errors = "surrogateescape" if encoding.damaged else "strict"
    return io.TextIOWrapper(raw, encoding=encoding.codec, errors=errors, newline="")


def _raw(cells: list[str], dialect: Dialect) -> str:
    return _plain(dialect.delimiter.join(cells))


def _plain(text: str) -> str:
    """`text` without surrogates, which no database takes: undecodable bytes as backslash escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _unreadable(cells: list[str], table: TextTable) -> str:
    text = "".join(cells)
    if "\0" in text:
        return _("the row holds a NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        return _("the row holds bytes that are not {encoding}").format(encoding=table.encoding.codec)
    return ""


def _strict(lines: list[str], dialect: Dialect) -> bool:
    """Return whether every quotation mark in a row of `lines` stands where RFC 4180 has it."""
    try:
        return bool(list(csv.reader(lines, strict=True, **reader_options(dialect))))  # type: ignore[arg-type]
    except csv.Error:
        return False


def _raw_rows(table: TextTable, least: int, width: int) -> Iterator[Row | Rejection]:
    """Rows that are not blank, of any width; what a stray quotation mark would swallow is read again without it."""
    pending: deque[str] = deque()
    taken: list[str] = []
    ended = False

    with _open(table.path, table.encoding) as file:

        def lines() -> Iterator[str]:
            nonlocal ended
            while True:
                text = pending.popleft() if pending else file.readline(LONGEST_LINE)
                if not text:
                    ended = bool(taken)  # the reader asks for more: a row is open
                    return
                if len(text) == LONGEST_LINE:
                    raise InvalidInput(
                        _("{file}, line {line}: longer than {most} characters; this is no table").format(
                            file=table.path.name, line=line + len(taken), most=LONGEST_LINE
                        )
                    )
                taken.append(text)
                if len(taken) > LONGEST_ROW:
                    raise csv.Error
                yield text

        line, again = 1, True
        while again:
            again = False
            reader = csv.reader(lines(), **reader_options(table.dialect))  # type: ignore[arg-type]
            try:
                for cells in reader:
                    count = len(taken)
                    if ended or (count > 1 and (not least <= len(cells) <= width or not _strict(taken, table.dialect))):
                        again = True
                        break
                    if any(map(str.strip, cells)):
                        yield line, cells
                    line += count
                    taken.clear()
            except csv.Error:
                again = True
            if again:
                reason = _("a quotation mark is opened and not closed, or closed in the wrong place")
                yield Rejection(line=line, reason=reason, raw=_plain(taken[0]))
                pending.extendleft(reversed(taken[1:]))
                line += 1
                taken.clear()
                ended = False
