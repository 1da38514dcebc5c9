"""From a file to its records: what was found out about a table, and the reading of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from crmcore.errors import InvalidInput
from crmcore.formats.table.columns import FIELDS
from crmcore.formats.table.csv_rows import TextTable, read_rows
from crmcore.formats.table.known import LAYOUTS
from crmcore.formats.table.layouts import Column, Layout, columns_of, find_layout, guess_layout
from crmcore.formats.table.mapping import MappingFile, apply_mapping, check_fields, read_mapping
from crmcore.formats.table.opening import open_sheet, open_text
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
    mapping = _mapping(source)
    header, rows = open_sheet(source)
    layout = choose_layout(header, source, mapping, layouts)
    yield from read_records(rows, columns_of(header, layout), layout)


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
                "give entity=contact or entity=customer; a mapping file says what the columns of a table mean"
            ).format(file=file, label=found.label)
        )
    layout = found if found and found.entity else guess_layout(header)
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
    if not path:
        return None
    mapping = read_mapping(Path(path))
    check_fields(mapping)
    return mapping


def _csv(source: Source, layouts: Sequence[Layout] | None) -> tuple[TextTable, Layout]:
    mapping = _mapping(source)
    table = open_text(source, mapping)
    return table, choose_layout(table.dialect.header, source, mapping, layouts)
