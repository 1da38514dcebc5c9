"""Logs that are tables: which layout one has, or that it has none that is known.

A table is known by its headings; without headings by its width and what stands in each column; or a mapping file says
what its columns mean, by headings or, for a table without, by numbers ("1" is the first)::

    zone = "UTC"                  # such as for Asterisk's usegmtime=yes; else times are in the workspace's zone
    date_format = "%d.%m.%Y %H:%M:%S"
    [columns]
    "Caller" = "src"
    "7" = "dst"
    [values."disposition"]
    "已接" = "ANSWERED"

Whatever the way, half of the first rows must be what they are meant to be, or the table is refused as a whole.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from itertools import chain, islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crmcore.api import (
    InvalidInput,
    Places,
    Rejection,
    Source,
    first_rows,
    heading_key,
    table_mapping,
    table_rows,
)
from crmcore_callcenter.i18n import _
from crmcore_callcenter.protocol.written import is_none, moment_in, seconds_in

T = TypeVar("T")
Cells = Mapping[str, str]
"""The cells of a row by the names of their columns, not by headings."""

_SAMPLE = 200
_ENOUGH = 3
_HOURS = 8 * 3600
_DELIMITERS = ",;\t|"


@frozen(kw_only=True)
class Layout:
    """The columns of a table without headings; rows may end after `least` of them."""

    columns: tuple[str, ...]
    least: int


@frozen(kw_only=True)
class Log:
    """A kind of log: `what` it is called; by column the headings it may have; and how it is known.

    Of each group in `needed` one column must be there. `typical` are more groups, for a table that no mapping file
    explains. `problem(cells)` says why a row cannot be one, `doubtful(cells)` whether
    its columns may be others, where no headings name them; `unclear(headings)` why a table may mean this or that, by
    the headings of each column. `lengths` are columns of seconds: so long that they can only be milliseconds, the
    table is refused.
    """

    what: Callable[[], str]
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[tuple[str, ...], ...]
    typical: tuple[tuple[str, ...], ...]
    layouts: tuple[Layout, ...]
    problem: Callable[[Cells], str]
    doubtful: Callable[[Cells], bool]
    example: str
    delimiter: str = ""
    unclear: Callable[[Mapping[str, Sequence[str]]], str] = field(default=lambda _headings: "")
    lengths: tuple[str, ...] = ()
    _names: dict[str, str] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        names = {heading_key(word): name for name, words in self.columns.items() for word in (name, *words)}
        object.__setattr__(self, "_names", names)

    def missing(self, headings: Sequence[str], *, mapped: bool = False) -> str:
        """Return the column that a table with such headings lacks, or nothing."""
        there = {self._names.get(heading_key(heading)) for heading in headings}
        groups = self.needed if mapped else (*self.needed, *self.typical)
        return next((group[0] for group in groups if not there.intersection(group)), "")

    def layout(self, rows: Sequence[Sequence[str]]) -> Layout | None:
        """Return the layout without headings that most of `rows` have, if more than half have one."""
        counts = [(sum(self._fits(row, each) for row in rows), each) for each in self.layouts]
        count, best = max(counts, key=lambda pair: pair[0], default=(0, None))
        return best if count * 2 > len(rows) else None

    def certain(self, rows: Sequence[Sequence[str]]) -> int:
        """Return how certain it is, 0 to 100, that a table with these first rows is one."""
        if not rows:
            return 0
        return 93 if not self.missing(rows[0]) else 91 if self.layout(rows) else 0

    def named(self, headings: Sequence[str]) -> dict[str, list[str]]:
        """Return which of these headings each column has that is there, in the order in which they count."""
        known = {heading_key(heading): heading for heading in reversed(headings)}
        named = {name: map(heading_key, (name, *words)) for name, words in self.columns.items()}
        there = {name: [known[key] for key in keys if key in known] for name, keys in named.items()}
        return {name: headings for name, headings in there.items() if headings}

    def _fits(self, row: Sequence[str], layout: Layout) -> bool:
        if not layout.least <= len(row) <= len(layout.columns):
            return False
        cells = {**dict.fromkeys(self.columns, ""), **dict(zip(layout.columns, map(str.strip, row), strict=False))}
        return not (self.problem(cells) or self.doubtful(cells))


@frozen(kw_only=True)
class LogRow:
    """A row: where it begins, and its cells by the names of their columns, as written."""

    line: int
    cells: Cells
    _zone: ZoneInfo
    _date_format: str

    def __getitem__(self, name: str) -> str:
        """Return a cell."""
        return self.cells[name]

    def at(self, *names: str) -> datetime | None:
        """Return an instant in UTC, of these cells together; None where they are empty, or a date that means none.

        Only a date that begins with its year is read, one with points (20.11.2026), or one whose order the mapping file
        says: 03/04/2026 could be in March or in April.
        """
        text = " ".join(filter(None, map(self.cells.__getitem__, names)))
        if is_none(text):
            return None
        found = moment_in(text, self._date_format)
        if found is None:
            raise InvalidInput(
                _(
                    "{field} cannot be “{value}”: it is to be a date and time such as 2026-11-22 14:05:00; "
                    "date_format in a mapping file says another order"
                ).format(field=names[0], value=text)
            )
        return (found if found.tzinfo else found.replace(tzinfo=self._zone)).astimezone(UTC)

    def seconds(self, name: str) -> float | None:
        """Return a number of seconds; None for an empty cell."""
        text = self.cells[name]
        found = seconds_in(text) if text else None
        if text and found is None:
            raise InvalidInput(_("{field} cannot be “{value}”: it is to be seconds").format(field=name, value=text))
        return found

    def seconds_of(self, names: Sequence[str]) -> float:
        """Return the first length that these cells have; 0 where they have none."""
        return next(filter(None, (seconds_in(self.cells[name]) for name in names)), 0.0)


def records(source: Source, log: Log, build: Callable[[LogRow], T]) -> Iterator[T | Rejection]:
    """Yield what `build` makes of each row; one that it refuses, as `InvalidInput`, becomes a `Rejection`.

    Raises `InvalidInput` for a table of another layout, with a sentence that says how to map it.
    """
    opened = _open(source, log)
    first = list(islice(opened, _SAMPLE))
    if _milliseconds([row.seconds_of(log.lengths) for row in first if isinstance(row, LogRow)]):
        raise refused(source, log, _("its calls would take most of a day; --format call-log reads milliseconds, too"))
    rows = (row if isinstance(row, Rejection) else _built(row, log, build) for row in chain(first, opened))
    yield from mostly(rows, lambda why: refused(source, log, why))


def _milliseconds(lengths: Sequence[float]) -> bool:
    """Return whether so many calls would last for hours that their lengths can only be milliseconds."""
    known = sorted(filter(None, lengths))
    return len(known) >= _ENOUGH and known[len(known) // 2] > _HOURS


def mostly(found: Iterator[T | Rejection], refusal: Callable[[str], InvalidInput]) -> Iterator[T | Rejection]:
    """Yield what was found; raise `refusal(why)` before anything where the first of it are mostly rejections."""
    beginning = list(islice(found, _SAMPLE))
    bad = [one for one in beginning if isinstance(one, Rejection)]
    if bad and len(bad) * 2 > len(beginning):
        raise refusal(_("line {line}: {reason}").format(line=bad[0].line, reason=bad[0].reason))
    yield from chain(beginning, found)


def refused(source: Source, log: Log, why: str) -> InvalidInput:
    """Return the refusal of a table that is of no layout known here."""
    needed = [group for group in log.needed if not any(set(each) <= set(group) for each in log.typical)]
    columns = ", ".join("/".join(group) for group in (*needed, *log.typical))
    return InvalidInput(
        _(
            "{file} is not read as {what}: {why}. Expected are headings for {columns}, or a layout of that program; "
            'what else it has, a mapping file says (--mapping FILE), such as [columns] "Caller" = "{example}" by '
            'headings, or "3" = "{example}" for the third column of a table without headings.'
        ).format(file=source.path.name, what=log.what(), why=why.rstrip("."), columns=columns, example=log.example)
    )


def sniffed(log: Log, head: bytes) -> int:
    """Return how certain it is, 0 to 100, that a file that begins with `head` is such a log."""
    return max(map(log.certain, first_lines(head, log.delimiter)), default=0)


def first_lines(head: bytes, unquoted: str = "") -> Iterator[list[list[str]]]:
    """Yield the first rows of a text table, by each delimiter that may be its own; `unquoted` is one of them."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("gb18030", "replace")
    lines = text.splitlines(keepends=True)
    lines = lines[: min(50, len(lines) - 1)] if len(lines) > 1 else lines  # the last may be cut off
    for delimiter in _DELIMITERS:
        if delimiter not in text[:4096]:
            continue
        plain = {"quoting": csv.QUOTE_NONE} if delimiter == unquoted else {}
        try:
            reader = csv.reader(StringIO("".join(lines), newline=""), delimiter=delimiter, **plain)  # type: ignore[arg-type]
            yield [row for row in reader if any(row)]
        except csv.Error:
            continue


