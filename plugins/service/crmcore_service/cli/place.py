"""`crm service place`: where towns and postal codes lie, so that distances can be told."""

from pathlib import Path

import click

from crmcore.command import as_json, paged
from crmcore_service.i18n import _


@click.group()
def place() -> None:
    """Where towns, districts and postal codes lie; nothing is asked of a network."""


@place.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, json_: bool) -> None:
    """Take places from a table (CSV, XLSX): name, postal code, latitude, longitude; either name or code is enough."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.assets.place_table import take_places

    with session() as s, s.write() as tx:
        done = take_places(tx, file)
    if json_:
        print_json(done)
        return
    tell(_("{added} places are new, {moved} lie elsewhere now.").format(added=done.added, moved=done.moved))
    for one in done.problems:
        tell(_("line {line}: {reason}").format(line=one.line, reason=one.reason))


@place.command("list")
@click.option("--name", default="", metavar="TEXT", help="Only those whose name begins so.")
@paged
@as_json
def list_(name: str, limit: int, after: int | None, json_: bool) -> None:
    """List places."""
    from crmcore.api import print_json, print_table, session, tell
    from crmcore_service.assets.places import page

    with session() as s, s.read() as reader:
        found = page(reader, limit=limit, after=after, begins=name)
    if json_:
        print_json(found)
        return
    if not found:
        tell(_("No places are known here; `crm service place import` takes them from a table."))
        return
    print_table(
        [_("id"), _("name"), _("latitude"), _("longitude"), _("source")],
        [(one.id, one.name, one.latitude, one.longitude, one.source) for one in found],
    )


@place.command()
@click.argument("text")
@as_json
def show(text: str, json_: bool) -> None:
    """Show where a town, a postal code or an address lies."""
    from crmcore.api import print_json, session
    from crmcore_service.assets.places import place_named

    with session() as s, s.read() as reader:
        found = place_named(reader, text)
    if json_:
        print_json(found)
    else:
        click.echo(f"{found.name}: {found.latitude}, {found.longitude}")
