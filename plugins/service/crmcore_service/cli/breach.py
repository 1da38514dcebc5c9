"""`crm service breach`: what ran out, and what is about to."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.priorities import ONE_OF_THEM, PRIORITIES
from crmcore_service.i18n import _


@click.group()
def breach() -> None:
    """See which clocks of tickets and work orders ran out, and which are about to."""


@breach.command("list")
@click.option("--clock", type=click.Choice(["owner", "response", "resolution", "visit"]), default=None)
@click.option("--queue", metavar="QUEUE")
@click.option("--owner", metavar="LOGIN")
@click.option("--priority", type=PRIORITIES, metavar=ONE_OF_THEM, default=None)
@click.option("--until", metavar="INSTANT", help="What is due until then, too; default: in the next 4 hours.")
@click.option("--late", is_flag=True, help="Only what ran out.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.option("--after", metavar="CLOCK:ID", default="", help="Go on after this one (the key of the last one shown).")
@as_json
@out_option
def list_(
    clock: str | None, queue: str | None, owner: str | None, priority: str | None, until: str | None, late: bool,
    limit: int, after: str, json_: bool, out: Path | None,
) -> None:  # fmt: skip
    """List the clocks that run and are due, the earliest first: the overdue ones, then those that are about to be."""
    from datetime import timedelta

    from crmcore.api import here, moment_said, record_named, session, user_named
    from crmcore.reports.report import Column, Report
    from crmcore_service.levels.breaching import Asked, page
    from crmcore_service.tables import queue as queues

    with session() as s, s.read() as reader:
        asked = Asked(
            until=moment_said("--until", until, here(reader)) if until else reader.now + timedelta(hours=4),
            clock=clock or "", priority=priority or "", late=late,
            queue_id=record_named(reader, queues, queue, called=_("queue")) if queue else None,
            owner_id=user_named(reader, owner).id if owner else None,
        )  # fmt: skip
        found = page(reader, asked, limit=limit, after=after)
    report = Report(
        title=_("Clocks that ran out, or are about to"),
        columns=(
            Column(_("which")), Column(_("clock")), Column(_("due")), Column(_("minutes late"), number=True),
            Column(_("P")), Column(_("subject")), Column(_("whose")),
        ),
        rows=[
            (
                one.number, _(one.clock), one.due, one.minutes if one.breached else None, one.priority, one.subject,
                one.owner or one.queue,
            )
            for one in found
        ],
        notes=(_("Go on with --after {key}.").format(key=found[-1].key),) if len(found) == limit else (),
        data=found,
    )  # fmt: skip
    present(report, json_=json_, out=out)
