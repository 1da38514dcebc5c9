"""Plots, by ReportLab: bars with their names and numbers, as a drawing for PDF or as SVG."""

from collections.abc import Sequence
from decimal import Decimal

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor

from crmcore.reports.fonts import font

_WIDTH, _ROW, _NAMES, _NUMBERS = 480, 16, 130, 90
_BAR = HexColor("#3b6ea5")


def drawing(bars: Sequence[tuple[str, Decimal]], title: str = "") -> Drawing:
    """Return bars from top to bottom, each in proportion to the largest."""
    top = 22 if title else 0
    height = len(bars) * _ROW + top + 4
    made = Drawing(_WIDTH, height)
    if title:
        made.add(_text(0, height - 14, title, 11))
    largest = max((abs(value) for _name, value in bars), default=Decimal(0)) or Decimal(1)
    room = _WIDTH - _NAMES - _NUMBERS
    for place, (name, value) in enumerate(bars):
        y = height - top - (place + 1) * _ROW
        length = float(max(value, Decimal(0)) / largest) * room
        made.add(_text(0, y + 4, name, 8))
        made.add(Rect(_NAMES, y + 2, length, _ROW - 5, fillColor=_BAR, strokeColor=None))
        made.add(_text(_NAMES + length + 4, y + 4, f"{value:,.2f}".removesuffix(".00"), 8))
    return made


def svg(title: str, bars: Sequence[tuple[str, Decimal]]) -> str:
    """Return the plot as an SVG document."""
    made: str = renderSVG.drawToString(drawing(bars, title))
    return made


def _text(x: float, y: float, text: str, size: float) -> String:
    return String(x, y, text, fontName=font(text), fontSize=size)
