"""What each channel brought: revenue and margin of the deals that were won, in the workspace's currency (row S2-16)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import define, frozen
from sqlalchemy import Select, and_, case, func, select

from crmcore.api import PluginReader, Reader, names, tables
from crmcore.reports.report import Column, Report, money, percent
from crmcore_sales.catalogue.rates import Rates, rates
from crmcore_sales.i18n import _
from crmcore_sales.tables import line, opportunity, product, quote, quote_line

_MOST = 100_000
_CENT = Decimal("0.01")
DIRECT, PARTNER = "direct", "partner"
_QUOTE, _LINES = "quote", "lines"


@frozen(kw_only=True)
class Brought:
    """What came through a channel: deals won and their revenue; of `costed` revenue the cost is known.

    `margin` is what of that is left.
    """

    name: str
    deals: int
    revenue: Decimal
    costed: Decimal
    margin: Decimal

    @property
    def margin_share(self) -> Decimal | None:
        """What is left of the revenue whose cost is known, as a share of it."""
        return self.margin / self.costed if self.costed else None


@define
class _Sums:
    deals: int = 0
    revenue: Decimal = Decimal(0)
    costed: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)


def channels(reader: Reader | PluginReader, since: date, until: date, *, by_partner: bool = False) -> list[Brought]:
    """Return what each channel brought from a day to a day, the most revenue first: five statements.

    A deal counts with the rate of the day it was won. Its cost is that of the quote that was accepted, else of its
    products as they cost now; a deal of which one line's cost is unknown is not among those costed.
    """
    won = _won(since, until, by_partner=by_partner).subquery().c
    known = rates(reader, until, since)
    found: dict[Any, _Sums] = defaultdict(_Sums)
    day = func.max(won.closed_on).label("day")
    for row in reader.rows(
        select(won.name, won.currency, won.rate, won.costed, day, func.count().label("n"),
               func.sum(won.amount).label("amount"))
        .group_by(won.name, won.currency, won.rate, won.costed).limit(_MOST)
    ):  # fmt: skip
        sums, worth = found[row.name], (row.amount or Decimal(0)) * _rate(known, row)
        sums.deals += row.n
        sums.revenue += worth
        sums.costed += worth if row.costed else 0
    q, part, one, p = quote.c, quote_line.c, line.c, product.c
    quoted = (
        select(won.name, q.currency, won.rate, part.cost, day, func.sum(part.quantity).label("quantity"))
        .where(won.costed == _QUOTE, q.opportunity_id == won.id, q.status == "accepted", part.quote_id == q.id)
        .group_by(won.name, q.currency, won.rate, part.cost)
    )
    for row in reader.rows(quoted.limit(_MOST)):
        found[row.name].cost += row.quantity * row.cost * _rate(known, row)
    listed = (
        select(won.name, p.cost, p.currency, day, func.sum(one.quantity).label("quantity"))
        .where(won.costed == _LINES, one.opportunity_id == won.id, p.id == one.product_id)
        .group_by(won.name, p.id, p.cost, p.currency)
    )
    for row in reader.rows(listed.limit(_MOST)):
        found[row.name].cost += known.convert(row.quantity * row.cost, row.currency, row.day)
    return _told(reader, found, by_partner=by_partner)


def _told(reader: Reader | PluginReader, found: dict[Any, _Sums], *, by_partner: bool) -> list[Brought]:
    called = names(reader, tables.customer, found) if by_partner else {}
    brought = [
        Brought(
            name=called.get(key, DIRECT if key is None else str(key)) if by_partner else key,
            deals=one.deals,
            revenue=one.revenue.quantize(_CENT),
            costed=one.costed.quantize(_CENT),
            margin=(one.costed - one.cost).quantize(_CENT),
        )
        for key, one in found.items()
    ]
    return sorted(brought, key=lambda one: (-one.revenue, one.name))


def _won(since: date, until: date, *, by_partner: bool) -> Select[Any]:
    """Return the statement for the deals won from a day to a day, with the name they are counted under.

    `costed` says by what the cost of one is known: an accepted quote, its lines; empty where a line's is not.
    """
    o, q, part, p, one = opportunity.c, quote.alias().c, quote_line.alias().c, product.alias().c, line.alias().c
    channel = case((o.channel != "", o.channel), (o.partner_id.is_not(None), PARTNER), else_=DIRECT)
    accepted = select(q.id).where(q.opportunity_id == o.id, q.status == "accepted").exists()
    quoted = select(part.id).where(part.quote_id == q.id, q.opportunity_id == o.id, q.status == "accepted")
    listed = select(one.id).where(one.opportunity_id == o.id)
    known = select(p.id).where(p.id == one.product_id, p.cost.is_not(None)).exists()
    costed = case(
        (and_(accepted, quoted.exists(), ~quoted.where(part.cost.is_(None)).exists()), _QUOTE),
        (and_(~accepted, listed.exists(), ~listed.where(~known).exists()), _LINES),
        else_="",
    )
    name = o.partner_id if by_partner else channel
    return select(o.id, name.label("name"), o.currency, o.rate, o.amount, o.closed_on, costed.label("costed")).where(
        o.status == "won", o.closed_on >= since, o.closed_on <= until
    )


def _rate(known: Rates, row: Any) -> Decimal:
    return row.rate if row.rate is not None else known.on(row.currency, row.day)


def report(brought: Sequence[Brought], since: date, until: date, base: str, flagged: int) -> Report:
    """Return the channels as a report; `flagged` are the customers that several work on."""
    revenue, costed = sum(one.revenue for one in brought), sum(one.costed for one in brought)
    notes = [_("In {currency}, at the rates of the days on which the deals were won.").format(currency=base)]
    if costed != revenue:
        known = percent(costed / revenue if revenue else None)
        notes.append(_("The cost of {share} of the revenue is known; margins are of that.").format(share=known))
    if flagged:
        notes.append(_("{n} customers have two partners; see `crm sales partner conflicts`.").format(n=flagged))
    return Report(
        title=_("Channels from {since} to {until}").format(since=since, until=until),
        columns=(
            Column(_("channel")), Column(_("won deals"), number=True), Column(_("revenue"), number=True),
            Column(_("margin"), number=True), Column(_("margin %"), number=True),
        ),
        rows=[
            (one.name, one.deals, money(one.revenue), money(one.margin), percent(one.margin_share, 1))
            for one in brought
        ],
        bars=[(one.name, one.revenue) for one in brought],
        notes=notes,
        data={
            "since": since, "until": until, "currency": base, "flagged": flagged,
            "channels": [
                {"channel": one.name, "deals": one.deals, "revenue": one.revenue, "costed": one.costed,
                 "margin": one.margin, "margin_share": one.margin_share and round(one.margin_share, 4)}
                for one in brought
            ],
        },
    )  # fmt: skip
