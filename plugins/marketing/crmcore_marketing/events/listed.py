"""People in a table: a list of registrations or of who came, as forms and scanners write them."""

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from crmcore.api import InvalidInput, Reader, Rejection, Source, TableRow, party_ids, table_rows, tables
from crmcore_marketing.i18n import _

_HEADINGS = (
    "contact", "contact id", "email", "e-mail", "mail", "邮箱", "电子邮件", "name", "full name", "姓名", "联系人"
)  # fmt: skip
_MOST = 50_000


@frozen(kw_only=True)
class Listed:
    """The contacts a table names, in its order, each once, and the rows that name nobody we know."""

    ids: Sequence[int]
    rejected: Sequence[Rejection]


def listed(reader: Reader, path: Path) -> Listed:
    """Return whom a table (CSV, XLSX) names by id, e-mail address or name; the surest in a row counts.

    Three statements for each 5,000 rows. Raises `InvalidInput` for what is no table, and for one too long.
    """
    rows: list[TableRow] = []
    rejected: list[Rejection] = []
    for row in table_rows(Source(path=path)):
        if len(rows) >= _MOST:
            raise InvalidInput(_("{file}: more than {most} rows; split it.").format(file=path.name, most=_MOST))
        if isinstance(row, Rejection):
            rejected.append(row)
        elif row.text(*_HEADINGS):
            rows.append(row)
        else:
            raw = " | ".join(row.cells.values())
            rejected.append(Rejection(line=row.line, reason=_("it names nobody"), raw=raw))
    meant = party_ids(reader, tables.contact, [row.text(*_HEADINGS) for row in rows])
    ids: dict[int, None] = {}
    for row in rows:
        said = row.text(*_HEADINGS)
        if said in meant.ids:
            ids[meant.ids[said]] = None
        else:
            rejected.append(Rejection(line=row.line, reason=meant.problems[said], raw=said))
    return Listed(ids=list(ids), rejected=sorted(rejected, key=lambda one: one.line))
