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
    """Print rows as a table that fits the terminal."""
    from rich.console import Console  # half a hundred modules that --json does without
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False, header_style="bold"
    )
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*[Text("" if cell is None else str(cell)) for cell in row])
    Console(file=sys.stdout, highlight=False, soft_wrap=False).print(table)


def tell(message: str) -> None:
    """Say something to the person at the terminal, on standard error, where no program reads it as data."""
    click.echo(message, err=True)
