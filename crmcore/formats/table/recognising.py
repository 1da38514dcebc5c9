"""Tables of plugins, recognised by their headings: of those that a plugin reads the first that fits is taken."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from attrs import field, frozen

from crmcore.formats.table.columns import normalise
from crmcore.formats.table.rows import TableRow, table_records
from crmcore.hooks.formats import Format, Source
from crmcore.model.incoming import Incoming, Rejection

Build = Callable[[TableRow, str], Iterable[Incoming | Rejection]]
"""Makes records of a row; the text is the workspace's currency."""


def _sets(groups: Iterable[Iterable[str]]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(map(normalise, names)) for names in groups)


@frozen(kw_only=True)
class TableKind:
    """A kind of table: of each group of `headings` one must be there, compared without case, spaces, punctuation.

    Several may have the same name, for a table that can be known in several ways; the first has the label. `late` as
    `Format` has it.
    """

    name: str
    label: str = ""
    build: Build
    headings: tuple[frozenset[str], ...] = field(converter=_sets)
    late: bool = False


def table_formats(kinds: Sequence[TableKind], *, certain: int) -> list[Format]:
    """Return the formats of a plugin's kinds of tables; `certain` (51 to 100) says how sure their headings make it."""
    first = {one.name: one for one in reversed(kinds)}
    return [
        Format(
            name=one.name,
            label=one.label,
            extensions=(".csv", ".tsv", ".txt", ".xlsx"),
            headings=partial(_certain, kinds, one.name, certain),
            read=partial(_read, one.build),
            scheme="table",
            rows=True,
            late=one.late,
        )
        for one in sorted(first.values(), key=kinds.index)
    ]


def _certain(kinds: Sequence[TableKind], name: str, certain: int, headings: Sequence[str]) -> int:
    there = {normalise(heading) for heading in headings}
    found = next((one.name for one in kinds if all(there & group for group in one.headings)), "")
    return certain if found == name else 0


def _read(build: Build, source: Source) -> Iterator[Incoming | Rejection]:
    own = source.options.get("currency", "")
    return table_records(source, lambda row: build(row, own))
