"""`crm service level report`."""

from pathlib import Path

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.priorities import ONE_OF_THEM, PRIORITIES
from crmcore_service.i18n import _


@click.command()
@click.option("--month", metavar="YYYY-MM", help="The month in which the tickets were opened; default: this month.")
@click.option("--clock", type=click.Choice(["owner", "response", "resolution", "visit"]), default=None)
@click.option("--priority", type=PRIORITIES, metavar=ONE_OF_THEM, default=None)
@click.option("--queue", metavar="QUEUE")
@click.option("--show", type=click.Choice(["met", "missed"]), default=None, help="List what the figure is made of.")
@paged
@as_json
@out_option
def report(
    month: str | None, clock: str | None, priority: str | None, queue: str | None, show: str | None, limit: int,
    after: int | None, json_: bool, out: Path | None,
) -> None:  # fmt: skip
    """Say how often each clock of the tickets opened in a month came to its end in time: by priority, by queue."""
    from crmcore.api import here, record_named, session
    from crmcore_service.levels.reporting import Asked, figures, records
    from crmcore_service.levels.reporting import report as made
    from crmcore_service.tables import queue as queues

    with session() as s, s.read() as reader:
        line = record_named(reader, queues, queue, called=_("queue")) if queue else None
        month = month or f"{here(reader).today:%Y-%m}"
        asked = Asked(month=month, clock=clock or "", priority=priority or "", queue_id=line)
        if show:
            behind = records(reader, asked, met=show == "met", limit=limit, after=after)
        else:
            found = made(figures(reader, asked), asked)
    if not show:
        present(found, json_=json_, out=out)
        return
    from crmcore.reports.report import Column, Report

    listed = Report(
        title=_("{clock}, {month}: {what}").format(
            clock=_(clock) if clock else "", month=month, what=_("kept") if show == "met" else _("missed")
        ),
        columns=(
            Column(_("which")), Column(_("subject")), Column(_("priority")), Column(_("owner")), Column(_("opened")),
            Column(_("due")), Column(_("ended")),
        ),
        rows=[
            (one.number, one.subject, one.priority, one.owner, one.opened_at, one.due, one.ended_at) for one in behind
        ],
        data=behind,
    )  # fmt: skip
    present(listed, json_=json_, out=out)
