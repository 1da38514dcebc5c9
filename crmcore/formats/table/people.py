"""The person and the company in a row of a plugin's table, as the core reads them in its own."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from crmcore.errors import InvalidInput
from crmcore.formats.table.layouts import columns_of
from crmcore.formats.table.parties import WrongCellError, build_parties
from crmcore.formats.table.plan import Plan, make_plan
from crmcore.formats.table.reading import choose_layout
from crmcore.formats.table.rows import TableRow
from crmcore.hooks.formats import Source
from crmcore.model.incoming import IncomingContact, IncomingCustomer


def table_people(row: TableRow) -> Sequence[IncomingContact | IncomingCustomer]:
    """Return the contact in a row, and its company where the row says more than the name of it.

    Raises `InvalidInput` for a row that names nobody, and for headings that do.
    """
    headings = row.headings
    try:
        return build_parties(_plan(headings), row.line, [row.cells.get(heading, "") for heading in headings])
    except WrongCellError as error:
        raise InvalidInput(str(error)) from error


@lru_cache(maxsize=16)
def _plan(headings: tuple[str, ...]) -> Plan:
    layout = choose_layout(headings, Source(path=Path("-"), options={"entity": "contact"}), None, None)
    return make_plan(columns_of(headings, layout), layout, ())
