"""`crm sales channel`: what each channel brings."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present


@click.command()
@click.option("--from", "since", metavar="DAY", help="Won from this day on; default: the first of January.")
@click.option("--until", metavar="DAY", help="Won until this day; default: today.")
@click.option("--by-partner", is_flag=True, help="By partner, not by channel.")
@as_json
@out_option
def channel(since: str | None, until: str | None, by_partner: bool, json_: bool, out: Path | None) -> None:
    """Show the revenue and margin of won deals by channel, and how many customers two partners work on."""
    from crmcore.api import currency, day_said, here, session
    from crmcore_sales.accounts.channels import channels, report
    from crmcore_sales.accounts.flags import flags

    with session() as s, s.read() as reader:
        today = here(reader).today
        last = day_said("until", until, today) if until else today
        first = day_said("from", since, today) if since else last.replace(month=1, day=1)
        brought = channels(reader, first, last, by_partner=by_partner)
        flagged, base = len(flags(reader, today)), currency(reader)
    present(report(brought, first, last, base, flagged), json_=json_, out=out)
