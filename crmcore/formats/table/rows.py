"""Tables for the formats of plugins: a row at a time, cells by their headings, read as what they are meant to be."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import TypeVar

from attrs import field, frozen

from crmcore.errors import InvalidInput
from crmcore.formats.table.columns import normalise
from crmcore.formats.table.layouts import Column
from crmcore.formats.table.mapping import MappingFile, check_headings
from crmcore.formats.table.numbers import Sum, decimal_mark, read_number, read_share, read_sum
from crmcore.formats.table.opening import open_rows
from crmcore.formats.table.places import Places, mapping_of, open_places
from crmcore.formats.table.plan import extra_keys
from crmcore.formats.table.records import SAMPLE, tidy
from crmcore.formats.table.values import NO, YES, date_order, read_date, read_instant, read_written
from crmcore.hooks.formats import Source
from crmcore.i18n import _
from crmcore.model.incoming import Incoming, Rejection

T = TypeVar("T")


@frozen(kw_only=True)
class Habits:
    """How the columns of a table are written, by normalised heading: which of day and month comes first, which mark.

    `zone` is that of times written without one.
    """

    orders: Mapping[str, str] = field(factory=dict)
    marks: Mapping[str, str] = field(factory=dict)
    date_format: str = ""
    zone: str = ""


@frozen(kw_only=True)
class TableRow:
    """A row: where it begins, and its cells by heading, as written but for space around them.

    Headings are compared without case, spaces and punctuation. Where several are given, the first that has a text
    counts. What a cell cannot be raises `InvalidInput` with its heading; an empty cell is None.
    """

    line: int
    cells: Mapping[str, str]
    _named: Mapping[str, str]  # heading as written, by normalised heading
    _habits: Habits

    def text(self, *headings: str) -> str:
        """Return the text under the first of these headings that has one, else an empty text."""
        return self._cell(headings)[1]

    def number(self, *headings: str) -> Decimal | None:
        """Return a number, exactly."""
        return self._read(headings, lambda key, text: read_number(text, self._mark(key)), _("a number"))

    def amount(self, *headings: str) -> Sum | None:
        """Return an amount of money and the currency that stands beside it, if one does."""
        return self._read(headings, lambda key, text: read_sum(text, self._mark(key)), _("an amount"))

    def share(self, *headings: str) -> Decimal | None:
        """Return a share in per cent."""
        return self._read(headings, lambda key, text: read_share(text, self._mark(key)), _("a share in per cent"))

    def day(self, *headings: str) -> date | None:
        """Return a day, of a date and time the one that is written.

        One such as 03/04/2020 is read only where the column, or the region, says which is the month.
        """
        return self._read(headings, self._day, _("a date"))

    def instant(self, *headings: str) -> datetime | None:
        """Return an instant in UTC."""
        return self._read(headings, self._instant, _("a date and time"))

    def boolean(self, *headings: str) -> bool | None:
        """Return whether the cell says yes."""
        answers = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
        return self._read(headings, lambda _key, text: answers.get(text.casefold()), _("yes or no"))

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the table, as written."""
        return tuple(self._named.values())

    def others(self, headings: Iterable[str]) -> dict[str, str]:
        """Return the cells that have a text and stand under none of these headings, by heading."""
        known = _keys(tuple(headings))
        return {name: text for name, text in self.cells.items() if text and normalise(name) not in known}

    def _cell(self, headings: Sequence[str]) -> tuple[str, str]:
        for key in map(normalise, headings):
            if text := self.cells.get(self._named.get(key, ""), ""):
                return key, text
        return "", ""

    def _read(self, headings: Sequence[str], read: Callable[[str, str], T | None], what: str) -> T | None:
        key, text = self._cell(headings)
        if not text:
            return None
        found = read(key, text)
        if found is None:
            raise InvalidInput(
                _("{field} cannot be {value}: it is to be {kind}").format(field=self._named[key], value=text, kind=what)
            )
        return found

    def _mark(self, key: str) -> str:
        return self._habits.marks.get(key, "")

    def _day(self, key: str, text: str) -> date | None:
        found = read_date(text, self._habits.orders.get(key, ""), self._habits.date_format)
        if found and not found.startswith("--"):
            return date.fromisoformat(found)
        moment = read_written(text, self._habits.orders.get(key, ""), self._habits.date_format)
        return moment.date() if moment else None

    def _instant(self, key: str, text: str) -> datetime | None:
        habits = self._habits
        found = read_instant(text, habits.zone, habits.orders.get(key, ""), habits.date_format)
        return found[0] if found else None


