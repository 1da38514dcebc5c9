"""`crm marketing coverage`: how many of these people sales already talks to."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmcore.reports.report import Report
    from crmcore_marketing.coverage.covering import Coverage, Person


@click.command()
@click.option("--material", default="", metavar="CODE", help="Of those who got this material.")
@click.option("--campaign", default="", metavar="CAMPAIGN", help="Of its members.")
@click.option("--audience", default="", metavar="NAME", help="Of whom this audience chooses.")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How far back a touch counts."
)
@click.option("--who", type=click.Choice(("touched", "none")), help="List these people instead of counting.")
@paged
@as_json
@out_option
def coverage(
    material: str,
    campaign: str,
    audience: str,
    days: int,
    who: str | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Count how many of these people had a touch of sales lately, by rep, and how many none."""
    from crmcore.api import session
    from crmcore_marketing.cli.people import chosen_people
    from crmcore_marketing.coverage.covering import coverage, persons

    with session() as s, s.read() as reader:
        people = chosen_people(reader, material=material, campaign=campaign, audience=audience)
        if who:
            listed = persons(reader, people, days=days, touched=who == "touched", limit=limit, after=after)
            told = _listed(listed, who)
        else:
            told = _counted(coverage(reader, people, days=days))
    present(told, json_=json_, out=out)


def _counted(found: "Coverage") -> "Report":
    from crmcore.reports.report import Column, Report, percent

    def share(part: int) -> str:
        return percent(part / found.total) if found.total else ""

    return Report(
        title=_("Of {total} people {touched} had a touch of sales in {days} days, {none} none").format(
            total=found.total, touched=found.touched, days=found.days, none=found.none
        ),
        columns=[Column(_("rep")), Column(_("people"), number=True), Column(_("of all"), number=True)],
        rows=[
            *((one.login, one.people, share(one.people)) for one in found.reps),
            (_("nobody"), found.none, share(found.none)),
        ],
        bars=[(one.login, Decimal(one.people)) for one in found.reps],
        notes=[_("Whom two reps know is counted with both.")] if found.reps else [],
        data={
            "total": found.total, "touched": found.touched, "none": found.none, "days": found.days,
            "since": found.since, "reps": found.reps,
        },
    )  # fmt: skip


def _listed(people: "Sequence[Person]", who: str) -> "Report":
    from crmcore.reports.report import Column, Report

    return Report(
        title=_("Sales talked to") if who == "touched" else _("Nobody of sales talked to"),
        columns=[Column(_("id"), number=True), Column(_("contact")), Column(_("last"), day=True), Column(_("rep"))],
        rows=[(one.id, one.name, one.last_at, one.rep) for one in people],
        data=people,
    )
