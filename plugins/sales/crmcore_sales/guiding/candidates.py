"""What is known of the customers a rep may visit today: a statement for each kind of fact, whatever their number."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from attrs import define, field, frozen
from sqlalchemy import Select, func, or_, select, union

from crmcore.api import InvalidInput, Reader, here, tables, task_seen
from crmcore_sales.accounts.contacting import last_talk, talked
from crmcore_sales.catalogue.rates import Rates, rates
from crmcore_sales.guiding.places import Place, place
from crmcore_sales.guiding.visiting import CHANNELS
from crmcore_sales.tables import account, lead, opportunity, programme, visit

SOON = timedelta(days=7)
_MOST = 5_000


@define(kw_only=True)
class Candidate:
    """A customer a rep may visit, and what speaks for it. `value` is the sum of the rep's open deals, in `currency`.

    `unrated` are currencies of deals that have no rate, so that the deals count for nothing.
    """

    customer_id: int
    name: str
    contact_id: int | None
    place: Place | None
    last: datetime | None
    currency: str
    value: Decimal = Decimal(0)
    deals: int = 0
    need_by: date | None = None
    unrated: list[str] = field(factory=list)
    promise: str = ""
    promise_due: date | None = None
    programme: str = ""
    until: date | None = None
    lead: str = ""
    lead_since: datetime | None = None


@frozen(kw_only=True)
class Stop:
    """A visit or meeting of the rep's own today: `done` if it was, else in the calendar."""

    at: datetime
    customer_id: int
    name: str
    place: Place | None
    done: bool


def candidates(reader: Reader, user_id: int) -> dict[int, Candidate]:
    """Return the rep's own customers and those of the rep's deals, leads and planned visits, by id.

    Nine statements. Amounts in other currencies count at today's rates.
    """
    today = here(reader).today
    known = rates(reader, today)
    chosen = _chosen(user_id)
    found = {row.id: _candidate(row, known.base) for row in reader.rows(_people(chosen, reader.now))}
    for row in reader.rows(_deals(user_id)):
        _add_deals(found.get(row.customer_id), row, known, today)
    for row in reader.rows(_promises(chosen, today, reader.actor.user_id)):
        one = found.get(row.customer_id)
        if one is not None and one.promise_due is None:
            one.promise, one.promise_due = row.subject, row.due
    for row in reader.rows(_programmes(user_id)):
        one = found.get(row.customer_id)
        if one is not None and one.until is None:
            one.programme, one.until = row.title, row.until
    for row in reader.rows(_leads(user_id)):
        one = found.get(row.customer_id)
        if one is not None and one.lead_since is None:
            one.lead, one.lead_since = row.title, row.received_at
    return found


def _chosen(user_id: int) -> Any:
    """Return the subquery of the customers that come into question."""
    c, o, v, d = tables.customer.c, opportunity.c, visit.c, lead.c
    return union(
        select(c.id.label("customer_id")).where(c.owner_id == user_id, c.merged_into_id.is_(None)),
        select(o.customer_id).where(o.status == "open", or_(o.owner_id == user_id, o.agent_id == user_id)),
        select(v.customer_id).where(v.owner_id == user_id, v.closed_at.is_(None)),
        select(d.customer_id).where(d.owner_id == user_id, d.closed_at.is_(None)),
    ).subquery()


def _people(chosen: Any, now: datetime) -> Select[Any]:
    c, a, i = tables.customer.c, account.c, tables.interaction.alias().c
    spoken = (
        select(i.contact_id)
        .where(i.customer_id == c.id, i.contact_id.is_not(None), talked(i, now))
        .order_by(i.moment.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(c.id, c.name, a.latitude, a.longitude, last_talk(c.id, now).label("last"), spoken.label("contact_id"))
        .join_from(tables.customer, account, a.customer_id == c.id, isouter=True)
        .where(c.id.in_(select(chosen.c.customer_id)), c.merged_into_id.is_(None))
        .order_by(c.id)
        .limit(_MOST)
    )


def _candidate(row: Any, currency: str) -> Candidate:
    return Candidate(
        customer_id=row.id,
        name=row.name,
        contact_id=row.contact_id,
        place=place(row.name, row.latitude, row.longitude),
        last=row.last,
        currency=currency,
    )


def _deals(user_id: int) -> Select[Any]:
    o = opportunity.c
    return (
        select(
            o.customer_id, o.currency, func.sum(o.amount).label("amount"), func.count().label("n"),
            func.min(o.need_by).label("need_by"),
        )
        .where(o.status == "open", or_(o.owner_id == user_id, o.agent_id == user_id), o.customer_id.is_not(None))
        .group_by(o.customer_id, o.currency)
        .order_by(o.customer_id, o.currency)
        .limit(_MOST)
    )  # fmt: skip


def _add_deals(one: Candidate | None, row: Any, known: Rates, today: date) -> None:
    if one is None:
        return
    one.deals += row.n
    if row.need_by is not None:
        one.need_by = min(row.need_by, one.need_by or row.need_by)
    try:
        one.value += known.convert(row.amount or Decimal(0), row.currency, today)
    except InvalidInput:
        one.unrated.append(row.currency)


def _promises(chosen: Any, today: date, me: int) -> Select[Any]:
    """Return the statement for what we have to do for the customers within days, what is due first on top."""
    t = tables.task.c
    return (
        select(t.customer_id, t.subject, t.due)
        .where(t.customer_id.in_(select(chosen.c.customer_id)), t.status == "open", t.by == "us", t.due <= today + SOON)
        .where(task_seen(me))
        .order_by(t.due, t.id)
        .limit(_MOST)
    )


def _programmes(user_id: int) -> Select[Any]:
    v, p = visit.c, programme.c
    return (
        select(v.customer_id, p.title, p.until)
        .join_from(visit, programme, p.id == v.programme_id)
        .where(v.owner_id == user_id, v.closed_at.is_(None), p.closed_at.is_(None))
        .order_by(p.until, v.id)
        .limit(_MOST)
    )


def _leads(user_id: int) -> Select[Any]:
    c = lead.c
    return (
        select(c.customer_id, c.title, c.received_at)
        .where(c.owner_id == user_id, c.closed_at.is_(None), c.contacted_at.is_(None), c.customer_id.is_not(None))
        .order_by(c.received_at, c.id)
        .limit(_MOST)
    )


def stops(reader: Reader, user_id: int) -> Sequence[Stop]:
    """Return the rep's visits and meetings of today, in their order: one statement."""
    i, c, a = tables.interaction.c, tables.customer.c, account.c
    where = here(reader)
    begin = datetime.combine(where.today, time(), where.zone)
    rows = reader.rows(
        select(i.moment, c.id, c.name, a.latitude, a.longitude)
        .join_from(tables.interaction, tables.customer, c.id == i.customer_id)
        .join(account, a.customer_id == c.id, isouter=True)
        .where(
            i.user_id == user_id,
            i.channel.in_(CHANNELS),
            i.status != "cancelled",
            i.moment >= begin,
            i.moment < begin + timedelta(days=1),
        )
        .order_by(i.moment, i.id)
        .limit(100)
    )
    return [
        Stop(
            at=row.moment,
            customer_id=row.id,
            name=row.name,
            place=place(row.name, row.latitude, row.longitude),
            done=row.moment <= reader.now,
        )
        for row in rows
    ]
