"""`crm sales export`: opportunities for another system."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore_sales.i18n import _


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--status", type=click.Choice(["open", "won", "lost"]), help="Default: all.")
@click.option("--source", default="table", metavar="NAME", help="The system whose ids are given, as imports name it.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@as_json
def export(file: Path, status: str | None, source: str, force: bool, json_: bool) -> None:
    """Write opportunities into a CSV file in Salesforce's layout, as its Data Loader and `crm import` read it.

    Of opportunities, only what you may see; `crm sales opportunity list --out` writes reports for people.
    """
    from crmcore.api import InvalidInput, print_json, session, tell, whole, write_csv
    from crmcore_sales.formats.exporting import COLUMNS, opportunities

    if file.exists() and not force:
        raise InvalidInput(_("{file} is there already; --force writes over it.").format(file=file))
    count = -1  # the headings are no opportunity
    with session() as s, s.read() as reader, whole(file) as target:
        for line in write_csv(COLUMNS, opportunities(reader, status or "", source)):
            target.write(line)
            count += 1
    if json_:
        print_json({"file": str(file), "opportunities": count})
    else:
        tell(_("{n} opportunities in {file}.").format(n=count, file=file))
