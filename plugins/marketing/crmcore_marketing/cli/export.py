"""`crm marketing export`: campaigns and their members for another system."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore_marketing.i18n import _


@click.command()
@click.argument("what", type=click.Choice(["campaigns", "members"]))
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
    help="The CSV file to write.",
)  # fmt: skip
@click.option("--campaign", default="", metavar="CAMPAIGN", help="Only of this one, with all below it.")
@click.option("--source", default="table", metavar="NAME", help="The system whose ids are given, as imports name it.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@as_json
def export(what: str, file: Path, campaign: str, source: str, force: bool, json_: bool) -> None:
    """Write campaigns or members into a CSV file in Salesforce's layout, as its Data Loader and `crm import` read it.

    Only what you may see; the reports for people are those of `campaign list --out` and `member list --out`.
    """
    from crmcore.api import InvalidInput, print_json, session, tell, whole, write_csv
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.formats import exporting

    if file.exists() and not force:
        raise InvalidInput(_("{file} is there already; --force writes over it.").format(file=file))
    columns, rows = {
        "campaigns": (exporting.CAMPAIGNS, exporting.campaigns),
        "members": (exporting.MEMBERS, exporting.members),
    }[what]
    count = -1  # the headings are no record
    with session() as s, s.read() as reader, whole(file) as target:
        key = campaign_named(reader, campaign) if campaign else None
        for line in write_csv(columns, rows(reader, key, source)):
            target.write(line)
            count += 1
    if json_:
        print_json({"file": str(file), what: count})
    else:
        tell(_("{n} rows in {file}.").format(n=count, file=file))
