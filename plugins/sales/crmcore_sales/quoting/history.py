"""What customers paid: the prices of a product in won deals, and the deals that were quoted like this one."""

from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, case, func, select

from crmcore.api import PluginReader, Reader, tables
from crmcore_sales.tables import line, opportunity

LAST = 5
_MOST = 5_000


@frozen(kw_only=True)
class Paid:
    """A price that a customer paid for a product."""

    opportunity_id: int
    day: date | None
    unit_price: Decimal
    currency: str
    quantity: Decimal


@frozen(kw_only=True)
class Closed:
    """A deal about a product that was won or lost, and at what price it was offered."""

    opportunity_id: int
    customer_id: int | None
    won: bool
    unit_price: Decimal
    currency: str
    quantity: Decimal
    day: date


def last_paid(reader: Reader | PluginReader, customer_id: int, product_id: int, limit: int = LAST) -> list[Paid]:
    """Return the last prices a customer paid for a product, the newest first. One statement."""
    o, c = opportunity.c, line.c
    rows = reader.rows(
        select(o.id.label("opportunity_id"), o.closed_on.label("day"), c.unit_price, o.currency, c.quantity)
        .join_from(line, opportunity, o.id == c.opportunity_id)
        .where(
            o.customer_id == customer_id, o.status == "won", c.product_id == product_id, c.unit_price.is_not(None)
        )
        .order_by(o.closed_on.desc(), c.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [Paid(**row._mapping) for row in rows]


def closed(reader: Reader | PluginReader, product_id: int, since: date, besides: int | None = None) -> list[Closed]:
    """Return the deals about a product that were won or lost since a day, the newest first. One statement.

    `besides` is an opportunity that is left out.
    """
    o, c = opportunity.c, line.c
    rows = reader.rows(
        select(
            o.id.label("opportunity_id"), o.customer_id, (o.status == "won").label("won"), c.unit_price, o.currency,
            c.quantity, o.closed_on.label("day"),
        )
        .join_from(line, opportunity, o.id == c.opportunity_id)
        .where(
            o.status.in_(("won", "lost")), o.closed_on >= since, c.product_id == product_id,
            c.unit_price.is_not(None), o.id != (besides or 0),
        )
        .order_by(o.closed_on.desc(), c.id.desc())
        .limit(_MOST)
    )  # fmt: skip
    return [Closed(**{**row._mapping, "won": bool(row.won)}) for row in rows]


@frozen(kw_only=True)
class Orders:
    """How a customer bought: deals won in the last year and in the year before, and the days of the last few."""

    recent: int
    before: int
    days: tuple[date, ...]


def orders(reader: Reader | PluginReader, customer_id: int, year_ago: date, two_ago: date) -> Orders:
    """Return how a customer bought. Two statements."""
    c = opportunity.c
    theirs = (c.customer_id == customer_id, c.status == "won", c.closed_on >= two_ago)
    counts: list[ColumnElement[Any]] = [
        func.count(case((c.closed_on >= year_ago, 1))).label("recent"),
        func.count(case((c.closed_on < year_ago, 1))).label("before"),
    ]
    statement: Select[Any] = select(*counts)
    counted = reader.first(statement.where(*theirs))
    days = reader.rows(select(c.closed_on).where(*theirs).order_by(c.closed_on.desc()).limit(12))
    return Orders(
        recent=counted.recent if counted else 0,
        before=counted.before if counted else 0,
        days=tuple(row.closed_on for row in days),
    )


def last_talk(reader: Reader | PluginReader, customer_id: int) -> date | None:
    """Return the day of the last interaction with a customer or its people. One statement."""
    talk, part = tables.interaction.c, tables.position.c
    people = select(part.contact_id).where(part.customer_id == customer_id)
    at = reader.value(
        select(func.max(talk.at)).where((talk.customer_id == customer_id) | talk.contact_id.in_(people))
    )  # fmt: skip
    return at.date() if at is not None else None