def _open(source: Source, log: Log) -> Iterator[LogRow | Rejection]:
    """Yield the rows of a table, in whichever way it is known."""
    mapping = table_mapping(source)
    renamed = {heading_key(old): new for old, new in mapping.columns.items()} if mapping else {}
    rows = [cells for _line, cells in first_rows(source)]
    there = [renamed.get(heading_key(heading), heading) for heading in rows[0]] if rows else []
    there += list(mapping.constants) if mapping else []
    places: Places | None = None
    keyed = bool(renamed) and all(key.isdecimal() for key in renamed)
    if keyed:
        width = max(map(len, rows), default=0)
        places = Places(headings=tuple(map(str, range(1, width + 1))), least=max(map(int, renamed)))
        there = [*renamed.values(), *(mapping.constants if mapping else ())]
        if not 0 < places.least <= width:
            raise refused(source, log, _("it has no column {number}").format(number=places.least))
    if missing := log.missing(there, mapped=bool(renamed)):
        places = None if renamed else _layout(source, log, rows)
        there = [] if places or keyed else list(_below_a_title(source))
        if places is None and log.missing(there, mapped=bool(renamed)):
            raise refused(source, log, _("it has no column {name}").format(name=missing))
    if why := log.unclear(log.named(there)):
        raise refused(source, log, why)
    zone = ZoneInfo((mapping.zone if mapping else "") or source.options.get("zone") or "UTC")
    date_format = mapping.date_format if mapping else ""
    named: dict[str, list[str]] = {}
    for row in table_rows(source, places):
        if isinstance(row, Rejection):
            yield row
            continue
        named = named or log.named(row.headings)
        found = {name: next(filter(None, map(row.cells.get, headings)), "") or "" for name, headings in named.items()}
        cells = {**dict.fromkeys(log.columns, ""), **found}
        yield LogRow(line=row.line, cells=cells, zone=zone, date_format=date_format)


def _below_a_title(source: Source) -> Sequence[str]:
    """Return the headings of a table that something else stands above, by the names that the mapping file gives."""
    return next((row.headings for row in table_rows(source) if not isinstance(row, Rejection)), ())


def _layout(source: Source, log: Log, rows: Sequence[Sequence[str]]) -> Places | None:
    """Return the columns of a table without headings, if they are known."""
    if log.delimiter and (layout := log.layout([cells for _line, cells in first_rows(source, log.delimiter)])):
        return Places(headings=layout.columns, least=layout.least, delimiter=log.delimiter)
    layout = log.layout(rows)
    return Places(headings=layout.columns, least=layout.least) if layout else None


def _built(row: LogRow, log: Log, build: Callable[[LogRow], T]) -> T | Rejection:
    try:
        if problem := log.problem(row.cells):
            raise InvalidInput(problem)
        return build(row)
    except InvalidInput as error:
        return Rejection(line=row.line, reason=str(error), raw=" | ".join(filter(None, row.cells.values())))
