"""Which closed deals are like one: of its size, with a product of its family, closed not too long ago.

What worked before is told of these only (rows S1-V22, S2-Q5); a figure without its `Likeness` says nothing.
"""

from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen
from sqlalchemy import ColumnElement, and_, or_, select

from crmcore.api import InvalidInput, NotFound, PluginReader, Reader, here
from crmcore.reports.report import money
from crmcore_sales.catalogue.rates import Rates, rates
from crmcore_sales.i18n import _
from crmcore_sales.tables import line, opportunity, product

FACTOR = 3
"""How many times larger or smaller a similar deal may be."""

BACK = timedelta(days=730)
"""How far back deals are looked at."""

_MOST = 100


@frozen(kw_only=True)
class Likeness:
    """What makes a deal similar to another: amounts in `base`, product families, and since when it was closed.

    `low` and `high` are None for a deal without an amount, `families` empty for one without products.
    """

    deal_id: int
    base: str
    low: Decimal | None
    high: Decimal | None
    families: tuple[str, ...]
    since: date

    def said(self) -> str:
        """Return in words which deals are similar."""
        parts = []
        if self.low is not None:
            parts.append(_("{low} to {high}").format(low=money(self.low), high=money(self.high, self.base)))
        if self.families:
            parts.append(_("with {families}").format(families=", ".join(self.families)))
        parts.append(_("closed since {day}").format(day=self.since.isoformat()))
        return _("similar deals: {what}").format(what=", ".join(parts))


def similar(reader: Reader | PluginReader, deal_id: int) -> tuple[Likeness, list[ColumnElement[bool]]]:
    """Return what makes deals similar to this one, and the conditions on opportunities; their end is not asked about.

    Raises `NotFound` for a deal that is absent or hidden.
    """
    c, today = opportunity.c, here(reader).today
    deal = reader.first(select(c.id, c.amount, c.currency).where(c.id == deal_id))
    if deal is None:
        raise NotFound(_("There is no opportunity {id}.").format(id=deal_id))
    known = rates(reader, today)
    worth = _worth(known, deal.amount, deal.currency, today)
    families = reader.rows(
        select(product.c.family)
        .join_from(line, product, product.c.id == line.c.product_id)
        .where(line.c.opportunity_id == deal_id, product.c.family != "")
        .distinct()
        .order_by(product.c.family)
        .limit(_MOST)
    )
    found = Likeness(
        deal_id=deal_id,
        base=known.base,
        low=worth / FACTOR if worth else None,
        high=worth * FACTOR if worth else None,
        families=tuple(row.family for row in families),
        since=today - BACK,
    )
    return found, [c.id != deal_id, *_sized(found, known, today), *_of_families(found)]


def _worth(known: Rates, amount: Decimal | None, currency: str, day: date) -> Decimal | None:
    return None if amount is None else known.convert(amount, currency, day)


def _sized(one: Likeness, known: Rates, day: date) -> list[ColumnElement[bool]]:
    """Return the condition that an amount, in whatever currency, lies within the range at the rates of a day."""
    if one.low is None or one.high is None:
        return []
    c = opportunity.c
    within: list[ColumnElement[bool]] = []
    for currency in (known.base, *known.values):
        try:
            value = known.on(currency, day)
        except InvalidInput:
            continue
        low, high = ((edge / value).quantize(Decimal("0.01")) for edge in (one.low, one.high))
        within.append(and_(c.currency == currency, c.amount >= low, c.amount <= high))
    return [or_(*within)]


def _of_families(one: Likeness) -> list[ColumnElement[bool]]:
    if not one.families:
        return []
    sold = select(line.c.opportunity_id).join_from(line, product, product.c.id == line.c.product_id)
    return [opportunity.c.id.in_(sold.where(product.c.family.in_(one.families)))]
