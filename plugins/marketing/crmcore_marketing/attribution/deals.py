"""The orders that returns are made of, one by one (row S1-V04: drill to orders)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import select, type_coerce

from crmcore.api import Fixed, Outcome, Reader, names, tables
from crmcore_marketing.attribution.crediting import TOUCHES, Span, won
from crmcore_marketing.attribution.keys import Keys
from crmcore_marketing.attribution.sums import cents
from crmcore_marketing.campaigns.finding import campaign_titles


@frozen(kw_only=True)
class Deal:
    """Something that was won: by whom, when, for how much in the workspace's currency, and thanks to which campaigns.

    `entity` and `id` are the record to look at for more. `first` and `last` are campaigns' ids, None for none known.
    """

    entity: str
    id: int
    title: str
    customer_id: int | None
    customer: str
    won_at: datetime | None
    revenue: Decimal | None
    margin: Decimal | None
    first: int | None
    first_name: str
    last: int | None
    last_name: str


def deals(
    reader: Reader,
    kept: Sequence[Outcome],
    span: Span,
    *,
    by: Keys | None = None,
    touch: str = "",
    limit: int = 50,
    after: int | None = None,
) -> list[Deal]:
    """Return what was won, the oldest record first, from the one that follows the record `after`.

    With `by` only what is credited to a campaign of its rows by the `touch`, or by either of them; without, what no
    campaign is credited with. Three statements.
    """
    if not kept:
        return []
    business = won(kept, span)
    c, which = business.c, [touch] if touch else list(TOUCHES)
    statement = select(
        c.entity, c.record, c.text, c.customer, c.at, type_coerce(c.worth, Fixed).label("worth"),
        type_coerce(c.margin, Fixed).label("margin"), c.first, c.last,
    )  # fmt: skip
    if by is None:
        statement = statement.where(*(c[one].is_(None) for one in which))
    else:
        rows = select(by.source.c.campaign)
        condition: Any = c[which[0]].in_(rows)
        for other in which[1:]:
            condition |= c[other].in_(rows)
        statement = statement.where(condition)
    if after is not None:
        statement = statement.where(c.record > after)
    found = reader.rows(statement.order_by(c.record).limit(limit))
    titles = campaign_titles(reader, (key for row in found for key in (row.first, row.last)))
    customers = names(reader, tables.customer, {row.customer for row in found if row.customer is not None})
    return [
        Deal(
            entity=row.entity,
            id=row.record,
            title=row.text,
            customer_id=row.customer,
            customer=customers.get(row.customer, ""),
            won_at=row.at,
            revenue=cents(row.worth),
            margin=cents(row.margin),
            first=row.first,
            first_name=titles.get(row.first, ""),
            last=row.last,
            last_name=titles.get(row.last, ""),
        )
        for row in found
    ]
