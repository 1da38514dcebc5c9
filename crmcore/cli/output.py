"""What commands print: one JSON document for programs, a table for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import click

from crmcore.command import as_json, paged

__all__ = ["as_json", "paged", "plain", "print_json", "print_table", "tell"]


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
    """Print rows as a table that fits the terminal; without headings, such as of names and values, it has no head.

    Where it is narrow, columns that are empty in every row are left out, and words are folded before numbers and dates.
    """
    from rich.console import Console  # half a hundred modules that --json does without
    from rich.text import Text

    from crmcore.cli.fitting import fitted

    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    table = fitted(console, headings, cells)
    if title:
        console.print(Text(title, style="italic"))  # a table's own title is folded to the table's width
    console.print(table)


def tell(message: str) -> None:
    """Say something to the person at the terminal, on standard error, where no program reads it as data."""
    click.echo(message, err=True)
