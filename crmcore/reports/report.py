"""A report as a value: a table, perhaps a plot, and what must be known to read them."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

Cell = str | int | Decimal | date | datetime | None


@frozen
class Column:
    """A column of a report; numbers stand to the right. Of instants a column of days shows the day."""

    name: str
    number: bool = False
    day: bool = False


@frozen(kw_only=True)
class Report:
    """A table with a title; `bars` are the same told as a plot: what each bar is called, and how long it is.

    `notes` say on what the figures rest: the day of the rates, how many records. `data` is the same for programs.
    Instants among the cells are shown in the workspace's zone.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    bars: Sequence[tuple[str, Decimal]] = ()
    notes: Sequence[str] = ()
    data: Any = field(factory=list)


def in_zone(report: Report, zone: tzinfo) -> Report:
    """Return a report whose instants are in a zone, in columns of days the days there."""

    def local(column: Column, cell: Cell) -> Cell:
        if not isinstance(cell, datetime) or cell.tzinfo is None:
            return cell
        there = cell.astimezone(zone)
        return there.date() if column.day else there

    return evolve(
        report,
        rows=[[local(*placed) for placed in zip(report.columns, row, strict=True)] for row in report.rows],
    )


def money(amount: Decimal | None, currency: str = "") -> str:
    """Return an amount as people read it: 1,600,000.00 CNY; empty for none."""
    return "" if amount is None else f"{amount:,.2f} {currency}".rstrip()


def percent(part: Decimal | float | None, digits: int = 0) -> str:
    """Return a share of one as per cent: 0.44 is 44%; empty for none."""
    return "" if part is None else f"{float(part) * 100:.{digits}f}%"


def shown(cell: Cell) -> str:
    """Return a cell as people read it; numbers in groups of three digits."""
    match cell:
        case None:
            return ""
        case bool() | str():
            return str(cell)
        case int():
            return f"{cell:,}"
        case Decimal():
            return f"{cell:,f}"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
    return str(cell)
