"""`crm sales weekly`: the report of a week, which nobody types."""

from pathlib import Path

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option
from crmcore_sales.i18n import _


@click.command()
@click.option("--rep", metavar="LOGIN", help="Whose week; default: yours.")
@click.option("--team", help="The week of a team instead.")
@click.option("--week", default="", metavar="WEEK", help="Such as 2026-W48, or a day of it; default: this week.")
@as_json
@out_option
def weekly(rep: str | None, team: str | None, week: str, json_: bool, out: Path | None) -> None:
    """Write the report of a week from what is recorded: talks, leads, deals, quotes, tasks, and what comes next."""
    from sqlalchemy import select

    from crmcore.api import NotFound, session, tables, user_named
    from crmcore.reports.report import Column, Report, money
    from crmcore.reports.showing import present
    from crmcore_sales.coaching.weekly import told, week_said

    with session() as s, s.read() as reader:
        span = week_said(reader, week)
        if team:
            user = tables.user_account.c
            users = [row.id for row in reader.rows(select(user.id).where(user.team == team).limit(1000))]
            if not users:
                raise NotFound(_("There is nobody in the team “{team}”.").format(team=team))
        else:
            users = [user_named(reader, rep).id if rep else s.actor.user_id]
        found = told(reader, users, span)
    who = team or rep or s.actor.login
    report = Report(
        title=_("{week} of {who}: {begin} to {end}").format(
            week=span.name, who=who, begin=span.monday.isoformat(), end=span.sunday.isoformat()
        ),
        columns=(Column(""), Column(_("how many"), number=True), Column(_("amount"), number=True), Column(_("which"))),
        rows=[
            (one.what, one.count, money(one.amount) if one.amount else "", ", ".join(one.which))
            for one in found
            if one.count
        ],
        notes=(_("written from what is recorded; nothing of it was typed for this report"),),
        data={
            "week": span.name,
            "of": who,
            "from": span.monday,
            "until": span.sunday,
            "told": {one.key: {"count": one.count, "amount": one.amount, "which": one.which} for one in found},
        },
    )
    present(report, json_=json_, out=out)
