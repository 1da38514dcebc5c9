"""`crm history`: what happened to a record, and who did it."""

from typing import Any

import click

from crmcore.cli.output import as_json, paged, plain, print_json
from crmcore.cli.party_options import RECORD_ID
from crmcore.i18n import _


@click.command()
@click.argument("record_id", type=RECORD_ID, metavar="ID")
@paged
@as_json
def history(record_id: int, limit: int, after: int | None, json_: bool) -> None:
    """Tell what happened to a record and its parts, newest first: when, who, why, what before and after."""
    from crmcore.cli.card import local
    from crmcore.cli.session import session
    from crmcore.directory.history import page
    from crmcore.directory.moments import here

    with session() as s, s.read() as reader:
        found = page(reader, s.app.entities, record_id, limit=limit, after=after)
        zone = here(reader).zone
    if json_:
        print_json(found)
        return
    for entry in found:
        click.echo(
            f"{entry.id}  {local(entry.at, zone)}  {entry.actor}  {entry.type}  ({entry.cause or _('no cause')})"
        )
        for change in entry.changes:
            click.echo(f"    {change.field}: {_told(change.before)} -> {_told(change.after)}")
        for name, value in entry.data.items():
            click.echo(f"    {name}: {_told(value)}")


def _told(value: Any) -> str:
    if value in (None, ""):
        return "–"
    return str(value) if isinstance(value, str | int | float | list | dict) else str(plain(value))
