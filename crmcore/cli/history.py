"""`crm history`: what happened to a record, and who did it."""

from typing import Any

import click

from crmcore.cli.output import as_json, paged, plain, print_json
from crmcore.cli.party_options import id_said
from crmcore.i18n import _


@click.command()
@click.argument("said", nargs=-1, required=True, metavar="ID|NAME")
@paged
@as_json
def history(said: tuple[str, ...], limit: int, after: int | None, json_: bool) -> None:
    """Tell what happened to a record and its parts, newest first: when, who, why, what before and after.

    Any record by its id; customers and contacts also by a name, a part of one, an e-mail address or a number.
    """
    from crmcore.cli.card import local
    from crmcore.cli.session import session
    from crmcore.directory.history import page
    from crmcore.directory.moments import here
    from crmcore.search.naming import the_one

    text = " ".join(said)
    with session() as s, s.read() as reader:
        place = here(reader)
        record_id = id_said(text)
        if record_id is None:
            record_id = the_one(reader, text, region=place.region).id
        found = page(reader, s.app.assembly.entities, record_id, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    for entry in found:
        click.echo(
            f"{entry.id}  {local(entry.at, place.zone)}  {entry.actor}  {entry.type}  ({entry.cause or _('no cause')})"
        )
        for change in entry.changes:
            click.echo(f"    {change.field}: {_told(change.before)} -> {_told(change.after)}")
        for name, value in entry.data.items():
            click.echo(f"    {name}: {_told(value)}")


def _told(value: Any) -> str:
    if value in (None, ""):
        return "–"
    return str(value) if isinstance(value, str | int | float | list | dict) else str(plain(value))
