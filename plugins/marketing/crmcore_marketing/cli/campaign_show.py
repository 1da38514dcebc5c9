"""`crm marketing campaign list|show|tree`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.cli.campaign_told import data, figures_of, listed, print_card
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_marketing.campaigns.views import Asked


@click.command("list")
@click.option("--type", default="", metavar="WORD")
@click.option("--status", default="", metavar="STATE")
@click.option("--mine", is_flag=True, help="Only your own.")
@click.option("--owner", metavar="LOGIN")
@click.option("--parent", metavar="CAMPAIGN", help="Only those right below this one.")
@click.option("--programme", metavar="NAME|ID", help="Only those of this programme.")
@click.option("--top", is_flag=True, help="Only those below no other.")
@click.option("--name", default="", metavar="TEXT", help="With this in the name.")
@click.option("--from", "since", metavar="DAY", help="Those that ended on this day or later.")
@click.option("--to", "until", metavar="DAY", help="Those that began on this day or before.")
@paged
@as_json
@out_option
def list_(limit: int, after: int | None, json_: bool, out: Path | None, **given: Any) -> None:
    """List campaigns, each with what it and those below it cost and brought."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.views import statement, views
    from crmcore_marketing.tables import campaign

    with session() as s, s.read() as reader:
        wanted = statement(_asked(reader, s.actor.user_id, given)).limit(limit)
        if after is not None:
            wanted = wanted.where(campaign.c.id > after)
        found = views(reader, wanted)
        report = listed(found, figures_of(reader, found))
    present(report, json_=json_, out=out)


def _asked(reader: "Reader", me: int, given: dict[str, Any]) -> "Asked":
    from crmcore.api import day_said, here, user_named
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.views import Asked
    from crmcore_marketing.programmes.finding import programme_named

    today = here(reader).today
    return Asked(
        type=given["type"],
        status=given["status"],
        owner_id=me if given["mine"] else user_named(reader, given["owner"]).id if given["owner"] else None,
        parent_id=campaign_named(reader, given["parent"]) if given["parent"] else None,
        programme_id=programme_named(reader, given["programme"]) if given["programme"] else None,
        top=given["top"],
        text=given["name"],
        since=day_said("--from", given["since"], today) if given["since"] else None,
        until=day_said("--to", given["until"], today) if given["until"] else None,
    )


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@as_json
def show(campaign: str, json_: bool) -> None:
    """Show a campaign: what is planned, what it cost and brought with those below it. See also `page`."""
    from crmcore.api import print_json, session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.views import view

    with session() as s, s.read() as reader:
        found = view(reader, campaign_named(reader, campaign))
        brought = figures_of(reader, [found])[found.id]
    if json_:
        print_json(data(found, brought))
    else:
        print_card(found, brought)


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@click.option("--limit", type=click.IntRange(1, 10_000), default=500, show_default=True, help="How many at most.")
@as_json
@out_option
def tree(campaign: str, limit: int, json_: bool, out: Path | None) -> None:
    """Show a campaign and those below it; the figures of each are those of all below it, too."""
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.tree import branches, drawn

    with session() as s, s.read() as reader:
        found = branches(reader, campaign_named(reader, campaign), limit=limit)
        brought = figures_of(reader, [one.campaign for one in found])
    report = listed([drawn(one) for one in found], brought)
    notes = report.notes
    if len(found) == limit:
        notes = (*notes, _("There may be more below it; see --limit."))
    from attrs import evolve

    told = [{**data(one.campaign, brought[one.campaign.id]), "depth": one.depth} for one in found]
    present(evolve(report, notes=notes, bars=report.bars[1:], data=told), json_=json_, out=out)
