"""`crm plugin new`: the beginning of a plugin."""

from pathlib import Path

import click

from crmcore.cli.output import as_json, print_json, tell
from crmcore.i18n import _


@click.command()
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=".",
    metavar="DIR",
    help="Where the new folder goes; default: here.",
)
@click.option("--title", default="", metavar="TEXT", help="What the plugin is for, in a few words.")
@as_json
def new(name: str, into: Path, title: str, json_: bool) -> None:
    """Write a small plugin NAME that works, as the beginning of your own, to the new folder crmcore-NAME."""
    from crmcore.scaffold.render import render

    folder = render(name, title, into, _taken())
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    if json_:
        print_json({"folder": str(folder), "files": written})
        return
    for path in written:
        click.echo(str(folder / path))
    tell(_("Next: pip install --editable {folder}, then crm plugin enable {name}.").format(folder=folder, name=name))


def _taken() -> dict[str, str]:
    """Return the names that are not free: the core's commands and tables, and the plugins that are installed."""
    from crmcore.cli.root import COMMANDS
    from crmcore.engine.tables import metadata
    from crmcore.plugins.discovery import installed

    core = [
        *COMMANDS,
        *(name[:end] for name in metadata.tables for end in range(len(name)) if name[end] == "_"),
        "core",
    ]
    return dict.fromkeys(core, _("the core")) | {one.name: one.distribution for one in installed()}
