"""`crm due`: what is due."""

import click

from crmcore.cli.output import as_json, paged, print_json, print_table, tell
from crmcore.i18n import _


@click.command()
@click.option("--until", metavar="DATE", help="Up to this day, such as 2026-12-31; default: the end of this week.")
@click.option("--mine/--all", default=True, show_default=True, help="What is yours to do, or everybody's.")
@paged
@as_json
def due(until: str | None, mine: bool, limit: int, after: int | None, json_: bool) -> None:
    """Show tasks and promises that are overdue, due today and due this week."""
    from crmcore.cli.session import session
    from crmcore.directory.moments import day_said, here
    from crmcore.engine import clock
    from crmcore.timeline.due import due as find
    from crmcore.timeline.due import week_end

    with session() as s, s.read() as reader:
        today = clock.now().astimezone(here(reader).zone).date()
        last = day_said("--until", until, today) if until else week_end(today)
        found = find(reader, today, until=last, owner_id=s.actor.user_id if mine else None, limit=limit, after=after)
    if json_:
        print_json(found)
        return
    if not found:
        tell(_("Nothing is due up to {day}.").format(day=last))
        return
    for when in dict.fromkeys(one.when for one in found):
        print_table(
            [_("id"), _("due"), _("who"), _("about"), _("what")],
            [
                (
                    one.id,
                    one.due,
                    one.owner if one.by == "us" else _("them"),
                    " · ".join(name for name in (one.contact, one.customer) if name),
                    f"{one.subject} ({_('promise')})" if one.kind == "promise" else one.subject,
                )
                for one in found
                if one.when == when
            ],
            title=_(when),
        )
    if len(found) == limit:
        tell(_("There may be more: --after {id}").format(id=found[-1].id))
