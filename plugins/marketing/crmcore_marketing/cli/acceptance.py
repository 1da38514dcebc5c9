"""`crm marketing acceptance`: what sales made of what marketing handed over."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present


@click.command()
@click.option(
    "--by",
    type=click.Choice(("campaign", "agent", "product", "reason", "owner")),
    default="campaign",
    show_default=True,
    help="The agent is who asked, the owner who follows the lead.",
)
@click.option("--campaign", default="", metavar="CAMPAIGN", help="Of this campaign and those below it.")
@click.option("--since", metavar="DAY", help="Leads that came from this day on.")
@click.option("--until", metavar="DAY", help="Leads that came before this day.")
@as_json
@out_option
def acceptance(by: str, campaign: str, since: str | None, until: str | None, json_: bool, out: Path | None) -> None:
    """Show how many leads of marketing were accepted and rejected, and why, by campaign."""
    from crmcore.api import here, moment_said, session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.qualifying.acceptance import acceptance as found_in
    from crmcore_marketing.qualifying.acceptance import report

    with session() as s, s.read() as reader:
        place = here(reader)
        found = found_in(
            reader,
            by=by,
            campaign_id=campaign_named(reader, campaign) if campaign else None,
            since=moment_said("--since", since, place) if since else None,
            until=moment_said("--until", until, place) if until else None,
        )
        labels = {one.code: one.label for one in reader.definitions.terms if one.label}
    present(report(found, labels), json_=json_, out=out)
