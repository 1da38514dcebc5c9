"""`crm brief`: everything about a customer or contact."""

import sys
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crmcore.app import App
    from crmcore.directory.moments import Here
    from crmcore.engine.reader import Reader
    from crmcore.hooks.reading import Block
    from crmcore.plugins.findings import Failure
    from crmcore.search.naming import Named
    from crmcore.timeline.pages import Place


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--timeline", is_flag=True, help="Show only what passed between us, all of it, page by page.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="Entries of a page.")
@click.option(
    "--before", metavar="PLACE", help="Show what is older: a date, a point in time, or the place a page ended at."
)
@click.option("--kept", is_flag=True, help="Show what disabled plugins kept, too, as plain text.")
@as_json
def brief(name: tuple[str, ...], timeline: bool, limit: int, before: str | None, kept: bool, json_: bool) -> None:
    """Show everything about a customer or contact: an id, a name, a part of one, an e-mail address or a number.

    Each block comes from the part of the core or the plugin that owns it.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.engine import clock
    from crmcore.search.naming import the_one

    if before is not None and not timeline:
        raise click.UsageError(_("--before goes with --timeline."))
    with session() as s, s.read() as reader:
        place = here(reader)
        party = the_one(reader, " ".join(name), region=place.region)
        if timeline:
            failures = _timeline(s.app, reader, party, limit, _place(before, place), place, json_)
        else:
            failures = _brief(s.app, reader, party, clock.now().astimezone(place.zone), kept, json_)
    for plugin, why in dict.fromkeys((failure.plugin, failure.message) for failure in failures):
        tell(_("Plugin {plugin} failed; its part is missing: {why}").format(plugin=plugin, why=why))


def _place(text: str | None, here: "Here") -> "Place | None":
    from crmcore.directory.moments import moment_said
    from crmcore.timeline.pages import Place

    if text is None:
        return None
    return Place.read(text) or Place(at=moment_said("--before", text, here))


def _timeline(
    app: "App", reader: "Reader", party: "Named", limit: int, before: "Place | None", here: "Here", json_: bool
) -> "Iterable[Failure]":
    from crmcore.timeline.brief import alone, subject_of
    from crmcore.timeline.pages import page
    from crmcore.timeline.passed import block, told

    alone(reader)
    known = len(app.dispatcher.failures)
    subject = subject_of(reader, party.entity, party.id, party.name)
    found = page(reader, app.dispatcher, subject, limit=limit, before=before)
    following = None if found.before is None else str(found.before)
    if json_:
        print_json({"subject": subject, "entries": told(found.entries), "before": following})
    else:
        _print(block(found, here.zone))
        if following is not None:
            tell(_("For what is older: --before {place}").format(place=following))
    return app.dispatcher.failures[known:]


def _brief(
    app: "App", reader: "Reader", party: "Named", now: "datetime", kept: bool, json_: bool
) -> "Iterable[Failure]":
    from crmcore.lifecycle.kept import blocks as kept_blocks
    from crmcore.lifecycle.kept import disabled
    from crmcore.timeline.brief import brief as gather

    found = gather(reader, app.dispatcher, party.entity, party.id, party.name, now)
    more = kept_blocks(reader, found.subject, disabled(reader.connection)) if kept else ()
    shown = [*found.blocks, *(("core.lifecycle.kept", block) for block in more)]
    if json_:
        blocks = [
            {"plugin": plugin, "title": block.title, "headings": block.headings, "rows": block.rows, "data": block.data}
            for plugin, block in shown
        ]
        print_json({"subject": found.subject, "blocks": blocks})
    else:
        for number, (_plugin, block) in enumerate(shown):
            if number:
                click.echo()
            _print(block)
    return found.failures


def _print(block: "Block") -> None:
    """Print a block as wide as the terminal, its last column taking what is left."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", show_header=bool(block.headings))
    width = max(len(block.headings), *(len(row) for row in block.rows)) if block.rows else 0
    for place in range(width):
        heading = block.headings[place] if place < len(block.headings) else ""
        table.add_column(heading, overflow="fold")
    for row in block.rows:
        table.add_row(*[Text(str(cell)) for cell in row])
    console = Console(file=sys.stdout, highlight=False)
    console.print(Text(block.title, style="bold"))
    console.print(table)
