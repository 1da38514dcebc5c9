"""The figures of campaigns for whoever lists or shows them: planned and actual cost, people, leads, what was won."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import Select, func, or_, select

from crmcore.api import Outcome, PluginReader, Reader, bought, currency, here, latest_rates, outcomes, tables
from crmcore_marketing.attribution.crediting import LAST, Span
from crmcore_marketing.attribution.keys import Keys, only
from crmcore_marketing.attribution.sums import NOTHING, credited, leads, people, spent
from crmcore_marketing.attribution.window import days_of
from crmcore_marketing.tables import campaign, spend
from crmcore_marketing.tables import touch as touched

_FEW = 20_000


@frozen(kw_only=True)
class Figures:
    """What a campaign, with all below it, was planned to cost, cost and brought; amounts in `currency`.

    `planned_cost` is the campaign's own plan, else the sum of those below it; None where none is said, or no rate of
    its currency is known. `revenue` and `margin` are None where nobody tells of won business, or the reader may not see
    them; `margin` where no costs are known.
    """

    planned_cost: Decimal | None
    cost: Decimal
    currency: str
    members: int
    responses: int
    leads: int
    won: int
    revenue: Decimal | None
    margin: Decimal | None


def figures(reader: Reader | PluginReader, ids: Sequence[int], *, touch: str = LAST) -> dict[int, Figures]:
    """Return the figures of campaigns by id: twenty statements at most, however many are asked for.

    Leads and what was won are credited to the last touch, or the first (`touch`).
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows, base, kept = only(wanted), currency(reader), bought(reader)
    span = Span(days=days_of(reader), zone=here(reader).zone, touches=(touch,))
    reached = _reached(reader, rows)
    planned, cost, who = _planned(reader, wanted, rows, base), spent(reader, rows, span), people(reader, rows)
    found = credited(reader, kept, rows, span, *reached)[touch].rows
    came = leads(reader, outcomes(reader, "lead"), rows, span, *reached)[touch]
    told = {}
    for key in wanted:
        members, responses = who.get(key, (0, 0))
        sums = found.get(key, NOTHING)
        shown = bool(kept) and sums.unpriced < max(sums.orders, 1)
        told[key] = Figures(
            planned_cost=planned.get(key),
            cost=cost.get(key, Decimal(0)),
            currency=base,
            members=members,
            responses=responses,
            leads=came.get(key, 0),
            won=sums.orders,
            revenue=sums.revenue if shown else None,
            margin=sums.margin,
        )
    return told


def _reached(reader: Reader | PluginReader, rows: Keys) -> tuple[Callable[[Outcome], Any], ...]:
    """Return the condition that business may be credited to one of the rows' campaigns, where they have few touches.

    Then most business has nothing to do with them, and its touches need not be read. One statement.
    """
    here_only = select(touched.c.id).where(touched.c.campaign_id.in_(select(rows.source.c.campaign))).limit(_FEW + 1)
    if (reader.value(select(func.count()).select_from(here_only.subquery())) or 0) > _FEW:
        return ()

    def those(column: Any) -> Select[Any]:
        return select(column).where(
            touched.c.campaign_id.in_(select(rows.source.c.campaign)), touched.c.engaging.is_(True)
        )

    def condition(one: Outcome) -> Any:
        p, c = tables.position.c, campaign.c
        staff = select(p.customer_id).where(p.contact_id.in_(those(touched.c.contact_id)), p.ended.is_(None))
        ways = [
            one.contact.in_(those(touched.c.contact_id)),
            one.customer.in_(those(touched.c.customer_id)),
            one.customer.in_(staff),
        ]
        if one.campaign is not None:
            for word in (c.code, c.name):
                named = select(func.lower(word)).where(word != "", c.id.in_(select(rows.source.c.campaign)))
                ways.append(func.lower(one.campaign).in_(named))
        return or_(*ways)

    return (condition,)


def _planned(reader: Reader | PluginReader, ids: Sequence[int], rows: Keys, base: str) -> dict[int, Decimal]:
    """Return what campaigns were to cost, in the workspace's currency."""
    c, k = campaign.c, rows.source.c
    found = reader.rows(
        select(k.key, c.id, c.currency, func.sum(c.planned_cost).label("planned"))
        .select_from(campaign.join(rows.source, k.campaign == c.id))
        .where(c.planned_cost.is_not(None))
        .group_by(k.key, c.id, c.currency)
        .limit(20_000)
    )
    rates = latest_rates(reader, spend, {row.currency for row in found}, base)
    own: dict[int, Decimal] = {}
    below: dict[int, list[Decimal | None]] = {}
    for row in found:
        rate = rates.get(row.currency)
        worth = None if rate is None else (row.planned * rate).quantize(Decimal("0.01"))
        if row.id == row.key and worth is not None:
            own[row.key] = worth
        elif row.id != row.key:
            below.setdefault(row.key, []).append(worth)
    summed = {key: sum(each for each in some if each is not None) for key, some in below.items() if None not in some}
    return {key: Decimal(own.get(key, summed.get(key, 0))) for key in ids if key in own or key in summed}
