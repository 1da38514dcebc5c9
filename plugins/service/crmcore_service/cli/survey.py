"""`crm service survey`: how content customers are, who answered, and what is made good."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.period import days, over_days
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore_service.satisfaction.repeating import Repeat
    from crmcore_service.satisfaction.results import Content

_CHANNELS = ("call", "chat", "email", "form", "letter", "meeting", "message", "visit")


@click.group()
def survey() -> None:
    """Ask customers how content they are, 1 to 5, once a ticket is closed; low scores are made good."""


@survey.command()
@click.argument("ticket_", metavar="TICKET", default="")
def ask(ticket_: str) -> None:
    """Ask about a ticket now; without one about all that were closed lately, as the worker does by itself."""
    from crmcore.api import session, tell
    from crmcore_service.satisfaction.inviting import ask, invite
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.write() as tx:
        if ticket_:
            done = int(ask(tx, ticket_named(tx, ticket_)))
            withheld = 1 - done
        else:
            invited = invite(tx)
            done, withheld = invited.asked, invited.withheld
    tell(_("Asked: {n}; not asked: {m}.").format(n=done, m=withheld))


@survey.command()
@click.argument("ticket_", metavar="TICKET")
@click.option("--score", type=click.IntRange(1, 5), required=True, help="1 (not at all content) to 5.")
@click.option("--comment", default="", help="In the customer's own words.")
@click.option("--channel", type=click.Choice(_CHANNELS), default="call", show_default=True)
@as_json
def enter(ticket_: str, score: int, comment: str, channel: str, json_: bool) -> None:
    """Note what the customer of a ticket said, once."""
    from crmcore.api import print_json, session, tell
    from crmcore_service.satisfaction.taking import enter
    from crmcore_service.tickets.finding import ticket_named

    with session() as s, s.write() as tx:
        made = enter(tx, ticket_named(tx, ticket_), score, comment, channel=channel)
        told = {"id": made.id, "ticket": f"T{made.ticket_id}", "score": made.score, "task_id": made.task_id}
    if json_:
        print_json(told)
    elif told["task_id"] is None:
        tell(_("Noted."))
    else:
        tell(_("Noted; task {id} is to make it good.").format(id=told["task_id"]))


@survey.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def take(file: Path, json_: bool) -> None:
    """Take the ratings of a table (CSV, XLSX): ticket, score, comment, date, channel; each ticket's once."""
    from crmcore.api import InvalidInput, Rejection, Source, print_json, session, table_rows, tell
    from crmcore_service.satisfaction.taking import Taken, said_in, take

    unread: list[Rejection] = []
    said = []
    for row in table_rows(Source(path=file)):
        if isinstance(row, Rejection):
            unread.append(row)
            continue
        try:
            said.append(said_in(row))
        except InvalidInput as error:
            unread.append(Rejection(line=row.line, reason=str(error), raw=" | ".join(row.cells.values())))
    with session() as s, s.write() as tx:
        done = take(tx, said, source=file.name)
    rejected = sorted((*unread, *done.rejected), key=lambda one: one.line)
    told = Taken(
        read=done.read + len(unread), taken=done.taken, known=done.known, tasks=done.tasks, rejected=rejected
    )  # fmt: skip
    if json_:
        print_json(told)
        return
    for each in rejected:
        tell(_("{file}, line {line}: {reason}").format(file=file, line=each.line, reason=each.reason))
    click.echo(
        _(
            "Read {read}: taken {taken}, known already {known}, rejected {rejected}; {tasks} are to be made good."
        ).format(read=told.read, taken=told.taken, known=told.known, rejected=len(rejected), tasks=told.tasks)
    )


