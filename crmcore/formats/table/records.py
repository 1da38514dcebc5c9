"""Rows and a layout become records."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from crmcore.errors import InvalidInput
from crmcore.formats.table.activities import build_interaction, build_task
from crmcore.formats.table.csv_rows import Row
from crmcore.formats.table.layouts import Column, Layout
from crmcore.formats.table.parties import WrongCellError, build_parties
from crmcore.formats.table.plan import Plan, make_plan
from crmcore.i18n import _
from crmcore.model.incoming import Incoming, Rejection

SAMPLE = 500  # rows from which the order of day and month in a column is told
GUARDED = frozenset({"'=", "'+", "'-", "'@"})
"""How a spreadsheet-safe export, ours too, begins a cell that a spreadsheet would run as a formula."""


def read_records(
    rows: Iterable[Row | Rejection], columns: Sequence[Column], layout: Layout
) -> Iterator[Incoming | Rejection]:
    """Yield the records of `rows`, which are as wide as `columns`, in order; a wrong row becomes a `Rejection`."""
    iterator = iter(rows)
    beginning = list(islice(iterator, SAMPLE))
    plan = make_plan(columns, layout, [row[1] for row in beginning if isinstance(row, tuple)])
    everything = chain(beginning, iterator)
    constants = list(plan.constants)
    for row in everything:
        if isinstance(row, Rejection):
            yield row
            continue
        line, written = row
        try:
            yield from build(plan, line, tidy(written) + constants)
        except WrongCellError as error:
            yield Rejection(line=line, reason=str(error), raw=" | ".join(written))


def tidy(written: Sequence[str]) -> list[str]:
    """Return cells as they are meant: without space around them, or the mark that guards a spreadsheet."""
    if "\r" in "".join(written):
        written = [text.replace("\r\n", "\n").replace("\r", "\n") for text in written]
    return [text[1:] if text[:2] in GUARDED else text for text in map(str.strip, written)]


def build(plan: Plan, line: int, cells: Sequence[str]) -> Sequence[Incoming]:
    """Return the records of one row. Raises `WrongCellError` with the reason when there can be none."""
    if plan.entity in {"contact", "customer"}:
        return build_parties(plan, line, cells)
    if plan.entity == "interaction":
        return (build_interaction(plan, line, cells),)
    if plan.entity == "task":
        return (build_task(plan, line, cells),)
    raise InvalidInput(_("{entity} is no kind of record a table can hold").format(entity=plan.entity))
