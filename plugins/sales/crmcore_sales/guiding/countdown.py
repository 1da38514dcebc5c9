"""How far a programme of visits is: visited, days left, and which customers will not be reached at this pace."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from attrs import frozen
from sqlalchemy import Row, func, or_, select

from crmcore.api import NotFound, Reader, here, logins, names, tables
from crmcore.reports.report import Column, Report, shown
from crmcore_sales.accounts.contacting import last_talk
from crmcore_sales.guiding.visiting import CHANNELS
from crmcore_sales.i18n import _
from crmcore_sales.pipeline.views import Named
from crmcore_sales.tables import programme, visit

_MOST = 5_000
_WEEK = 7


@frozen(kw_only=True)
class Rep:
    """One rep's part: `pace` is visits a week so far; at it `reach` more are made in the days left.

    `planned` are in the calendar or promised. What is neither is `at_risk`.
    """

    login: str
    assigned: int
    visited: int
    planned: int
    pace: float
    reach: int
    at_risk: int


@frozen(kw_only=True)
class Risk:
    """A customer who will not be visited in time at this pace, and when we last talked."""

    customer: Named | None
    owner: str
    last: datetime | None


@frozen(kw_only=True)
class Countdown:
    """How far a programme is. `pool` are unvisited ones that are nobody's; `returned` went back to the pool."""

    id: int
    title: str
    begins: date
    until: date
    over: bool
    assigned: int
    visited: int
    unvisited: int
    pool: int
    returned: int
    days_left: int
    at_risk: int
    reps: Sequence[Rep]
    risks: Sequence[Risk]


def programmes(reader: Reader, *, limit: int, after: int | None = None) -> list[dict[str, Any]]:
    """Return the programmes, those under way first to end on top, with how many are visited: one statement."""
    p, v = programme.c, visit.c
    counts = [
        select(func.count(column)).where(v.programme_id == p.id).scalar_subquery().label(name)
        for name, column in (("assigned", v.id), ("visited", v.closed_at))
    ]
    statement = select(p.id, p.title, p.begins_at, p.until, p.closed_at, *counts).order_by(p.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(p.id < after)
    return [dict(row._mapping) for row in reader.rows(statement)]


def countdown(reader: Reader, programme_id: int) -> Countdown:
    """Return how far a programme is: six statements. Raises `NotFound`."""
    kept = reader.first(select(programme).where(programme.c.id == programme_id))
    if kept is None:
        raise NotFound(_("There is no programme of visits {id}.").format(id=programme_id))
    place = here(reader)
    begins = kept.begins_at.astimezone(place.zone).date()
    left = max((kept.until - place.today).days, 0)
    passed = max((place.today - begins).days, 1)
    rows = reader.rows(_visits(kept, reader.now, datetime.combine(kept.until + timedelta(days=1), time(), place.zone)))
    users = logins(reader, (row.owner_id for row in rows))
    grouped: dict[int | None, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.owner_id].append(row)
    over = kept.closed_at is not None
    reps, risky = [], []
    for owner_id, mine in grouped.items():
        rep, doubtful = _rep(users.get(owner_id or 0, ""), mine, passed, 0 if over else left, alone=owner_id is None)
        risky += doubtful
        if owner_id is not None:
            reps.append(rep)
    customers = names(reader, tables.customer, (row.customer_id for row in risky))
    visited = sum(row.closed_at is not None for row in rows)
    return Countdown(
        id=kept.id,
        title=kept.title,
        begins=begins,
        until=kept.until,
        over=over,
        assigned=len(rows),
        visited=visited,
        unvisited=len(rows) - visited,
        pool=sum(row.owner_id is None and row.closed_at is None for row in rows),
        returned=sum(row.returned > 0 and row.closed_at is None for row in rows),
        days_left=left,
        at_risk=len(risky),
        reps=sorted(reps, key=lambda one: (-one.at_risk, one.login)),
        risks=[
            Risk(
                customer=Named(id=row.customer_id, name=customers[row.customer_id])
                if row.customer_id in customers
                else None,
                owner=users.get(row.owner_id or 0, ""),
                last=row.last,
            )
            for row in risky
        ],
    )


def _visits(kept: Row[Any], now: datetime, end: datetime) -> Any:
    """Return the statement for a programme's visits, each with when we last talked and whether it is planned."""
    v, i, t = visit.c, tables.interaction.c, tables.task.c
    in_calendar = select(i.id).where(
        i.customer_id == v.customer_id, i.channel.in_(CHANNELS), i.status != "cancelled", i.moment > now, i.moment < end
    )
    promised = select(t.id).where(
        t.customer_id == v.customer_id, t.status == "open", t.topic == "visit", t.due <= kept.until
    )
    return (
        select(
            v.customer_id,
            v.owner_id,
            v.closed_at,
            v.returned,
            last_talk(v.customer_id, now).label("last"),
            or_(in_calendar.exists(), promised.exists()).label("planned"),
        )
        .where(v.programme_id == kept.id)
        .order_by(v.id)
        .limit(_MOST)
    )


def _rep(login: str, mine: Sequence[Row[Any]], passed: int, left: int, *, alone: bool) -> tuple[Rep, list[Row[Any]]]:
    """Return a rep's part and the visits that will not be made: of those not planned, those silent for longest.

    What is nobody's is not made at all. In the first week nobody has a pace yet: nothing is at risk.
    """
    visited = sum(row.closed_at is not None for row in mine)
    open_ = [row for row in mine if row.closed_at is None]
    planned = sum(bool(row.planned) for row in open_)
    reach = len(open_) if passed < _WEEK else min(max(planned, visited * left // passed), len(open_))
    reach = 0 if alone else reach
    loose = sorted((row for row in open_ if not row.planned), key=lambda row: (row.last is not None, row.last))
    risky = loose[: len(open_) - reach]
    rep = Rep(
        login=login,
        assigned=len(mine),
        visited=visited,
        planned=planned,
        pace=round(visited * 7 / passed, 1),
        reach=reach,
        at_risk=len(risky),
    )
    return rep, risky


def report(found: Countdown) -> Report:
    """Return a programme as a table of reps to show or pass on; the customers at risk are in the notes."""
    sentence = _("{assigned} assigned, {visited} visited, {days} days left, {risk} at risk.").format(
        assigned=found.assigned, visited=found.visited, days=found.days_left, risk=found.at_risk
    )
    if found.over:
        sentence = _("Over: {assigned} assigned, {visited} visited, {returned} returned to the pool.").format(
            assigned=found.assigned, visited=found.visited, returned=found.returned
        )
    risks = [
        f"{one.customer.name if one.customer else '–'} ({one.owner or _('in the pool')})" for one in found.risks[:20]
    ]
    return Report(
        title=f"{found.title}, {shown(found.begins)} – {shown(found.until)}",
        columns=(
            Column(_("rep")), Column(_("assigned"), number=True), Column(_("visited"), number=True),
            Column(_("visits a week"), number=True), Column(_("planned"), number=True),
            Column(_("reach at this pace"), number=True), Column(_("at risk"), number=True),
        ),
        rows=[
            (one.login, one.assigned, one.visited, f"{one.pace:.1f}", one.planned, one.reach, one.at_risk)
            for one in found.reps
        ],
        notes=(sentence, *([_("At risk: {names}").format(names=", ".join(risks))] if risks else [])),
        data=found,
    )  # fmt: skip
