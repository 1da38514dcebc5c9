"""Parties in a table that a command reads: registrations, who came, customers of an industry."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crmcore.api import (
    InvalidInput,
    Reader,
    Rejection,
    Source,
    TableRow,
    party_id,
    party_ids,
    print_json,
    table_rows,
    tell,
)
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from sqlalchemy import Table

_HEADINGS = {
    "contact": (
        "contact", "contact id", "id", "email", "e-mail", "mail", "邮箱", "电子邮件", "name", "full name", "姓名",
        "联系人",
    ),
    "customer": (
        "customer", "customer id", "company", "organisation", "organization", "account", "account name", "name",
        "客户", "公司", "单位", "公司名称", "客户名称",
    ),
}  # fmt: skip
_MOST = 50_000


@frozen(kw_only=True)
class Listed:
    """The parties a table names, in its order, each once, and the rows that name nobody we know."""

    ids: Sequence[int]
    rejected: Sequence[Rejection]


def named(reader: Reader, said: Sequence[str], file: Path | None, table: "Table", *, needed: bool = True) -> Listed:
    """Return whom a command names, and the rows of its file that name nobody.

    Raises `NotFound` and `InvalidInput` for those named on the command line, and, if `needed`, when nobody is named.
    """
    ids = [party_id(reader, table, one) for one in said]
    if needed and file is None and not ids:
        raise InvalidInput(_("Say whom, or --file."))
    found = listed(reader, file, table) if file else Listed(ids=(), rejected=())
    return Listed(ids=list(dict.fromkeys([*ids, *found.ids])), rejected=found.rejected)


def print_done(told: Mapping[str, Sequence[int]], rejected: Sequence[Rejection], said: str, *, json_: bool) -> None:
    """Print what became of whom, and the rows that were left out; `said` has a place for each count."""
    if json_:
        problems = [{"line": one.line, "reason": one.reason, "raw": one.raw} for one in rejected]
        print_json({**{name: list(ids) for name, ids in told.items()}, "problems": problems})
        return
    tell(said.format(**{name: len(ids) for name, ids in told.items()}))
    for one in rejected:
        tell(_("line {line}: {reason}").format(line=one.line, reason=one.reason))


def listed(reader: Reader, path: Path, table: "Table") -> Listed:
    """Return whom a file (CSV, XLSX) names by id, e-mail address or name; the surest in a row counts.

    Three statements for each 5,000 rows. Raises `InvalidInput` for what is no table, and for one too long.
    """
    headings = _HEADINGS[table.name]
    rows: list[TableRow] = []
    rejected: list[Rejection] = []
    for row in table_rows(Source(path=path)):
        if len(rows) >= _MOST:
            raise InvalidInput(_("{file}: more than {most} rows; split it.").format(file=path.name, most=_MOST))
        if isinstance(row, Rejection):
            rejected.append(row)
        elif row.text(*headings):
            rows.append(row)
        else:
            raw = " | ".join(row.cells.values())
            rejected.append(Rejection(line=row.line, reason=_("it names nobody"), raw=raw))
    meant = party_ids(reader, table, [row.text(*headings) for row in rows])
    ids: dict[int, None] = {}
    for row in rows:
        said = row.text(*headings)
        if said in meant.ids:
            ids[meant.ids[said]] = None
        else:
            rejected.append(Rejection(line=row.line, reason=meant.problems[said], raw=said))
    return Listed(ids=list(ids), rejected=sorted(rejected, key=lambda one: one.line))
