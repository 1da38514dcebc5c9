"""`crm search`: find anything by any part of a word."""

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.i18n import _


@click.command()
@click.argument("text", nargs=-1, required=True)
@paged
@as_json
def search(text: tuple[str, ...], limit: int, after: int | None, json_: bool) -> None:
    """Find customers, contacts, interactions and tasks by any part of a word, in any script.

    First who is called so, then whose name contains it or whose e-mail address or number begins with it, then what was
    said or noted, newest first. What others keep private is not found.
    """
    from crmcore.cli.session import session
    from crmcore.directory.moments import here
    from crmcore.search.query import search as find

    sought = " ".join(text)
    with session() as s, s.read() as reader:
        place = here(reader)
        found = find(reader, sought, limit=limit, after=after, region=place.region)
    if json_:
        print_json(found)
        return
    if not found:
        tell(_("Nothing found for “{text}”.").format(text=sought))
        return
    print_table(
        [_("id"), _("what"), _("title"), _("where"), _("found"), _("day")],
        [
            (
                one.id,
                _(one.entity),
                " · ".join(part for part in (one.title, one.context) if part),
                _(one.matched),
                one.snippet,
                one.at.astimezone(place.zone).date() if one.at else "",
            )
            for one in found
        ],
    )
    if len(found) == limit:
        tell(_("There may be more: --after {id}").format(id=found[-1].id))
