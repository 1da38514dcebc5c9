"""How we do against each competitor: deals won and lost, and their price beside ours (row S3-05)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Float, Select, cast, func, select

from crmcore.api import Reader, names, tables
from crmcore_sales.competing.chance import Share, share_of
from crmcore_sales.tables import competitor, opportunity, rivalry


@frozen(kw_only=True)
class Record:
    """A competitor and how we stand against it.

    `deals` were decided with it in them: `won` and `lost` by us, `to_them` of those lost went to it. `open` are still
    undecided. `gap` is how far its price is from ours where both are known (`priced` deals), as a share of ours: -0.12
    is 12 per cent below.
    """

    id: int
    name: str
    deals: int
    won: int
    lost: int
    to_them: int
    open: int
    rate: Share
    gap: float | None
    priced: int
    strengths: str
    weaknesses: str
    note: str
    last: datetime | None


@frozen(kw_only=True)
class Encounter:
    """An opportunity in which a competitor was met; amounts are in its `currency`."""

    id: int
    title: str
    customer: str
    status: str
    amount: Decimal | None
    price: Decimal | None
    currency: str
    won: bool
    seen_at: datetime
    note: str


def records(
    reader: Reader,
    *,
    limit: int,
    after: int | None = None,
    key: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Record]:
    """Return competitors in the order of their ids, with how we did against each: one statement.

    `since` and `until` limit the decided deals to those closed in that time.
    """
    c = competitor.c
    met = _met(since, until).subquery()
    statement = (
        select(c.id, c.name, c.strengths, c.weaknesses, c.note, *(met.c[name] for name in _FIGURES))
        .join_from(competitor, met, met.c.competitor_id == c.id, isouter=True)
        .order_by(c.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(c.id > after)
    if key is not None:
        statement = statement.where(c.id == key)
    return [_record(row) for row in reader.rows(statement)]


_FIGURES = ("won", "lost", "to_them", "open", "gap", "priced", "last")


def _met(since: date | None, until: date | None) -> Select[Any]:
    o, r = opportunity.c, rivalry.c
    decided = _decided(since, until)
    priced = decided & (r.price > 0) & (o.amount > 0)
    return (
        select(
            r.competitor_id,
            func.count().filter(decided & (o.status == "won")).label("won"),
            func.count().filter(decided & (o.status == "lost")).label("lost"),
            func.count().filter(decided & (o.status == "lost") & r.won.is_(True)).label("to_them"),
            func.count().filter(o.status == "open").label("open"),
            func.avg(cast(r.price, Float) / cast(o.amount, Float) - 1).filter(priced).label("gap"),
            func.count().filter(priced).label("priced"),
            func.max(r.seen_at).label("last"),
        )
        .join_from(rivalry, opportunity, o.id == r.opportunity_id)
        .group_by(r.competitor_id)
    )


def _decided(since: date | None, until: date | None) -> ColumnElement[bool]:
    found = opportunity.c.status != "open"
    if since is not None:
        found &= opportunity.c.closed_on >= since
    if until is not None:
        found &= opportunity.c.closed_on <= until
    return found


def _record(row: Any) -> Record:
    won, lost = row.won or 0, row.lost or 0
    return Record(
        id=row.id,
        name=row.name,
        deals=won + lost,
        won=won,
        lost=lost,
        to_them=row.to_them or 0,
        open=row.open or 0,
        rate=share_of(won, won + lost),
        gap=None if row.gap is None else round(float(row.gap), 4),
        priced=row.priced or 0,
        strengths=row.strengths,
        weaknesses=row.weaknesses,
        note=row.note,
        last=row.last,
    )


def encounters(reader: Reader, key: int, *, limit: int) -> Sequence[Encounter]:
    """Return the opportunities in which a competitor was met, the newest first: two statements."""
    o, r = opportunity.c, rivalry.c
    rows = reader.rows(
        select(o.id, o.title, o.customer_id, o.status, o.amount, o.currency, r.price, r.won, r.seen_at, r.note)
        .join_from(rivalry, opportunity, o.id == r.opportunity_id)
        .where(r.competitor_id == key)
        .order_by(r.seen_at.desc(), r.id.desc())
        .limit(limit)
    )
    known = names(reader, tables.customer, [row.customer_id for row in rows])
    return [
        Encounter(
            id=row.id,
            title=row.title,
            customer=known.get(row.customer_id, ""),
            status=row.status,
            amount=row.amount,
            price=row.price,
            currency=row.currency,
            won=row.won,
            seen_at=row.seen_at,
            note=row.note,
        )
        for row in rows
    ]