@lru_cache(maxsize=256)
def _keys(headings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normalise, headings))


@frozen(kw_only=True)
class _Table:
    """What is the same for all rows: a key for each column, and what the mapping file says of them."""

    keys: Sequence[str]
    named: Mapping[str, str]
    habits: Habits
    constants: Mapping[str, str] = field(factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(factory=dict)

    def row(self, line: int, written: Sequence[str]) -> TableRow:
        cells = {**self.constants, **{key: text for key, text in zip(self.keys, tidy(written), strict=True) if text}}
        for key, meant in self.values.items():
            if cells.get(key, "") in meant:
                cells[key] = meant[cells[key]]
        return TableRow(line=line, cells=cells, named=self.named, habits=self.habits)


def table_records(
    source: Source, build: Callable[[TableRow], Iterable[Incoming | Rejection]]
) -> Iterator[Incoming | Rejection]:
    """Yield what `build` makes of each row of a table; a row it refuses, as `InvalidInput`, becomes a `Rejection`."""
    for row in table_rows(source):
        if isinstance(row, Rejection):
            yield row
            continue
        try:
            yield from build(row)
        except InvalidInput as error:
            yield Rejection(line=row.line, reason=str(error), raw=" | ".join(row.cells.values()))


def table_rows(source: Source, places: Places | None = None) -> Iterator[TableRow | Rejection]:
    """Yield the rows of a text table (CSV and the like) or a sheet, in constant memory.

    With `places` it has no headings, and its columns are known by their places.
    Encoding and delimiter are found out, or as the options say. A mapping file gives headings other names (`columns`),
    cells another meaning (`values`), and headings that are not there a text (`constants`). Raises `InvalidInput` for
    what is no table.
    """
    mapping = mapping_of(source)
    header, rows = open_places(source, mapping, places) if places else open_rows(source, mapping)
    beginning = list(islice(rows, SAMPLE))
    table = _described(header, [row[1] for row in beginning if isinstance(row, tuple)], source, mapping)
    for row in chain(beginning, rows):
        yield row if isinstance(row, Rejection) else table.row(*row)


def headings(source: Source) -> tuple[str, ...]:
    """Return the headings of a table. Raises `InvalidInput` for what is no table."""
    return open_rows(source, None)[0]


def row_of(line: int, cells: Mapping[str, str]) -> TableRow:
    """Return a row that was in no table, such as a record of a JSON file."""
    return TableRow(
        line=line, cells=cells, named={normalise(name): name for name in reversed(list(cells))}, habits=Habits()
    )


def _described(
    header: Sequence[str], sample: Sequence[Sequence[str]], source: Source, mapping: MappingFile | None
) -> _Table:
    keys = extra_keys([Column(heading=heading.strip()) for heading in header])
    constants: dict[str, str] = {}
    values: dict[str, Mapping[str, str]] = {}
    if mapping:
        check_headings(mapping, header, source.path.name)
        renamed = {normalise(old): new for old, new in mapping.columns.items()}
        keys = [renamed.get(normalise(key), key) for key in keys]
        constants = dict(mapping.constants)
    named = {normalise(key): key for key in reversed([*keys, *constants])}
    if mapping:
        values = {named.get(normalise(name), name): meant for name, meant in mapping.values.items()}
        constants = {named[normalise(name)]: text for name, text in constants.items()}
    region = (mapping.region if mapping else "") or source.options.get("region", "")
    columns = {normalise(key): [row[place].strip() for row in sample] for place, key in enumerate(keys)}
    return _Table(
        keys=keys,
        named=named,
        habits=Habits(
            orders={key: date_order(cells, region) for key, cells in columns.items()},
            marks={key: decimal_mark(cells) for key, cells in columns.items()},
            date_format=mapping.date_format if mapping else "",
            zone=(mapping.zone if mapping else "") or source.options.get("zone", ""),
        ),
        constants=constants,
        values=values,
    )
