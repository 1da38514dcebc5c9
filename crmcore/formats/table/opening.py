"""Opening a table, text or workbook: its headings, and its rows as wide as they are."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crmcore.errors import InvalidInput
from crmcore.formats.table.csv_rows import Row, TextTable, open_table, read_rows
from crmcore.formats.table.dialect import DELIMITERS
from crmcore.formats.table.mapping import MappingFile
from crmcore.hooks.formats import Source
from crmcore.i18n import _
from crmcore.model.incoming import Rejection

ZIP = b"PK\x03\x04"

Opened = tuple[tuple[str, ...], Iterator[Row | Rejection]]
"""The headings of a table, and its rows below them."""


def open_rows(source: Source, mapping: MappingFile | None) -> Opened:
    """Open a table of either kind, told by its content. Raises `InvalidInput` when it cannot be read at all."""
    check_file(source.path)
    with source.path.open("rb") as file:
        workbook = file.read(len(ZIP)) == ZIP
    if workbook:
        return open_sheet(source)
    table = open_text(source, mapping)
    return table.dialect.header, read_rows(table, fill_short=bool(mapping and mapping.short_rows == "fill"))


def open_text(
    source: Source, mapping: MappingFile | None, delimiter: str = "", likely: Sequence[str] = DELIMITERS
) -> TextTable:
    """Open a text table, as the user or the mapping file says it is written, else with `delimiter` or as it looks.

    What is looked for are the `likely` delimiters.
    """
    check_file(source.path)
    return open_table(
        source.path,
        source.options.get("encoding") or (mapping.encoding if mapping else ""),
        source.options.get("delimiter") or (mapping.delimiter if mapping else "") or delimiter,
        likely,
    )


def open_sheet(source: Source) -> Opened:
    """Open a sheet of a workbook: the one the user names, else the first."""
    from crmcore.formats.table import xlsx_rows  # openpyxl is heavy, and CSV needs none of it

    check_file(source.path)
    rows = xlsx_rows.read_rows(source.path, source.options.get("sheet", ""))
    header = next(_from_headings(rows), None)
    if header is None:
        raise InvalidInput(_("{file}: the file holds no table: no row of headings").format(file=source.path.name))
    return tuple(header[1]), _as_wide(rows, len(header[1]))


def check_file(path: Path) -> None:
    """Raise `InvalidInput` when there is no readable, filled file at `path`."""
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise InvalidInput(_("{file}: cannot be read: {why}").format(file=path.name, why=error.strerror)) from error
    if empty:
        raise InvalidInput(_("{file}: the file is empty").format(file=path.name))


def _from_headings(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows from the headings on: a title above them stands alone in its row."""
    for number, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > 1 and sum(1 for cell in cells if cell.strip()) > 1:
            yield number, cells


def _as_wide(rows: Iterator[Row], width: int) -> Iterator[Row | Rejection]:
    for number, cells in rows:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) > width:
            reason = _("{found} cells, but {wanted} headings").format(found=len(cells), wanted=width)
            yield Rejection(line=number, reason=reason, raw=" | ".join(cells))
        else:
            yield number, cells + [""] * (width - len(cells))
