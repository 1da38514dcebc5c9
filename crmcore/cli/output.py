"""What commands print: one JSON document for programs, a table for people."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import click

from crmcore.command import as_json, paged

__all__ = ["as_json", "paged", "plain", "print_json", "print_table", "tell"]

_NUMBER = re.compile(r"(?:[-+]?\d[\d,.:%–-]{0,15}(?: [A-Z]{3})?)?")
"""A number, an amount, a share or a date, or nothing."""
_SHORT, _ANY = 12, 10_000


def plain(value: Any) -> Any:
    """Return a value as JSON has it; used where the encoder knows no better."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if attrs.has(type(value)):
        return {a.name: getattr(value, a.name) for a in attrs.fields(type(value))}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_json(data: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=plain))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print rows as a table that fits the terminal.

    Where it is narrow, columns that are empty in every row are left out, and words are folded before numbers and dates.
    """
    from rich.console import Console  # half a hundred modules that --json does without
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]

    def made(places: Iterable[int]) -> Table:
        shown = [*places]
        table = Table(box=None, pad_edge=False, header_style="bold")
        for place in shown:
            whole = all(_NUMBER.fullmatch(row[place]) for row in cells)
            table.add_column(headings[place], overflow="fold", no_wrap=whole and len(headings[place]) <= _SHORT)
        for row in cells:
            table.add_row(*[Text(row[place]) for place in shown])
        return table

    table = made(range(len(headings)))
    if cells and console.measure(table, options=console.options.update(width=_ANY)).maximum > console.width:
        table = made(place for place in range(len(headings)) if any(row[place] for row in cells))
    if title:
        console.print(Text(title, style="italic"))  # a table's own title is folded to the table's width
    console.print(table)


def tell(message: str) -> None:
    """Say something to the person at the terminal, on standard error, where no program reads it as data."""
    click.echo(message, err=True)
