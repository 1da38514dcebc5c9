"""Commands: one that reads the workspace, and one that needs none."""

import os
from pathlib import Path

import click
from sqlalchemy import func, select

from crmcore_dummy.plugin import note

if "DUMMY_SEEN" in os.environ:
    Path(os.environ["DUMMY_SEEN"]).touch()  # so that a test sees the import


@click.group()
def dummy() -> None:
    """Count and greet."""


@dummy.command()
def count() -> None:
    from crmcore.cli.session import session

    with session() as s, s.read() as reader:
        click.echo(reader.value(select(func.count()).select_from(note)))


@dummy.command()
def greet() -> None:
    click.echo("hello")
