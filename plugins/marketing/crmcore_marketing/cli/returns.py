"""`crm marketing return`: what campaigns brought back for what was spent."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crmcore.command import as_json, paged
from crmcore.reports.showing import out_option, present
from crmcore_marketing.i18n import _

if TYPE_CHECKING:
    from crmcore.api import Reader
    from crmcore_marketing.attribution.crediting import Span

F = TypeVar("F", bound=Callable[..., Any])
_TOUCH = click.Choice(("first", "last"))


def spanned(function: F) -> F:
    """Add the options of every question about returns: --from, --to and --days."""
    since = click.option("--from", "since", metavar="DAY", help="Won, and spent, on this day or after.")
    until = click.option("--to", "until", metavar="DAY", help="Won, and spent, on this day or before.")
    days = click.option(
        "--days", type=click.IntRange(1, 3650),
        help="How long before a win a touch counts; default: as the workspace has it set (365).",
    )  # fmt: skip
    return since(until(days(function)))


def span_said(reader: "Reader", since: str | None, until: str | None, days: int | None) -> "Span":
    """Return the span that the options say."""
    from crmcore.api import day_said, here
    from crmcore_marketing.attribution.crediting import Span
    from crmcore_marketing.attribution.window import days_of

    place = here(reader)
    return Span(
        since=day_said("--from", since, place.today) if since else None,
        until=day_said("--to", until, place.today) if until else None,
        days=days or days_of(reader),
        zone=place.zone,
    )


@click.group("return")
def returns() -> None:
    """Show what campaigns brought back: won business is credited to the first or last touch that led to it."""


@returns.command("list")
@click.option(
    "--by", type=click.Choice(("campaign", "type", "channel", "product", "programme")), default="campaign",
    show_default=True, help="What to group by; a campaign is shown with all below it.",
)  # fmt: skip
@click.option("--touch", type=_TOUCH, help="Only by this touch, with more figures; default: both.")
@click.option("--under", default="", metavar="CAMPAIGN", help="Only campaigns below this one.")
@click.option("--deals", "drill", is_flag=True, help="List the orders themselves.")
@click.option("--unattributed", is_flag=True, help="With --deals: those that came from no campaign we know of.")
@spanned
@paged
@as_json
@out_option
def list_(
    by: str,
    touch: str | None,
    under: str,
    drill: bool,
    unattributed: bool,
    since: str | None,
    until: str | None,
    days: int | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Compare what was spent with the revenue and margin it brought, the most revenue first."""
    from crmcore.api import bought, currency, session
    from crmcore_marketing.attribution.comparing import product_report
    from crmcore_marketing.attribution.deals import deals
    from crmcore_marketing.attribution.keys import keys
    from crmcore_marketing.attribution.products import sold
    from crmcore_marketing.attribution.returns import returns
    from crmcore_marketing.attribution.telling import deals_report, list_report
    from crmcore_marketing.campaigns.finding import campaign_named

    with session() as s, s.read() as reader:
        span = span_said(reader, since, until, days)
        rows = keys("campaign" if by == "product" else by, under=campaign_named(reader, under) if under else None)
        if drill:
            listed = deals(
                reader, bought(reader), span, by=None if unattributed else rows, touch=touch or "", limit=limit,
                after=after,
            )  # fmt: skip
            title = _("Orders that came from no campaign we know of") if unattributed else _("Orders from campaigns")
            report = deals_report(listed, title, currency(reader))
        elif by == "product":
            found = returns(reader, rows, span)
            goods = sold(reader, bought(reader), rows, span, touch or "last")
            report = product_report(goods, found, touch or "last", limit)
        else:
            report = list_report(returns(reader, rows, span), touch or "", limit)
    present(report, json_=json_, out=out)


@returns.command()
@click.argument("campaign")
@click.option("--touch", type=_TOUCH, help="Only by this touch, with more figures; default: both.")
@click.option("--deals", "drill", is_flag=True, help="List the orders themselves.")
@spanned
@paged
@as_json
@out_option
def show(
    campaign: str,
    touch: str | None,
    drill: bool,
    since: str | None,
    until: str | None,
    days: int | None,
    limit: int,
    after: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Show what a campaign brought with all below it, each of those, and the orders it is made of."""
    from crmcore.api import bought, currency, session
    from crmcore_marketing.attribution.deals import deals
    from crmcore_marketing.attribution.keys import keys, only
    from crmcore_marketing.attribution.returns import returns
    from crmcore_marketing.attribution.telling import deals_report, list_report
    from crmcore_marketing.campaigns.finding import campaign_named, campaign_titles

    with session() as s, s.read() as reader:
        key, span = campaign_named(reader, campaign), span_said(reader, since, until, days)
        if drill:
            listed = deals(
                reader, bought(reader), span, by=only([key]), touch=touch or "", limit=limit, after=after
            )  # fmt: skip
            title = _("Orders from {campaign}").format(campaign=campaign_titles(reader, [key])[key])
            report = deals_report(listed, title, currency(reader))
        else:
            report = list_report(returns(reader, keys("campaign", under=key), span), touch or "", limit)
    present(report, json_=json_, out=out)


@returns.command()
@click.argument("which", nargs=-1, required=True, metavar="CAMPAIGN|TYPE...")
@click.option("--by", type=click.Choice(("campaign", "type", "channel", "programme")), default="campaign")
@click.option("--touch", type=_TOUCH, default="last", show_default=True)
@spanned
@as_json
@out_option
def compare(
    which: tuple[str, ...],
    by: str,
    touch: str,
    since: str | None,
    until: str | None,
    days: int | None,
    json_: bool,
    out: Path | None,
) -> None:
    """Put campaigns side by side, each with all below it, or types: cost, people, and buyers of every product."""
    from crmcore.api import bought, session
    from crmcore_marketing.attribution.choosing import chosen
    from crmcore_marketing.attribution.comparing import compare_report
    from crmcore_marketing.attribution.products import sold

    with session() as s, s.read() as reader:
        span = span_said(reader, since, until, days)
        rows, found, lines = chosen(reader, by, which, span)
        goods = sold(reader, bought(reader), rows, span, touch)
        report = compare_report(found, lines, goods, touch)
    present(report, json_=json_, out=out)
