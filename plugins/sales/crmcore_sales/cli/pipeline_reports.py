"""`crm sales conformity` and `crm sales funnel`."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore.reports.report import Report
    from crmcore_sales.pipeline.conformity import Conformity
    from crmcore_sales.pipeline.finding import Range
    from crmcore_sales.pipeline.funnel import Funnel

_SHOWN = 20


def _between(reader: "Reader", since: str | None, until: str | None) -> "Range":
    from crmcore.api import day_said, here
    from crmcore_sales.pipeline.finding import Range

    today = here(reader).today
    low = day_said("since", since, today) if since else today.replace(year=today.year - 1, day=min(today.day, 28))
    return Range(low=low, high=day_said("until", until, today) if until else today)


@click.command()
@click.option("--since", metavar="DAY", help="Closed from this day on; default: a year ago.")
@click.option("--until", metavar="DAY", help="Closed until this day; default: today.")
@click.option("--owner", metavar="LOGIN")
@click.option("--team", default="", metavar="NAME")
@out_option
@as_json
def conformity(
    since: str | None, until: str | None, owner: str | None, team: str, out: Path | None, json_: bool
) -> None:
    """Tell how many closed deals went the way the process says, and what the others did.

    A deal conforms that skipped no stage, left none with its check list undone, and took only ways of the process.
    """
    from crmcore.api import session, user_named
    from crmcore_sales.pipeline.conformity import conformity as reckon
    from crmcore_sales.pipeline.finding import Asked

    with session() as s, s.read() as reader:
        span = _between(reader, since, until)
        of = user_named(reader, owner).id if owner else None
        found = reckon(reader, Asked(closed_on=span, owner_id=of, team=team))
    present(_conformity(found, span), json_=json_, out=out)


def _conformity(found: "Conformity", span: "Range") -> "Report":
    from crmcore.reports.report import Column, Report, percent

    notes = [_("closed {since} to {until}; {n} imported deals are left out").format(
        since=span.low, until=span.high, n=found.imported
    )]  # fmt: skip
    notes += [_("{n} deals: {why}").format(n=n, why=why) for why, n in found.reasons]
    return Report(
        title=_("{share} of {n} deals conformed to {process}").format(
            share=percent(found.share) or "–", n=found.deals, process=found.process
        ),
        columns=(Column(_("deal"), number=True), Column(_("title")), Column(_("owner")), Column(_("why not"))),
        rows=[(one.id, one.title, one.owner, "; ".join(one.why)) for one in found.strayed[:_SHOWN]],
        bars=[(one.owner or "–", Decimal(one.conformed * 100) / one.deals) for one in found.owners if one.deals],
        notes=notes,
        data={
            "process": found.process, "since": span.low, "until": span.high, "deals": found.deals,
            "conformed": found.conformed, "share": _told(found.share), "imported": found.imported,
            "reasons": [{"why": why, "deals": n} for why, n in found.reasons], "owners": found.owners,
            "strayed": found.strayed,
        },
    )  # fmt: skip


@click.command()
@click.option("--since", metavar="DAY", help="Begun from this day on; default: a year ago.")
@click.option("--until", metavar="DAY", help="Begun until this day; default: today.")
@click.option("--owner", metavar="LOGIN")
@click.option("--team", default="", metavar="NAME")
@click.option("--region", default="", metavar="NAME")
@click.option("--campaign", default="", metavar="NAME")
@click.option("--product", default="", metavar="CODE|NAME")
@out_option
@as_json
def funnel(since: str | None, until: str | None, out: Path | None, json_: bool, **given: Any) -> None:
    """Show how far deals come: what share goes on from each stage, how long they stay, and what is in it now."""
    from datetime import datetime, time, timedelta

    from crmcore.api import here, session, user_named
    from crmcore_sales.pipeline.finding import Asked
    from crmcore_sales.pipeline.funnel import funnel as reckon
    from crmcore_sales.tables import opportunity

    with session() as s, s.read() as reader:
        span, zone = _between(reader, since, until), here(reader).zone
        of = user_named(reader, given["owner"]).id if given["owner"] else None
        asked = Asked(owner_id=of, **{name: given[name] for name in ("team", "region", "campaign", "product")})
        begun = opportunity.c.created_at
        found = reckon(
            reader,
            asked,
            begun >= datetime.combine(span.low, time(), zone),
            begun < datetime.combine(span.high + timedelta(days=1), time(), zone),
        )
    present(_funnel(found, span), json_=json_, out=out)


def _funnel(found: "Funnel", span: "Range") -> "Report":
    from crmcore.reports.report import Column, Report, percent

    headings = (_("reached"), _("went on"), _("share"), _("lost here"), _("days"), _("open now"), _("amount"))
    unknown = sum(one.unknown for one in found.stages)
    notes = [_("{n} deals begun {since} to {until}: {won} won, {lost} lost; amounts in {currency}").format(
        n=found.deals, since=span.low, until=span.high, won=found.won, lost=found.lost, currency=found.currency
    )]  # fmt: skip
    if unknown:
        notes.append(_("{n} deals in a currency without a rate count nothing").format(n=unknown))
    return Report(
        title=_("Funnel"),
        columns=(Column(_("stage")), *(Column(name, number=True) for name in headings)),
        rows=[
            (
                one.label or one.stage, one.reached, one.onward, percent(one.conversion), one.lost,
                "" if one.days is None else f"{one.days:.1f}", one.open, one.amount,
            )
            for one in found.stages
        ],
        bars=[
            *((one.label or one.stage, Decimal(one.reached)) for one in found.stages),
            (_("won"), Decimal(found.won)),
        ],
        notes=notes,
        data={
            "since": span.low, "until": span.high, "deals": found.deals, "won": found.won, "lost": found.lost,
            "currency": found.currency,
            "stages": [
                {
                    "stage": one.stage, "label": one.label, "reached": one.reached, "onward": one.onward,
                    "conversion": _told(one.conversion), "lost": one.lost,
                    "days": _told(one.days), "open": one.open, "amount": one.amount,
                }
                for one in found.stages
            ],
        },
    )  # fmt: skip


def _told(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)
