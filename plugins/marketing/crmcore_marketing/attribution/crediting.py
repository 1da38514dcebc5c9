"""Which campaigns business came from: the first and the last of the touches that led to it, as one statement.

A touch leads to business when somebody did something in it (it is `engaging`), the contact of the business or anybody
of its customer, at most so many days before, and not after. A touch is the customer's that its contact stood for then;
where that is not known, the one it stands for now. Business without such a touch is credited to the campaign it names
itself, by code or name. What is left came from no campaign that we know of.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen
from sqlalchemy import (
    CTE,
    ColumnElement,
    Numeric,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from crmcore.api import Fixed, Id, Instant, Outcome, tables, worth
from crmcore_marketing.attribution.window import DAYS, days_before
from crmcore_marketing.tables import campaign, touch

FIRST, LAST = "first", "last"
TOUCHES = (FIRST, LAST)
"""Which touch business is credited to: the one that began it, or the one right before."""


@frozen(kw_only=True)
class Span:
    """Which business is asked about: what ended from a day to a day, both in it, in a zone; None for no limit.

    `days` is how long before it a touch may have been, `touches` which of them are asked for.
    """

    since: date | None = None
    until: date | None = None
    days: int = DAYS
    zone: ZoneInfo
    touches: tuple[str, ...] = TOUCHES

    def holds(self, day: Any) -> list[ColumnElement[bool]]:
        """Return the conditions that a column of dates lies in it."""
        return [
            *([] if self.since is None else [day >= self.since]),
            *([] if self.until is None else [day <= self.until]),
        ]

    def holds_instant(self, at: Any) -> list[ColumnElement[bool]]:
        """Return the conditions that a column of instants lies in it."""
        return [
            *([] if self.since is None else [at >= self._midnight(self.since)]),
            *([] if self.until is None else [at < self._midnight(self.until + timedelta(days=1))]),
        ]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def won(kept: Sequence[Outcome], span: Span, *conditions: Any) -> CTE:
    """Return what was won, each with the campaigns it is credited to: the parts of a statement to be composed.

    Columns: entity, record, text, customer, contact, at, rate, worth and margin in the workspace's currency, first and
    last: the campaigns.
    `conditions` are functions of an outcome that give a condition for it to count.
    """
    parts = []
    for one in kept:
        at = one.closed if one.day is None else func.coalesce(one.closed, type_coerce(one.day, Instant))
        within = span.holds_instant(one.closed) if one.day is None else span.holds(one.day)
        held = [one.state == "won", *within, *(each(one) for each in conditions)]
        sums = one.rate.label("rate"), worth(one).label("worth"), _margin(one).label("margin")
        parts.append(_credited(one, at, span, sums).where(*held))
    return _together(parts, "won")


def began(kept: Sequence[Outcome], span: Span, *conditions: Any) -> CTE:
    """Return what began, whatever came of it, likewise: leads are credited to the touches before they came."""
    sums = cast(null(), Numeric).label("rate"), *(cast(null(), Fixed).label(name) for name in ("worth", "margin"))
    parts = [
        _credited(one, one.began, span, sums).where(*span.holds_instant(one.began), *(each(one) for each in conditions))
        for one in kept
    ]
    return _together(parts, "began")


def _together(parts: Sequence[Select[Any]], name: str) -> CTE:
    whole = parts[0] if len(parts) == 1 else select(union_all(*parts).subquery())
    # Else both databases look for the touches once for each time that `first` or `last` is named.
    return whole.cte(name).prefix_with("MATERIALIZED")


def _margin(one: Outcome) -> Any:
    return cast(null(), Fixed) if one.margin is None else worth(one, one.margin)


def _credited(one: Outcome, at: Any, span: Span, sums: Sequence[Any]) -> Select[Any]:
    named, origin = None, one.source
    if one.campaign is not None:
        words = _named()
        named, origin = words.c.id, one.source.outerjoin(words, words.c.word == func.lower(one.campaign))
    credited = [_touched(one, at, span.days, which) for which in span.touches]
    return select(
        literal(one.entity).label("entity"),
        one.record.label("record"),
        one.text.label("text"),
        one.customer.label("customer"),
        one.contact.label("contact"),
        at.label("at"),
        *sums,
        *(
            (each if named is None else func.coalesce(each, named)).label(which)
            for each, which in zip(credited, span.touches, strict=True)
        ),
    ).select_from(origin)


def _named() -> Subquery:
    """Return which campaign each code and name stands for; of several the first."""
    c = campaign.c
    words = union_all(
        *(select(func.lower(each).label("word"), c.id).where(each != "") for each in (c.code, c.name))
    ).subquery()
    return select(words.c.word, func.min(words.c.id).label("id")).group_by(words.c.word).subquery("named")


def _touched(one: Outcome, at: Any, days: int, which: str) -> "ScalarSelect[int]":
    """Return the campaign of the first or last touch that led to an outcome. Each way to it ends at one index entry."""
    p = tables.position.alias()
    of_contact, of_customer, of_staff = touch.alias(), touch.alias(), touch.alias()
    theirs = (
        (of_contact, of_contact.c.contact_id == one.contact),
        (of_customer, of_customer.c.customer_id == one.customer),
        (
            of_staff,
            and_(
                func.coalesce(of_staff.c.customer_id, 0) == 0,  # else SQLite begins with all such touches
                of_staff.c.contact_id == p.c.contact_id,
                p.c.customer_id == one.customer,
                p.c.ended.is_(None),
            ),
        ),
    )
    ways = []
    for t, of_them in theirs:
        within = and_(t.c.at <= at, t.c.at >= days_before(at, literal(days)))
        counts = and_(t.c.engaging.is_(True), t.c.campaign_id.is_not(None))
        found = select(t.c.campaign_id, t.c.at, t.c.id).where(of_them, within, counts)
        ways.append(select(_ordered(found, t.c, which).correlate_except(t, p).subquery()))
    them = union_all(*ways).subquery()
    return _ordered(select(type_coerce(them.c.campaign_id, Id)), them.c, which).correlate_except(them).scalar_subquery()


def _ordered(statement: Select[Any], c: Any, which: str) -> Select[Any]:
    order = (c.at, c.id) if which == FIRST else (c.at.desc(), c.id.desc())
    return statement.order_by(*order).limit(1)
