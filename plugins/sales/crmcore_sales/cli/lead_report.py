"""`crm sales lead leaks|outcomes|clocks`."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _


@click.command()
@click.option("--days", type=click.IntRange(1, 3660), default=7, show_default=True, help="Of how many days to count.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many to name.")
@as_json
@out_option
def leaks(days: int, owner: str | None, limit: int, json_: bool, out: Path | None) -> None:
    """Name the leads that leak: nobody's for too long, or without a word of ours; and say how the others fared."""
    from crmcore.api import session, user_named
    from crmcore_sales.leads.leaking import leaks as find
    from crmcore_sales.leads.leaking import report

    with session() as s, s.read() as reader:
        found = find(reader, days=days, limit=limit, owner_id=user_named(reader, owner).id if owner else None)
    present(report(found), json_=json_, out=out)


@click.command()
@click.option(
    "--by",
    type=click.Choice(["source", "campaign", "region", "owner", "reason"]),
    default="source",
    show_default=True,
    help="How they are grouped.",
)
@click.option("--days", type=click.IntRange(1, 3660), default=90, show_default=True, help="Of the last days.")
@click.option("--owner", metavar="LOGIN", help="Only this user's.")
@as_json
@out_option
def outcomes(by: str, days: int, owner: str | None, json_: bool, out: Path | None) -> None:
    """Show what became of leads: how many were contacted, accepted, rejected and why. The mirror for marketing."""
    from datetime import timedelta

    from crmcore.api import session, user_named
    from crmcore_sales.leads.outcomes import outcomes as find
    from crmcore_sales.leads.outcomes import report

    with session() as s, s.read() as reader:
        now = reader.now
        owner_id = user_named(reader, owner).id if owner else None
        until = now + timedelta(microseconds=1)
        found = find(reader, since=now - timedelta(days=days), until=until, by=by, owner_id=owner_id)
        labels = {one.code: one.label for one in reader.definitions.terms if one.label}
    present(report(found, labels), json_=json_, out=out)


@click.command()
@click.option("--owner-hours", type=float, metavar="N", help="How long a lead may be nobody's.")
@click.option("--contact-hours", type=float, metavar="N", help="How long it may be without a word of ours.")
@click.option("--calendar", metavar="NAME", help="The business calendar whose hours count; always: all hours.")
@as_json
def clocks(owner_hours: float | None, contact_hours: float | None, calendar: str | None, json_: bool) -> None:
    """Show how long leads may wait; with an option, set it. The worker gives them away and tells managers by it."""
    from crmcore.api import print_json, session
    from crmcore_sales.leads.clocks import clocks as read
    from crmcore_sales.leads.clocks import set_clocks

    with session() as s:
        if owner_hours is None and contact_hours is None and calendar is None:
            with s.read() as reader:
                found = read(reader)
        else:
            with s.write() as tx:
                found = set_clocks(tx, owner_hours=owner_hours, contact_hours=contact_hours, calendar=calendar)
    name = found.calendar.name
    told = {"owner_hours": found.owner_hours, "contact_hours": found.contact_hours, "calendar": name}
    if json_:
        print_json(told)
        return
    click.echo(
        _("A lead gets an owner within {owner:g} hours and our first word within {contact:g}, by the calendar {name}.")
        .format(owner=found.owner_hours, contact=found.contact_hours, name=name)
    )  # fmt: skip
