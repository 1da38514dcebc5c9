"""`crm brief`: everything about a customer or contact."""

import sys
from typing import TYPE_CHECKING

import click

from crmcore.cli.output import as_json, print_json, tell
from crmcore.i18n import _

if TYPE_CHECKING:
    from crmcore.hooks.reading import Block


@click.command()
@click.argument("name", nargs=-1, required=True)
@as_json
def brief(name: tuple[str, ...], json_: bool) -> None:
    """Show everything about a customer or contact: an id, a name, a part of one, an e-mail address or a number.

    Each block comes from the part of the core or the plugin that owns it.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.engine import clock
    from crmcore.search.naming import the_one
    from crmcore.timeline.brief import brief as gather

    with session() as s, s.read() as reader:
        place = here(reader)
        party = the_one(reader, " ".join(name), region=place.region)
        found = gather(reader, s.app.dispatcher, party.entity, party.id, party.name, clock.now().astimezone(place.zone))
    if json_:
        blocks = [
            {"plugin": plugin, "title": block.title, "headings": block.headings, "rows": block.rows, "data": block.data}
            for plugin, block in found.blocks
        ]
        print_json({"subject": found.subject, "blocks": blocks})
    else:
        for number, (_plugin, block) in enumerate(found.blocks):
            if number:
                click.echo()
            _print(block)
    for failure in found.failures:
        tell(_("Plugin {plugin} failed; its part is missing: {why}").format(plugin=failure.plugin, why=failure.message))


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
