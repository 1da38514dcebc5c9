"""Tables without a line of headings, as programs write their logs: the columns are known by their places."""

from itertools import islice
from pathlib import Path

from attrs import evolve, frozen

from crmcore.formats.table.csv_rows import Row, TextTable, read_rows
from crmcore.formats.table.dialect import DELIMITERS, Dialect
from crmcore.formats.table.mapping import MappingFile, read_mapping
from crmcore.formats.table.opening import ZIP, Opened, check_file, open_sheet, open_text
from crmcore.hooks.formats import Source

LOOKED_AT = 200
"""So many rows are looked at to tell what a table is."""

_LIKELY = tuple(delimiter for delimiter in DELIMITERS if delimiter != ":")  # which stands in every time of a log


@frozen(kw_only=True)
class Places:
    """What the columns of a table without headings are called, one after the other.

    A row may end early, after `least` of them. With a `delimiter`, that alone stands between cells, and quotation
    marks mean nothing; without, both are found out.
    """

    headings: tuple[str, ...]
    least: int
    delimiter: str = ""


def mapping_of(source: Source) -> MappingFile | None:
    """Return the mapping file that the user gave, if one. Raises `InvalidInput` for what it may not say."""
    path = source.options.get("mapping")
    return read_mapping(Path(path)) if path else None


def first_rows(source: Source, delimiter: str = "") -> list[Row]:
    """Return the first rows of a table as they are written, a line of headings included, if there is one.

    Of a sheet only the headings. Raises `InvalidInput` for what is no table.
    """
    check_file(source.path)
    mapping = mapping_of(source)
    with source.path.open("rb") as file:
        workbook = file.read(len(ZIP)) == ZIP
    if workbook:
        return [(1, list(open_sheet(source)[0]))]
    table = _opened(source, mapping, Places(headings=("",) * 10_000, least=1, delimiter=delimiter))
    rows = islice(read_rows(table, least=1, fill=False), LOOKED_AT)
    return [row for row in rows if isinstance(row, tuple)]


def open_places(source: Source, mapping: MappingFile | None, places: Places) -> Opened:
    """Open a text table that has no headings: its columns are called as `places` says."""
    table = _opened(source, mapping, places)
    return places.headings, read_rows(table, least=places.least)


def _opened(source: Source, mapping: MappingFile | None, places: Places) -> TextTable:
    table = open_text(source, mapping, places.delimiter, _LIKELY)
    dialect = Dialect(delimiter=table.dialect.delimiter, quote="") if places.delimiter else table.dialect
    return evolve(table, dialect=evolve(dialect, header=places.headings, header_row=-1))