@survey.command()
@over_days
@click.option("--by", type=click.Choice(("queue", "category", "owner")), default="queue", show_default=True)
@as_json
@out_option
def report(since: str, until: str, by: str, json_: bool, out: Path | None) -> None:
    """Show how content customers are and who answered; who bought again is told beside it, never mixed in."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report, percent
    from crmcore_service.satisfaction.repeating import repeat
    from crmcore_service.satisfaction.results import content

    with session() as s, s.read() as reader:
        first, last = days(reader, since, until)
        whole, parts = content(reader, since=first, until=last, by=by)
        loyal = repeat(reader)
        most = int(reader.setting("service.recover_score"))
    low = sum(count for score, count in whole.scores.items() if score <= most)
    notes = [_said(whole), _answered(whole), _("Scores of {most} or less: {n}").format(most=most, n=low), _again(loyal)]

    def cells(one: "Content", name: str) -> tuple[Any, ...]:
        counts = [one.scores.get(score, 0) for score in range(1, 6)]
        return name, _mean(one), _range(one.range, ".1f"), one.n, *counts, percent(one.rate)

    told = Report(
        title=_("How content customers are"),
        columns=[
            Column(_(by)),
            *(Column(each, number=True) for each in (_("mean"), "95%", "n", "1", "2", "3", "4", "5", _("answered"))),
        ],
        rows=[*(cells(one, one.name or "–") for one in parts), cells(whole, _("all"))],
        bars=[(f"{score}", Decimal(whole.scores.get(score, 0))) for score in range(1, 6)] if whole.n else (),
        notes=notes,
        data={"total": _told(whole), by: [_told(one) for one in parts], "low": low, "repeat": _told_again(loyal)},
    )
    present(told, json_=json_, out=out)


@survey.command("list")
@over_days
@click.option("--status", type=click.Choice(("asked", "answered", "withheld")), default=None)
@click.option("--most", type=click.IntRange(1, 5), default=None, help="Only scores up to this.")
@paged
@as_json
@out_option
def list_(
    since: str, until: str, status: str | None, most: int | None, limit: int, after: int | None, json_: bool,
    out: Path | None,
) -> None:  # fmt: skip
    """List who was asked and what was said, the latest first: the cases of the report."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.satisfaction.results import ratings

    with session() as s, s.read() as reader:
        first, last = days(reader, since, until)
        found = ratings(
            reader, limit=limit, after=after, since=first, until=last, status=status or "", score=most
        )  # fmt: skip
    told = Report(
        title=_("Ratings"),
        columns=[
            Column(_("ticket")), Column(_("when"), day=True), Column(_("who")), Column(_("customer")),
            Column(_("score"), number=True), Column(_("comment")), Column(_("state")),
        ],
        rows=[
            (one.ticket, one.answered_at or one.asked_at, one.contact, one.customer, one.score, one.comment,
             f"{_(one.status)}: {one.reason}" if one.reason else _(one.status))
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


@survey.command()
@click.option("--status", type=click.Choice(("open", "done", "late")), default=None)
@paged
@as_json
@out_option
def recoveries(status: str | None, limit: int, after: int | None, json_: bool, out: Path | None) -> None:
    """List low scores and what is done about them: by whom, by when, and what the customer said since."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.satisfaction.recovering import recoveries

    with session() as s, s.read() as reader:
        found = recoveries(reader, limit=limit, after=after, status=status or "")
    told = Report(
        title=_("To be made good"),
        columns=[
            Column(_("task"), number=True), Column(_("ticket")), Column(_("customer")), Column(_("score"), number=True),
            Column(_("comment")), Column(_("owner")), Column(_("due")), Column(_("state")),
            Column(_("score since"), number=True),
        ],
        rows=[
            (one.task_id, one.ticket, one.customer or one.contact, one.score, one.comment, one.owner, one.due,
             _("late") if one.late else _(one.status), one.since)
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


def _said(one: "Content") -> str:
    if one.range is None:
        return _("{mean} of 5, n={n}: too few answers to conclude anything.").format(mean=_mean(one) or "–", n=one.n)
    return _("{mean} of 5, n={n}, with 95% confidence {range}.").format(
        mean=_mean(one), n=one.n, range=_range(one.range, ".1f")
    )


def _answered(one: "Content") -> str:
    from crmcore.reports.report import percent

    if one.rate is None:
        return _("Nobody was asked by mail in this time.")
    return _("Asked by mail: {asked}; answered: {answered} ({share}).").format(
        asked=one.asked, answered=one.answered, share=percent(one.rate)
    )


def _again(one: "Repeat") -> str:
    from crmcore.reports.report import percent

    if not one.known:
        return _("Who bought again is not known: no plugin keeps what is bought.")
    if one.rate is None or one.range is None:
        return _("Nobody bought anything yet.")
    said = _(
        "Apart from this, {share} of customers who bought did so again (n={n}, with 95% confidence {range})."
    ).format(share=percent(one.rate), n=one.bought, range=f"{percent(one.range[0])}–{percent(one.range[1])}")
    return f"{said} {_('Too few to conclude anything.')}" if one.bought < 5 else said


def _mean(one: "Content") -> str:
    return "" if one.mean is None else f"{one.mean:.1f}"


def _range(bounds: "tuple[float, float] | None", how: str) -> str:
    return "" if bounds is None else f"{bounds[0]:{how}}–{bounds[1]:{how}}"


def _told(one: "Content") -> dict[str, Any]:
    return {
        "name": one.name, "mean": None if one.mean is None else round(one.mean, 2), "n": one.n,
        "scores": {str(score): one.scores.get(score, 0) for score in range(1, 6)}, "asked": one.asked,
        "answered": one.answered, "rate": None if one.rate is None else round(one.rate, 4),
        "range": None if one.range is None else [round(each, 2) for each in one.range],
    }  # fmt: skip


def _told_again(one: "Repeat") -> dict[str, Any]:
    return {
        "known": one.known, "bought": one.bought, "again": one.again,
        "rate": None if one.rate is None else round(one.rate, 4),
        "range": None if one.range is None else [round(each, 4) for each in one.range],
    }  # fmt: skip
