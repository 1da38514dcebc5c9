"""`crm trail`: what a record came from, and what became of it."""

import click

from crmcore.cli.output import as_json, print_json, print_table, tell
from crmcore.i18n import _


@click.command()
@click.argument("entity")
@click.argument("record", metavar="ID|NAME")
@click.option(
    "--limit", type=click.IntRange(1, 1_000), default=200, show_default=True, help="How many at most, to each side."
)
@as_json
def trail(entity: str, record: str, limit: int, json_: bool) -> None:
    """Follow a record in both directions: what it came from, and all that became of it.

    ENTITY is its kind by its full or short name: campaign, lead, opportunity, quote; the record is named by its id,
    code, number or name. Links are made where one record is converted into another.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.trails.naming import entity_named, record_named
    from crmcore.trails.trail import trail as follow

    with session() as s, s.read() as reader:
        place = here(reader)
        entities = s.app.assembly.entities
        kind = entity_named(entities, entity)
        is_id = record.isascii() and record.isdigit()  # that of a removed record too: its links tell of it
        key = int(record) if is_id else record_named(reader, kind.table, record, called=_(kind.name))
        found = follow(reader, entities, (kind.name, key), limit=limit)
    if json_:
        print_json({"trail": found.stops, "cut": found.cut})
        return
    print_table(
        [_("step"), _("what"), _("id"), _("title"), _("state"), _("day"), _("came of")],
        [
            (
                f"{one.step:+}" if one.step else "→",
                _(one.name),
                one.id,
                " · ".join(each for each in (one.title, one.about) if each)
                if one.present
                else _("(not here any more)"),
                _(one.label) if one.label else "",
                one.at.astimezone(place.zone).date() if one.at else "",
                f"{_(one.came_of.name)} {one.came_of.id}" if one.came_of else "",
            )
            for one in found.stops
        ],
    )
    if found.cut:
        tell(_("There is more: --limit."))
