"""Cutting the stream of a reader into rows and chunks, in constant memory."""

from collections.abc import Iterator
from itertools import groupby, islice

from crmcore.hooks.formats import Format
from crmcore.importing.clean import clean
from crmcore.model.incoming import Incoming, Rejection

Unit = tuple[Incoming | Rejection, ...]
"""What is counted as one record: a record, or all the records of one row of a table."""

SIZE = 1000


def units(records: Iterator[Incoming | Rejection], form: Format) -> Iterator[Unit]:
    """Yield what counts as one record each, its text fit to be stored (rows of tables are, by their reader)."""
    if not form.rows:
        for record in records:
            yield (clean(record),)
        return
    for _line, row in groupby(records, key=lambda record: record.line):
        yield tuple(clean(one) if isinstance(one, Rejection) else one for one in row)


def chunks(stream: Iterator[Unit], skip: int) -> Iterator[list[Unit]]:
    """Yield chunks of units, after the first `skip` of them (what an interrupted import has done already)."""
    stream = islice(stream, skip, None)
    while chunk := list(islice(stream, SIZE)):
        yield chunk
