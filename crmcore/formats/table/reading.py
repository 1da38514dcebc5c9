"""From a file to its records: what was found out about a table, and the reading of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from crmcore.errors import InvalidInput
from crmcore.formats.table.columns import FIELDS
from crmcore.formats.table.csv_rows import Row, TextTable, open_table, read_rows
from crmcore.formats.table.known import LAYOUTS
from crmcore.formats.table.layouts import Column, Layout, columns_of, find_layout, guess_layout
from crmcore.formats.table.mapping import MappingFile, apply_mapping, read_mapping
from crmcore.formats.table.own_columns import with_own_columns
from crmcore.formats.table.records import read_records
from crmcore.hooks.formats import Source
from crmcore.i18n import _
from crmcore.model.incoming import Incoming, Rejection


@frozen(kw_only=True)
class Inspection:
    """What was found out about a table before reading it, for a preview and for the log of an import.

    `encoding` and `delimiter` are empty for a workbook. Columns with an empty target are kept in `extra`.
    """

    encoding: str
    guessed: bool
    delimiter: str
    header: tuple[str, ...]
    layout: Layout
    columns: tuple[Column, ...]


def inspect_csv(source: Source, layouts: Sequence[Layout] | None = None) -> Inspection:
    """Return how the text table `source` will be read. Raises `InvalidInput` as reading it would."""
    table, layout = _csv(source, layouts)
    header = table.dialect.header
    return Inspection(
        encoding=table.encoding.codec,
        guessed=table.encoding.guessed,
        delimiter=table.dialect.delimiter,
        header=header,
        layout=layout,
        columns=columns_of(header, layout),
    )


def csv_records(source: Source, layouts: Sequence[Layout] | None = None) -> Iterator[Incoming | Rejection]:
    """Yield the records of a text table. Raises `InvalidInput` when it cannot be read or understood at all."""
    table, layout = _csv(source, layouts)
    rows = read_rows(table, fill_short=layout.fill_short)
    yield from read_records(rows, columns_of(table.dialect.header, layout), layout)


def xlsx_records(source: Source, layouts: Sequence[Layout] | None = None) -> Iterator[Incoming | Rejection]:
    """Yield the records of a sheet. Raises `InvalidInput` when it cannot be read or understood at all."""
    from crmcore.formats.table import xlsx_rows  # openpyxl is heavy, and CSV needs none of it

    check_file(source.path)
    mapping = _mapping(source)
    rows = xlsx_rows.read_rows(source.path, source.options.get("sheet", ""))
    header = next(_from_headings(rows), None)
    if header is None:
        raise InvalidInput(_("{file}: the file holds no table: no row of headings").format(file=source.path.name))
    layout = choose_layout(header[1], source, mapping, layouts)
    yield from read_records(_as_wide(rows, len(header[1])), columns_of(header[1], layout), layout)


def check_file(path: Path) -> None:
    """Raise `InvalidInput` when there is no readable, filled file at `path`."""
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise InvalidInput(_("{file}: cannot be read: {why}").format(file=path.name, why=error.strerror)) from error
    if empty:
        raise InvalidInput(_("{file}: the file is empty").format(file=path.name))


def choose_layout(
    header: Sequence[str], source: Source, mapping: MappingFile | None, layouts: Sequence[Layout] | None
) -> Layout:
    """Return the layout for `header`: a known one or a guess, as the mapping file and the option `entity` change it.

    Raises `InvalidInput` when the headings name nobody, or are those of something the core does not keep.
    """
    file = source.path.name
    entity = source.options.get("entity", "") or (mapping.entity if mapping else "")
    if entity and entity not in FIELDS:
        raise InvalidInput(
            _("{file}: entity {entity} is not known; possible: {names}").format(
                file=file, entity=entity, names=", ".join(FIELDS)
            )
        )
    found = find_layout(header, LAYOUTS if layouts is None else layouts)
    if found and entity and found.entity != entity:
        found = None
    if found and not found.entity and not mapping:
        raise InvalidInput(
            _(
                "{file}: these are {label}, neither contacts nor customers; to read them as such all the same, "
                "give entity=contact or entity=customer"
            ).format(file=file, label=found.label)
        )
    layout = found or guess_layout(header)
    if layout is None and (entity or mapping):
        layout = Layout(name="generic")
    if layout is None:
        names = ", ".join(heading.strip() or "-" for heading in header)
        raise InvalidInput(
            _(
                "{file}: no column for a name, an e-mail address or a phone number among: {names}. Say what the "
                'columns mean in a mapping file, for example: [columns] "{first}" = "name"'
            ).format(file=file, names=names, first=header[0].strip())
        )
    if entity:
        layout = evolve(layout, entity=entity)
    layout = with_own_columns(layout, header, source, guessed=not (found or entity))
    return apply_mapping(mapping, layout, header, file) if mapping else layout


def _mapping(source: Source) -> MappingFile | None:
    path = source.options.get("mapping")
    return read_mapping(Path(path)) if path else None


def _csv(source: Source, layouts: Sequence[Layout] | None) -> tuple[TextTable, Layout]:
    check_file(source.path)
    mapping = _mapping(source)
    table = open_table(
        source.path,
        source.options.get("encoding") or (mapping.encoding if mapping else ""),
        source.options.get("delimiter") or (mapping.delimiter if mapping else ""),
    )
    return table, choose_layout(table.dialect.header, source, mapping, layouts)


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
