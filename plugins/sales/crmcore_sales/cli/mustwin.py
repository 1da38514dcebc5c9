"""`crm sales mustwin`: deals that must be won."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import RECORD_ID, as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Session
    from crmcore.reports.report import Report
    from crmcore_sales.forecasting.mustwins import MustWin, ReviewView


@click.group()
def mustwin() -> None:
    """Deals that must be won: a sponsor, a close plan, a review every week, an alert when the day slips."""


@mustwin.command("list")
@paged
@out_option
@as_json
def list_(limit: int, after: int | None, out: Path | None, json_: bool) -> None:
    """List the open must-wins, and what is amiss with them."""
    from crmcore.api import here, session
    from crmcore_sales.catalogue.rates import base
    from crmcore_sales.forecasting.mustwins import mustwins

    with session() as s, s.read() as reader:
        found, today, currency = mustwins(reader, limit=limit, after=after), here(reader).today, base(reader)
    present(_report(found, today, currency), json_=json_, out=out)


@mustwin.command()
@click.argument("opportunity", metavar="ID|TITLE")
@out_option
@as_json
def show(opportunity: str, out: Path | None, json_: bool) -> None:
    """Show a must-win: its close plan, its reviews, how far it slipped."""
    from crmcore.api import NotFound, here, session
    from crmcore_sales.forecasting.mustwins import mustwins, reviews
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s, s.read() as reader:
        found = mustwins(reader, only=opportunity_id(reader, opportunity))
        if not found:
            raise NotFound(_("“{text}” is no must-win; see `crm sales mustwin add`.").format(text=opportunity))
        held, today = reviews(reader, found[0].id), here(reader).today
    present(_card(found[0], held, today), json_=json_, out=out)


def _print_card(s: "Session", key: int) -> None:
    """Print a must-win after it was changed, as one JSON document."""
    from crmcore.api import here
    from crmcore_sales.forecasting.mustwins import mustwins, reviews

    with s.read() as reader:
        present(_card(mustwins(reader, only=key)[0], reviews(reader, key), here(reader).today), json_=True)


@mustwin.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.option("--sponsor", required=True, metavar="LOGIN", help="Who of ours backs it.")
@click.option("--step", "steps", multiple=True, metavar="DAY=TEXT", help="A step of the close plan; repeatable.")
@as_json
def add(opportunity: str, sponsor: str, steps: tuple[str, ...], json_: bool) -> None:
    """Make an open deal a must-win, with a sponsor and perhaps the first steps of its close plan."""
    from crmcore.api import owner_named, session, tell
    from crmcore_sales.forecasting.mustwins import mark
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s:
        with s.write() as tx:
            deal = mark(tx, opportunity_id(tx, opportunity), owner_named(tx, sponsor))
            _plan(tx, deal, steps)
            key, title = deal.id, deal.title
        if json_:
            return _print_card(s, key)
    tell(
        _("{title} must be won; {n} steps planned, sponsor {sponsor}.").format(
            title=title, n=len(steps), sponsor=sponsor
        )
    )


@mustwin.command()
@click.argument("opportunity", metavar="ID|TITLE")
@click.argument("note", metavar="TEXT")
@click.option("--need-by", metavar="DAY", help="The day it is needed by now.")
@click.option("--odds", type=click.IntRange(0, 100), metavar="PERCENT", help="How likely it is now.")
@click.option("--step", "steps", multiple=True, metavar="DAY=TEXT", help="A step more of the close plan; repeatable.")
@click.option("--done", multiple=True, type=RECORD_ID, metavar="TASK", help="A step that is done.")
@click.option("--on", "held", metavar="DAY", help="When it was held; default: today.")
@as_json
def review(
    opportunity: str,
    note: str,
    need_by: str | None,
    odds: int | None,
    steps: tuple[str, ...],
    done: tuple[int, ...],
    held: str | None,
    json_: bool,
) -> None:
    """Hold the weekly review of a must-win: what was found, and what changed."""  # fmt: skip
    from crmcore.api import Task, day_said, here, session, tell
    from crmcore_sales.forecasting.mustwins import EVERY, hold_review
    from crmcore_sales.model.opportunity import Opportunity
    from crmcore_sales.pipeline.finding import opportunity_id

    with session() as s:
        with s.write() as tx:
            today = here(tx).today
            key = opportunity_id(tx, opportunity)
            on = day_said("--on", held, today) if held else today
            needed = day_said("--need-by", need_by, today) if need_by else None
            hold_review(tx, key, note, on, need_by=needed, odds=odds)
            deal = tx.get(Opportunity, key)
            _plan(tx, deal, steps)
            for each in done:
                tx.get(Task, each).status = "done"
            title = deal.title
        if json_:
            return _print_card(s, key)
    tell(_("Reviewed: {title}; the next review is due in {days} days.").format(title=title, days=EVERY))


def _plan(tx: Any, deal: Any, steps: tuple[str, ...]) -> None:
    """Add steps to a close plan, each said as DAY=TEXT; raises `InvalidInput`."""
    from crmcore.api import InvalidInput, day_said, here
    from crmcore_sales.forecasting.mustwins import plan

    today = here(tx).today
    for one in steps:
        day, equals, text = one.partition("=")
        if not equals or not text.strip():
            raise InvalidInput(_("--step: write a day and what is to be done, 2026-12-01=Send the contract."))
        plan(tx, deal, text.strip(), day_said("--step", day.strip(), today))


def _report(found: "list[MustWin]", today: date, currency: str) -> "Report":
    from crmcore.reports.report import Column, Report, money

    worth = sum((one.worth for one in found if one.worth is not None), Decimal(0))
    columns = (_("title"), _("customer"), _("owner"), _("sponsor"), _("needed by"), _("plan"), _("reviewed"))
    return Report(
        title=_("{n} must-wins, {worth}").format(n=len(found), worth=money(worth, currency)),
        columns=[
            Column("id"), *(Column(one) for one in columns), Column(_("odds"), number=True),
            Column(_("amount"), number=True), Column(_("amiss")),
        ],
        rows=[
            (
                str(one.id), one.title, one.customer, one.owner, one.sponsor or "–", one.need_by,
                f"{sum(step.status != 'open' for step in one.steps)}/{len(one.steps)}", one.reviewed_on,
                "" if one.probability is None else f"{one.probability}%", money(one.amount, one.currency),
                "; ".join(one.flags(today)),
            )
            for one in found
        ],
        bars=[(one.title, one.worth) for one in found if one.worth is not None],
        notes=[_("{n} of them slipped, {m} wait for their review.").format(
            n=sum(one.slipped > 0 for one in found), m=sum(one.review_due < today for one in found)
        )],
        data={
            "n": len(found), "amount": worth, "currency": currency,
            "mustwins": [_told(one, today) for one in found],
        },
    )  # fmt: skip


def _card(one: "MustWin", held: "list[ReviewView]", today: date) -> "Report":
    from crmcore.reports.report import Column, Report, money

    columns = (_("what"), _("by"), _("day"), _("how it stands"))
    plan = [(step.subject, step.owner, step.due, step.status) for step in one.steps]
    found = [
        (
            _("review: {note}").format(note=each.note), each.by, each.held_on,
            _("{odds}%, needed by {day}").format(odds=each.probability, day=each.need_by),
        )
        for each in held
    ]  # fmt: skip
    return Report(
        title=f"{one.title}, {one.customer}: {money(one.amount, one.currency)}",
        columns=[Column(each) for each in columns],
        rows=[*plan, *found],
        notes=[
            _(
                "Owner {owner}, sponsor {sponsor}; needed by {day}, slipped {days} days since it was first stated."
            ).format(owner=one.owner or "–", sponsor=one.sponsor or "–", day=one.need_by or "–", days=one.slipped),
            *one.flags(today),
        ],
        data={**_told(one, today), "reviews": held},
    )


def _told(one: "MustWin", today: date) -> dict[str, Any]:
    import attrs

    return {**attrs.asdict(one, recurse=False), "flags": one.flags(today)}
