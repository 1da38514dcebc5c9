"""`crm callcenter report`: the figures of calls."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_callcenter.i18n import _


@click.command()
@click.option("--from", "since", metavar="DAY", help="Calls that began on this day or after.")
@click.option("--to", "--until", "until", metavar="DAY", help="Calls that began on this day or before.")
@click.option("--month", metavar="YYYY-MM", help="Calls of a month; default: this month.")
@click.option(
    "--by", type=click.Choice(("queue", "agent", "hour", "day", "wrap-code")), default="queue", show_default=True,
    help="What to group by; hours are those of the day.",
)  # fmt: skip
@click.option("--queue", metavar="QUEUE", help="Only calls of a queue.")
@as_json
@out_option
def report(
    since: str | None, until: str | None, month: str | None, by: str, queue: str | None, json_: bool, out: Path | None
) -> None:
    """Show calls, answer times, abandoned ones, talk and wrap-up time, occupancy, first-contact resolution."""
    from crmcore.api import session
    from crmcore_callcenter.agents.naming import queue_named
    from crmcore_callcenter.figures.period import days
    from crmcore_callcenter.figures.report import figures
    from crmcore_callcenter.figures.telling import parts
    from crmcore_callcenter.figures.telling import report as told

    if month and (since or until):
        raise click.UsageError(_("Say one period: --month, or --from and --to."))
    with session() as s, s.read() as reader:
        first, last = days(reader, since, until, month)
        line = queue_named(reader, queue) if queue else None
        found = figures(reader, by, first, last, queue_id=line)
    whole = told(found)
    if json_ or out:
        present(whole, json_=json_, out=out)
        return
    calls, times = parts(whole)
    present(calls)
    click.echo()
    present(times)
