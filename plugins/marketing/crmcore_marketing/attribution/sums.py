"""What business, spending and people add up to, by the rows of a report: one statement each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen
from sqlalchemy import CTE, Numeric, and_, case, cast, func, literal, select, type_coerce, union_all

from crmcore.api import Fixed, Outcome, PluginReader, Reader
from crmcore_marketing.attribution.crediting import Span, began, won
from crmcore_marketing.attribution.keys import Keys
from crmcore_marketing.campaigns.reached import people as counted
from crmcore_marketing.tables import member, spend

_CENT = Decimal("0.01")
_MOST = 20_000
_HERE, _ELSEWHERE, _NOWHERE = 0, 1, 2


@frozen(kw_only=True)
class Sums:
    """Business that was won: orders, the customers who bought, what it came to and what was left after costs.

    Of `costed` revenue the margin is known. `unpriced` orders have no amount, or no rate of their currency.
    """

    orders: int = 0
    customers: int = 0
    revenue: Decimal = Decimal(0)
    margin: Decimal | None = None
    costed: Decimal = Decimal(0)
    unpriced: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        known = [one for one in (self.margin, other.margin) if one is not None]
        return Sums(
            orders=self.orders + other.orders,
            customers=self.customers + other.customers,
            revenue=self.revenue + other.revenue,
            margin=sum(known, Decimal(0)) if known else None,
            costed=self.costed + other.costed,
            unpriced=self.unpriced + other.unpriced,
        )


NOTHING = Sums()


@frozen(kw_only=True)
class Credited:
    """Business by row, as credited to one kind of touch; `elsewhere` to campaigns of no row, `nowhere` to none."""

    rows: Mapping[Any, Sums]
    elsewhere: Sums = NOTHING
    nowhere: Sums = NOTHING

    @property
    def unattributed(self) -> Decimal | None:
        """The share of all revenue that came from no campaign we know of; None where there is no revenue."""
        whole = sum((one.revenue for one in (*self.rows.values(), self.elsewhere, self.nowhere)), Decimal(0))
        return self.nowhere.revenue / whole if whole else None


def credited(
    reader: Reader | PluginReader, kept: Sequence[Outcome], by: Keys, span: Span, *conditions: Any
) -> dict[str, Credited]:
    """Return what was won by row, for each kind of touch: one statement; nothing where nobody keeps such."""
    if not kept:
        return {which: Credited(rows={}) for which in span.touches}
    found = _counted(reader, won(kept, span, *conditions), by, span)
    return {which: found.get(which, Credited(rows={})) for which in span.touches}


def leads(
    reader: Reader | PluginReader, kept: Sequence[Outcome], by: Keys, span: Span, *conditions: Any
) -> dict[str, Mapping[Any, int]]:
    """Return how many leads came by row, for each kind of touch: one statement."""
    if not kept:
        return {which: {} for which in span.touches}
    found = _counted(reader, began(kept, span, *conditions), by, span)
    return {
        which: {key: one.orders for key, one in found[which].rows.items()} if which in found else {}
        for which in span.touches
    }


def _counted(reader: Reader | PluginReader, business: CTE, by: Keys, span: Span) -> dict[str, Credited]:
    each = union_all(
        *(
            select(
                literal(which).label("touch"), business.c[which].label("campaign"), business.c.customer,
                business.c.worth, business.c.margin,
            )
            for which in span.touches
        )
    ).subquery("each_touch")  # fmt: skip
    place = case((each.c.campaign.is_(None), _NOWHERE), (by.source.c.campaign.is_(None), _ELSEWHERE), else_=_HERE)
    known = each.c.margin.is_not(None)
    rows = reader.rows(
        select(
            each.c.touch, place.label("place"), by.source.c.key, func.count().label("orders"),
            func.count(each.c.customer.distinct()).label("customers"),
            type_coerce(func.sum(each.c.worth), Fixed).label("revenue"),
            type_coerce(func.sum(each.c.margin), Fixed).label("margin"),
            type_coerce(func.sum(each.c.worth).filter(known), Fixed).label("costed"),
            func.count().filter(each.c.worth.is_(None)).label("unpriced"),
        )
        .select_from(each.outerjoin(by.source, by.source.c.campaign == each.c.campaign))
        .group_by(each.c.touch, place, by.source.c.key)
        .limit(_MOST)
    )  # fmt: skip
    found: dict[str, Credited] = {}
    for row in rows:
        one, held = _sums(row), found.get(row.touch, Credited(rows={}))
        if row.place == _HERE:
            held = evolve(held, rows={**held.rows, row.key: one})
        elif row.place == _ELSEWHERE:
            held = evolve(held, elsewhere=one)
        else:
            held = evolve(held, nowhere=one)
        found[row.touch] = held
    return found


def _sums(row: Any) -> Sums:
    return Sums(
        orders=row.orders,
        customers=row.customers,
        revenue=cents(row.revenue) or Decimal(0),
        margin=cents(row.margin),
        costed=cents(row.costed) or Decimal(0),
        unpriced=row.unpriced,
    )


def cents(amount: Decimal | None) -> Decimal | None:
    """Return an amount rounded to the cent."""
    return None if amount is None else amount.quantize(_CENT)


def spent(reader: Reader | PluginReader, by: Keys, span: Span) -> dict[Any, Decimal]:
    """Return what was spent by row, in the workspace's currency at the rates of the days: one statement."""
    c, key = spend.c, by.source.c.key
    rows = reader.rows(
        select(key, type_coerce(func.sum(c.amount * cast(c.rate, Numeric)), Fixed).label("cost"))
        .select_from(spend.join(by.source, by.source.c.campaign == c.campaign_id))
        .where(and_(True, *span.holds(c.day)))
        .group_by(key)
        .limit(_MOST)
    )
    return {row.key: cents(row.cost) or Decimal(0) for row in rows}


def people(reader: Reader | PluginReader, by: Keys) -> dict[Any, tuple[int, int]]:
    """Return how many people are members by row, and how many of them responded: one statement."""
    c, key = member.c, by.source.c.key
    rows = reader.rows(
        select(
            key, counted().label("members"), counted(c.responded_at.is_not(None)).label("responses"),
        )
        .select_from(member.join(by.source, by.source.c.campaign == c.campaign_id))
        .group_by(key)
        .limit(_MOST)
    )  # fmt: skip
    return {row.key: (row.members, row.responses) for row in rows}
