"""PDF documents, by ReportLab: paragraphs and tables in Chinese and English."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from crmcore.reports.fonts import font
from crmcore.reports.plot import drawing
from crmcore.reports.report import Column, Report, shown

_LINE, _HEAD = HexColor("#c8c8c8"), HexColor("#f0f0f0")
_WIDE = 6


def paragraph(text: str, *, size: float = 9, right: bool = False) -> Paragraph:
    """Return a paragraph of plain text, in a font that has its letters."""
    style = ParagraphStyle(
        "text", fontName=font(text), fontSize=size, leading=size * 1.35, wordWrap=None if text.isascii() else "CJK"
    )
    if right:
        style.alignment = TA_RIGHT
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def table(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> Table:
    """Return a table whose headings are repeated on every page."""
    cells = [[paragraph(column.name, size=8, right=column.number) for column in columns]]
    cells += [
        [paragraph(shown(cell), size=8, right=column.number) for column, cell in zip(columns, row, strict=True)]
        for row in rows
    ]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(cells, repeatRows=1, hAlign="LEFT", style=style)


def space(millimetres: float) -> Spacer:
    """Return so much room between two parts."""
    return Spacer(0, millimetres * mm)


def document(title: str, parts: Sequence[Flowable], *, wide: bool = False) -> bytes:
    """Return the PDF of a title and what follows it, on A4."""
    buffer = BytesIO()
    page = SimpleDocTemplate(
        buffer, pagesize=landscape(A4) if wide else A4, title=title, leftMargin=18 * mm, rightMargin=18 * mm,
        topMargin=16 * mm, bottomMargin=16 * mm,
    )  # fmt: skip
    page.build([paragraph(title, size=14), space(4), *parts])
    return buffer.getvalue()


def report_pdf(report: Report) -> bytes:
    """Return a report as PDF: its table, its plot, its notes."""
    parts: list[Flowable] = [table(report.columns, report.rows)]
    if report.bars:
        parts += [space(5), drawing(report.bars)]
    parts += [space(3), *(paragraph(note, size=8) for note in report.notes)]
    return document(report.title, parts, wide=len(report.columns) > _WIDE)
