"""`crm sales winloss`: why deals are won and lost."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crmcore.command import as_json
from crmcore.reports.showing import out_option, present
from crmcore_sales.i18n import _

if TYPE_CHECKING:
    from crmcore.reports.report import Report
    from crmcore_sales.competing.winloss import Group, WinLoss

_BY = ("reason", "product", "rep", "team", "size", "competitor", "channel", "region")
_TOLD = 5


@click.command()
@click.option("--by", type=click.Choice(_BY), default="reason", show_default=True, help="What to count by.")
@click.option("--from", "since", metavar="DATE", help="Deals closed on this day or after.")
@click.option("--to", "until", metavar="DATE", help="Deals closed on this day or before.")
@click.option("--owner", default="", metavar="LOGIN", help="Only this rep's.")
@click.option("--team", default="")
@click.option("--product", default="", metavar="CODE|NAME", help="Only those with this product.")
@click.option("--competitor", default="", metavar="NAME", help="Only those where this competitor was met.")
@click.option("--channel", default="")
@click.option("--region", default="")
@click.option("--bands", metavar="A,B,...", help="Where sizes begin, for --by size; default: 100000,1000000.")
@click.option("--limit", type=click.IntRange(1, 1000), default=30, show_default=True, help="How many groups at most.")
@as_json
@out_option
def winloss(
    by: str,
    since: str | None,
    until: str | None,
    owner: str,
    team: str,
    product: str,
    competitor: str,
    channel: str,
    region: str,
    bands: str | None,
    limit: int,
    json_: bool,
    out: Path | None,
) -> None:
    """Say why deals were won and lost: by reason, product, rep, team, size, competitor, channel or region.

    Shares come with how many they are of, and the range they lie in by 95%; of fewer than ten only the numbers are
    said.
    """
    from crmcore.api import day_said, here, session, user_named
    from crmcore_sales.competing.winloss import BANDS
    from crmcore_sales.competing.winloss import winloss as counted
    from crmcore_sales.pipeline.finding import Asked, Range

    with session() as s, s.read() as reader:
        today = here(reader).today
        closed = Range(
            low=day_said("--from", since, today) if since else None,
            high=day_said("--to", until, today) if until else None,
        )
        asked = Asked(
            owner_id=user_named(reader, owner).id if owner else None, team=team, product=product,
            competitor=competitor, channel=channel, region=region, closed_on=closed,
        )  # fmt: skip
        found = counted(reader, by, asked, limit=limit, bands=_bands(bands) if bands else BANDS)
    present(_report(found), json_=json_, out=out)


def _bands(text: str) -> list[Decimal]:
    """Return the limits of sizes, from the smallest; raises `InvalidInput`."""
    from crmcore.api import InvalidInput, money_said

    found = sorted({money_said("--bands", each)[0] for each in text.split(",") if each.strip()})
    if not found or found[0] <= 0:
        raise InvalidInput(_("--bands: write sums above nothing, such as 100000,1000000."))
    return found


def _report(found: "WinLoss") -> "Report":
    from crmcore.reports.report import Column, Report
    from crmcore_sales.competing.chance import said

    unknown = {"reason": _("no reason said")}.get(found.by, _("not known"))
    titles: tuple[str, ...] = (
        _("n"), _("won"), _("lost"), _("we win"), _("of the lost"), _("won amount"), _("lost amount"),
    )  # fmt: skip
    if found.by == "reason":
        titles = (_("lost"), _("of the lost"), _("lost amount"), _("won"), _("of the won"), _("won amount"))

    def cells(one: "Group") -> tuple[int | str | Decimal, ...]:
        if found.by == "reason":
            return one.lost, said(one.of_lost), one.lost_amount, one.won, said(one.of_won), one.won_amount
        return one.n, one.won, one.lost, said(one.rate), said(one.of_lost), one.won_amount, one.lost_amount

    return Report(
        title=_("Won and lost by {what}").format(what=_(found.by)),
        columns=[Column(_(found.by)), *(Column(one, number=True) for one in titles)],
        rows=[(one.label or unknown, *cells(one)) for one in found.groups],
        bars=[(one.label or unknown, Decimal(one.lost)) for one in found.groups if one.lost],
        notes=_notes(found, unknown),
        data=found,
    )


def _notes(found: "WinLoss", unknown: str) -> list[str]:
    """Return what was found in sentences: Won 60 of 160: 38% (31–46). Lost: price 44%, X 31% (n=100)."""
    from crmcore_sales.competing.chance import said

    whole = found.whole
    if not whole.n:
        return []
    notes = [_("Won {won} of {n}: {rate}.").format(won=whole.won, n=whole.n, rate=said(whole.rate))]
    lost = sorted((one for one in found.groups if one.lost), key=lambda one: -one.lost)[:_TOLD]
    if lost:
        notes.append(_("Lost: {shares} (n={n}).").format(shares=_shares(lost, unknown), n=whole.lost))
    if found.more:
        notes.append(_("{n} more groups; see --limit.").format(n=found.more))
    if found.unpriced:
        notes.append(_("{n} deals have no rate of their currency and are not in the amounts.").format(n=found.unpriced))
    notes.append(
        _("Bars: deals lost. Amounts in {currency}, at the rates of the day each was closed.").format(
            currency=found.currency
        )
    )
    return notes


def _shares(groups: "list[Group]", unknown: str) -> str:
    from crmcore.reports.report import percent

    few = groups[0].of_lost.few
    return ", ".join(f"{one.label or unknown} {one.lost if few else percent(one.of_lost.value)}" for one in groups)
