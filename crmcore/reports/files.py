"""Reports in files: CSV and XLSX for spreadsheets, PDF for people, SVG for the plot."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from crmcore.errors import CrmError, InvalidInput
from crmcore.exporting.files import whole
from crmcore.exporting.sheet import write_csv
from crmcore.i18n import _
from crmcore.reports.report import Cell, Report

SUFFIXES = (".csv", ".xlsx", ".pdf", ".svg")
_DRAWN = (".pdf", ".svg")


def write(report: Report, path: Path) -> None:
    """Write a report into a file, whole or not at all; its suffix says how.

    Raises `InvalidInput` for another suffix, for SVG where there is no plot, and for what cannot be written; `CrmError`
    for PDF and SVG where ReportLab is not installed.
    """
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise InvalidInput(
            _("{file}: reports are written as {kinds}.").format(file=path.name, kinds=", ".join(SUFFIXES))
        )
    if kind == ".svg" and not report.bars:
        raise InvalidInput(_("“{title}” has no plot; write .csv, .xlsx or .pdf.").format(title=report.title))
    if kind in _DRAWN and find_spec("reportlab") is None:
        raise CrmError(
            _("{file}: {kind} needs a library more; install it by `pip install 'crmcore[reports]'`.").format(
                file=path.name, kind=kind
            )
        )
    with whole(path) as file:
        if kind == ".csv":
            file.writelines(_csv(report))
        elif kind == ".xlsx":
            _xlsx(report, file)
        elif kind == ".pdf":
            from crmcore.reports.pdf import report_pdf

            file.write(report_pdf(report))
        else:
            from crmcore.reports.plot import svg

            file.write(svg(report.title, report.bars).encode())


def _csv(report: Report) -> Iterator[bytes]:
    headings = [column.name for column in report.columns]
    return write_csv(headings, ([_plain(cell) for cell in row] for row in report.rows))


def _plain(cell: Cell) -> str | int | Decimal:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case int() | Decimal() | str():
            return cell
    return cell.isoformat()


def _xlsx(report: Report, file: IO[bytes]) -> None:
    """Write a sheet; texts are texts, whatever they begin with, so that none is run as a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title="".join(c for c in report.title if c not in r"[]:*?/\\")[:31] or "Report")
    sheet.freeze_panes = "A2"

    def made(cell: Cell, *, bold: bool = False) -> Any:
        naive: Any = cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell  # Excel knows no zones
        one = WriteOnlyCell(sheet, value=naive)
        if isinstance(cell, str):
            one.data_type = "s"
        if bold:
            one.font = Font(bold=True)
        return one

    sheet.append([made(column.name, bold=True) for column in report.columns])
    for row in report.rows:
        sheet.append([made(cell) for cell in row])
    for note in report.notes:
        sheet.append([made(note)])
    book.save(file)
