"""`crm service export`: tickets and what was said in them, for another system."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore_service.i18n import _


@click.command()
@click.argument("what", type=click.Choice(["tickets", "comments"]))
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE",
    help="The CSV file to write.",
)  # fmt: skip
@click.option("--source", default="table", metavar="NAME", help="The system whose ids are given, as imports name it.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@as_json
def export(what: str, file: Path, source: str, force: bool, json_: bool) -> None:
    """Write tickets, or what was said in them, into a CSV file in Salesforce's layout, as `crm import` reads it.

    Only what you may see; the lists for people are those of `ticket list --out`.
    """
    from crmcore.api import InvalidInput, print_json, session, tell, whole, write_csv
    from crmcore_service.formats import exporting

    if file.exists() and not force:
        raise InvalidInput(_("{file} is there already; --force writes over it.").format(file=file))
    columns, rows = {
        "tickets": (exporting.TICKETS, exporting.tickets),
        "comments": (exporting.COMMENTS, exporting.comments),
    }[what]
    count = -1  # the headings are no record
    with session() as s, s.read() as reader, whole(file) as target:
        for line in write_csv(columns, rows(reader, source)):
            target.write(line)
            count += 1
    if json_:
        print_json({"file": str(file), what: count})
    else:
        tell(_("{n} rows in {file}.").format(n=count, file=file))
