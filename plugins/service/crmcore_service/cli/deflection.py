"""`crm service deflection`: what was answered without an engineer, and each case of it."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_service.cli.period import days, over_days
from crmcore_service.i18n import _

if TYPE_CHECKING:
    from crmcore_service.answers.deflected import Saved

_STATES = ("offered", "confirmed", "refused", "ticket")


@click.group()
def deflection() -> None:
    """See which questions took no engineer; only those count that the customer confirmed."""


@deflection.command()
@over_days
@click.option("--by", type=click.Choice(("category", "channel", "answer")), default="category", show_default=True)
@as_json
@out_option
def report(since: str, until: str, by: str, json_: bool, out: Path | None) -> None:
    """Show how many of all questions were solved without an engineer, and the hours that saved."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report, percent
    from crmcore_service.answers.deflected import saved

    with session() as s, s.read() as reader:
        first, last = days(reader, since, until)
        whole, parts = saved(reader, since=first, until=last, by=by)

    def cells(one: "Saved", name: str) -> tuple[Any, ...]:
        return (
            name, one.asked, one.confirmed, percent(one.share), one.refused, one.tickets, one.undecided, one.unanswered,
            _hours(one.minutes),
        )  # fmt: skip

    notes = [
        _("{n} of {asked} solved without an engineer; {hours} h saved, counted only when confirmed.").format(
            n=whole.confirmed, asked=whole.asked, hours=_hours(whole.minutes)
        )
    ]
    if whole.unknown:
        notes.append(
            _(
                "Of {n} it is not known how long one takes: their categories have no minutes; they saved nothing."
            ).format(n=whole.unknown)
        )
    told = Report(
        title=_("Solved without an engineer"),
        columns=[
            Column(_(by)),
            *(
                Column(each, number=True)
                for each in (
                    _("asked"), _("confirmed"), "%", _("refused"), _("tickets"), _("open"), _("nothing"), _("hours"),
                )
            ),
        ],
        rows=[*(cells(one, one.name or "–") for one in parts), cells(whole, _("all"))],
        bars=[(one.name or "–", Decimal(one.confirmed)) for one in parts if one.confirmed],
        notes=notes,
        data={"total": _told(whole), by: [_told(one) for one in parts]},
    )  # fmt: skip
    present(told, json_=json_, out=out)


@deflection.command("list")
@over_days
@click.option("--status", type=click.Choice(_STATES), default=None, help="Only those of which this came.")
@click.option("--category", default="", metavar="CATEGORY", help="Only those of a category.")
@click.option("--answer", default="", metavar="TICKET", help="Only those that a ticket's answer was chosen for.")
@paged
@as_json
@out_option
def list_(
    since: str, until: str, status: str | None, category: str, answer: str, limit: int, after: int | None, json_: bool,
    out: Path | None,
) -> None:  # fmt: skip
    """List the questions, the latest first: the cases of the report."""
    from crmcore.api import session
    from crmcore.reports.report import Column, Report
    from crmcore_service.answers.deflected import cases
    from crmcore_service.tickets.finding import category_named, ticket_named

    with session() as s, s.read() as reader:
        first, last = days(reader, since, until)
        found = cases(
            reader, limit=limit, after=after, since=first, until=last, status=status or "",
            category_id=category_named(reader, category) if category else None,
            answer=("service_ticket", ticket_named(reader, answer)) if answer else None,
        )  # fmt: skip
    told = Report(
        title=_("Questions"),
        columns=[
            Column(_("which")), Column(_("when"), day=True), Column(_("who")), Column(_("question")),
            Column(_("state")), Column(_("answer")), Column(_("min"), number=True),
        ],
        rows=[
            (one.number, one.asked_at, one.contact, _line(one.question), _(one.status), _line(one.answer), one.minutes)
            for one in found
        ],
        data=found,
    )  # fmt: skip
    present(told, json_=json_, out=out)


@deflection.command()
@click.argument("question", metavar="QUESTION")
@as_json
def show(question: str, json_: bool) -> None:
    """Show a question: what was asked and offered, who said that it helped, and what it saved."""
    from crmcore.api import print_json, session
    from crmcore_service.answers.deflected import case_numbered, cases

    with session() as s, s.read() as reader:
        (one,) = cases(reader, limit=1, key=case_numbered(reader, question))
    if json_:
        print_json(one)
        return
    click.echo(f"{one.number}  {_(one.status)}  {one.asked_at:%Y-%m-%d %H:%M} UTC  {one.channel}  {one.contact}")
    click.echo(one.question)
    for each in one.offered:
        chosen = "*" if (each["entity"], each["id"]) == (one.answer_entity, one.answer_id) else " "
        click.echo(f" {chosen} {each['place']}  {each['title']}  ({each['entity']} {each['id']})")
    if one.confirmed_at is not None:
        by = one.confirmed_by or _("the customer")
        click.echo(_("Confirmed by {who}; {n} minutes ({basis}).").format(
            who=by, n="?" if one.minutes is None else one.minutes, basis=_(one.basis) if one.basis else _("not known")
        ))  # fmt: skip
    if one.ticket:
        click.echo(_("Ticket: {number}").format(number=one.ticket))


def _told(one: "Saved") -> dict[str, Any]:
    return {
        "name": one.name, "asked": one.asked, "confirmed": one.confirmed, "refused": one.refused,
        "tickets": one.tickets, "undecided": one.undecided, "unanswered": one.unanswered, "minutes": one.minutes,
        "hours": round(one.hours, 2), "unknown": one.unknown,
        "share": None if one.share is None else round(one.share, 4),
    }  # fmt: skip


def _hours(minutes: int) -> str:
    return f"{minutes / 60:,.1f}".removesuffix(".0")


def _line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else f"{flat[:39]}…"
