"""`crm marketing campaign page`: all that is known of a campaign on one page."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_marketing.cli.campaign_told import data, figures_of, plain
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_marketing.attribution.figures import Figures
    from crmcore_marketing.campaigns.overview import Overview
    from crmcore_marketing.campaigns.views import CampaignView

_MOST = 50
"""How many campaigns right below it are told at most."""
Line = tuple[str, Any, Any, str]
"""What, planned, actual, and how much of the plan that is."""


@click.command()
@click.argument("campaign", metavar="CAMPAIGN")
@as_json
@out_option
def page(campaign: str, json_: bool, out: Path | None) -> None:
    """Show a campaign all round: plan and actual, who was reached and answered, leads, orders, opt-outs, what it cost.

    With all campaigns below it. --out makes a page to pass on: .pdf, .xlsx, .csv, or .svg for the plot.
    """
    from crmcore.api import session
    from crmcore_marketing.campaigns.finding import campaign_named
    from crmcore_marketing.campaigns.overview import overview
    from crmcore_marketing.campaigns.views import Asked, statement, view, views

    with session() as s, s.read() as reader:
        key = campaign_named(reader, campaign)
        found = view(reader, key)
        below = views(reader, statement(Asked(parent_id=key)).limit(_MOST))
        brought = figures_of(reader, [found, *below])
        seen = overview(reader, key)
    present(_report(found, below, brought, seen), json_=json_, out=out)


def _report(
    one: "CampaignView", below: "Sequence[CampaignView]", brought: "Mapping[int, Figures]", seen: "Overview"
) -> "Report":
    import attrs

    from crmcore.reports.report import Column, Report

    own = brought[one.id]
    reached = {"reached": seen.reached, "opted_out": seen.mail.opted_out}
    lines = [*_against_plan(one, own, seen), *_parts(below, brought, seen)]
    return Report(
        title=_("Campaign {name}").format(name=f"{one.code} {one.name}".strip()),
        columns=[
            Column(_("what")), Column(_("planned"), number=True), Column(_("actual"), number=True),
            Column(_("of the plan"), number=True),
        ],
        rows=lines,
        bars=[
            (name, Decimal(n))
            for name, n in (
                (_("reached"), seen.reached), (_("answered"), own.responses), (_("leads"), own.leads),
                (_("orders"), own.won), (_("opted out"), seen.mail.opted_out),
            )
        ],
        notes=_notes(one, own, below),
        data={
            **data(one, own), **reached, "overview": attrs.asdict(seen),
            "below": [data(each, brought[each.id]) for each in below],
        },
    )  # fmt: skip


def _against_plan(one: "CampaignView", own: "Figures", seen: "Overview") -> Iterator[Line]:
    """Yield what was planned beside what came."""
    plan, of = one.plan, f" ({own.currency})"
    revenue = plan.revenue if plan.currency == own.currency else None
    yield from (
        _line(_("cost") + of, plain(own.planned_cost), plain(own.cost)),
        _line(_("members"), None, own.members),
        _line(_("reached"), plan.reached, seen.reached),
        _line(_("answered"), None, own.responses),
        _line(_("leads"), plan.leads, own.leads),
        _line(_("orders"), plan.orders, own.won),
        _line(_("revenue") + of, plain(revenue), plain(own.revenue)),
        _line(_("margin") + of, None, plain(own.margin)),
        _line(_("opted out"), None, seen.mail.opted_out),
    )
    for what, part in (
        (_("cost of an answer"), own.responses), (_("cost of a lead"), own.leads), (_("cost of an order"), own.won)
    ):  # fmt: skip
        if part and own.cost:
            yield _line(what + of, None, plain((own.cost / part).quantize(Decimal("0.01"))))
    for name, value in one.outcome.items():
        yield _line(_(name), None, value)


def _parts(below: "Sequence[CampaignView]", brought: "Mapping[int, Figures]", seen: "Overview") -> Iterator[Line]:
    """Yield of what it consists: members by state, how people met it, mail, costs, events, surveys, materials."""
    for state in seen.states:
        yield _line(f"{_('members')}: {_(state.status)}", None, state.members)
    for met in seen.touches:
        how = f"{_(met.kind)} ({_(met.channel)})" if met.channel else _(met.kind)
        yield _line(f"{_('people')}: {how}", None, met.people)
    if seen.mail.messages:
        for name in ("sent", "bounced", "clicked", "replied"):
            yield _line(f"{_('mails')}: {_(name)}", None, getattr(seen.mail, name))
    for cost in seen.costs:
        yield _line(f"{_('cost')}: {cost.what or _('not said')}", None, plain(cost.amount))
    for event in seen.events:
        yield _line(f"{event.name}: {_('attended')}", event.registered, event.attended)
    for survey in seen.surveys:
        yield _line(f"{survey.name}: {_('answers')}", None, survey.answers)
    for material in seen.materials:
        yield _line(f"{_('people who got')} {material.code}", None, material.people)
    for each in below:
        own = brought[each.id]
        name = f"{each.code} {each.name}".strip()
        yield _line(f"{name}: {_('cost')}", plain(own.planned_cost), plain(own.cost))
        yield _line(f"{name}: {_('orders')}", each.plan.orders, own.won)


def _line(what: str, planned: Any, actual: Any) -> Line:
    share = f"{Decimal(actual) / Decimal(planned) * 100:.0f}%" if planned and actual is not None else ""
    return what, planned, actual, share


def _notes(one: "CampaignView", own: "Figures", below: "Sequence[CampaignView]") -> list[str]:
    span = " – ".join(each.isoformat() for each in (one.starts_on, one.ends_on) if each)
    about = (_(one.status), one.type and _(one.type), one.place, span, one.channel, one.industry, one.owner)
    notes = [", ".join(each for each in about if each) + "."]
    if one.products:
        notes.append(_("For: {products}.").format(products=", ".join(one.products)))
    if one.children:
        notes.append(_("With the {n} campaigns below it.").format(n=one.children))
    if len(below) < one.children:
        notes.append(_("Of these, the first {n} are told; see `tree`.").format(n=len(below)))
    if own.revenue is None:
        notes.append(_("Revenue is not known here: nobody tells of won business, or you may not see it."))
    notes.append(_("Orders and leads are credited to the last campaign that touched who gave them."))
    if one.note:
        notes.append(one.note)
    return notes
