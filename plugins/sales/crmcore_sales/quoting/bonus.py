"""What a deal adds to a rep's commission, and how far the next tier is (row S2-Q3)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import NotFound, PluginReader, Reader, here
from crmcore.reports.report import money
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.finding import opportunity_id
from crmcore_sales.quoting.views import one, quote_id
from crmcore_sales.tables import commission, opportunity, quote

_CENT, _HUNDRED = Decimal("0.01"), Decimal(100)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@frozen(kw_only=True)
class Bonus:
    """What a deal adds: `attained` was won in the period before it, `adds` is the commission on it.

    `tier` is the next one that is not reached with it, `percent` how much of that is attained with it; without a next
    one `tier` is the highest and `percent` 100. Amounts are in `currency`, the workspace's.
    """

    currency: str
    period: str
    since: date
    attained: Decimal
    amount: Decimal
    adds: Decimal
    earned: Decimal
    tier: int
    percent: int


def plan(reader: Reader | PluginReader, day: date) -> Sequence[Any]:
    """Return the tiers of the plan that holds on a day, the lowest first; empty where there is none."""
    c = commission.c
    newest = select(func.max(c.since)).where(c.since <= day).scalar_subquery()
    return reader.rows(select(commission).where(c.since == newest).order_by(c.tier).limit(100))


def bonus(
    reader: Reader | PluginReader, owner_id: int, amount: Decimal, currency: str, *, leaving: int | None = None
) -> Bonus | None:
    """Return what a deal of that amount adds to a rep's commission in this period; None without a plan.

    `leaving` is the opportunity itself, which is left out of what was attained before. Four statements.
    """
    today = here(reader).today
    tiers = plan(reader, today)
    if not tiers:
        return None
    known = rates(reader, today)
    since = _begin(today, tiers[0].period)
    attained = _attained(reader, owner_id, since, today, leaving, known.base)
    worth = known.convert(amount, currency, today)
    total = attained + worth
    earned = _commission(tiers, total)
    following = next((row for row in tiers if row.attained > total), None)
    return Bonus(
        currency=known.base,
        period=tiers[0].period,
        since=since,
        attained=attained,
        amount=worth,
        adds=earned - _commission(tiers, attained),
        earned=earned,
        tier=tiers[-1].tier if following is None else following.tier,
        percent=100 if following is None else int(total / following.attained * _HUNDRED),
    )


def _begin(day: date, period: str) -> date:
    months = _MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _attained(
    reader: Reader | PluginReader, owner_id: int, since: date, today: date, leaving: int | None, base: str
) -> Decimal:
    """Return what a rep won in the period in the base currency, each currency at the rate kept with the deal."""
    c = opportunity.c
    rows = reader.rows(
        select(c.currency, c.rate, func.sum(c.amount).label("amount"))
        .where(
            c.owner_id == owner_id, c.status == "won", c.closed_on >= since, c.closed_on <= today,
            c.id != (leaving or 0), c.amount.is_not(None),
        )
        .group_by(c.currency, c.rate)
        .limit(10_000)
    )  # fmt: skip
    known = rates(reader, today)
    return sum(
        (
            (row.amount * (row.rate or known.on(row.currency, today))).quantize(_CENT)
            if row.currency != base
            else row.amount
            for row in rows
        ),
        Decimal(0),
    )


def _commission(tiers: Sequence[Any], total: Decimal) -> Decimal:
    """Return the commission on all that was attained: each tier's share of what lies within it."""
    earned = Decimal(0)
    for place, row in enumerate(tiers):
        upper = tiers[place + 1].attained if place + 1 < len(tiers) else total
        earned += max(Decimal(0), min(total, upper) - row.attained) * row.percent / _HUNDRED
    return earned.quantize(_CENT)


def told(one_: Bonus) -> str:
    """Return a bonus in a sentence: This deal adds 4,200.00 CNY; 92% of tier 2."""
    adds = money(one_.adds, one_.currency)
    if one_.percent >= 100:
        return _("This deal adds {adds}; tier {tier}, the highest, is reached.").format(adds=adds, tier=one_.tier)
    return _("This deal adds {adds}; {percent}% of tier {tier}.").format(
        adds=adds, percent=one_.percent, tier=one_.tier
    )


def of_named(reader: Reader, text: str) -> Bonus | None:
    """Return the bonus of the quote or opportunity that was named, for its owner; without one, where the actor stands.

    None without a plan; raises `NotFound` for what names neither.
    """
    if not text:
        return bonus(reader, reader.actor.user_id, Decimal(0), rates(reader, here(reader).today).base)
    try:
        view = one(reader, quote_id(reader, text))
    except NotFound:
        key = opportunity_id(reader, text)
    else:
        return bonus(
            reader, _owner(reader, view.id), view.amount or Decimal(0), view.currency, leaving=view.opportunity_id
        )
    return of_deal(reader, key)


def of_deal(reader: Reader, key: int) -> Bonus | None:
    """Return the bonus of an opportunity for its owner; None without a plan, and for one without an amount or owner."""
    c = opportunity.c
    row = reader.first(select(c.owner_id, c.amount, c.currency).where(c.id == key))
    if row is None or row.owner_id is None or row.amount is None:
        return None
    return bonus(reader, row.owner_id, row.amount, row.currency, leaving=key)


def _owner(reader: Reader, key: int) -> int:
    return int(reader.value(select(quote.c.owner_id).where(quote.c.id == key)) or 0)
