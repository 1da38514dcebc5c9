"""Must-win projects: sponsor, close plan, weekly reviews, slips (row S4-06)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen
from sqlalchemy import func, select

from crmcore.api import InvalidInput, Reader, Task, Transaction, here, logins, names, tables
from crmcore_sales.catalogue.rates import rates
from crmcore_sales.forecasting.slipping import DAYS, Moved, moved
from crmcore_sales.forecasting.sums import rate_on
from crmcore_sales.i18n import _
from crmcore_sales.model.mustwin import PlanStep, Review
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.tables import opportunity, plan_step, review

EVERY = 7
"""A must-win is reviewed at least every so many days."""
_MOST = 10_000


@frozen(kw_only=True)
class StepView:
    """A step of a close plan: what, who, by when, and whether it is done."""

    task_id: int
    opportunity_id: int
    subject: str
    owner: str
    due: date | None
    status: str

    def late(self, today: date) -> bool:
        """Return whether it should be done by now and is not."""
        return self.status == "open" and self.due is not None and self.due < today


@frozen(kw_only=True)
class ReviewView:
    """A review that was held: what was found, and the day of need and the odds as they stood."""

    held_on: date
    by: str
    need_by: date | None
    probability: int | None
    note: str


@frozen(kw_only=True)
class MustWin:
    """A must-win as listed. `worth` is its amount in the workspace's currency, None where no rate is known.

    `slipped` are the days by which it slipped since the day of need was first stated; `review_due` is when the next
    review is.
    """

    id: int
    title: str
    customer: str
    owner: str
    sponsor: str
    stage: str
    status: str
    amount: Decimal | None
    currency: str
    worth: Decimal | None
    probability: int | None
    need_by: date | None
    slipped: int
    reviewed_on: date | None
    review_due: date
    steps: Sequence[StepView]

    def flags(self, today: date) -> list[str]:
        """Return what is amiss, in words."""
        found = []
        if not self.sponsor:
            found.append(_("no sponsor"))
        if self.slipped > DAYS:
            found.append(_("slipped {days} days").format(days=self.slipped))
        if self.review_due < today:
            found.append(_("review overdue"))
        if not self.steps:
            found.append(_("no close plan"))
        late = sum(one.late(today) for one in self.steps)
        if late:
            found.append(_("{n} steps late").format(n=late))
        return found


def mustwins(reader: Reader, *, limit: int = 50, after: int | None = None, only: int | None = None) -> list[MustWin]:
    """Return the open must-wins in the order of their ids, or `only` one: nine statements, whatever there is."""
    o = opportunity.c
    statement = select(opportunity).where(o.must_win.is_(True)).order_by(o.id).limit(limit)
    statement = statement.where(o.status == "open") if only is None else statement.where(o.id == only)
    if after is not None:
        statement = statement.where(o.id > after)
    rows = reader.rows(statement)
    today = here(reader).today
    known = rates(reader, today)
    slips = moved(reader, {row.id: row.need_by for row in rows})
    r = review.c
    held = select(r.opportunity_id, func.max(r.held_on)).where(r.opportunity_id.in_([row.id for row in rows]))
    reviewed = dict(map(tuple, reader.rows(held.group_by(r.opportunity_id).limit(_MOST))))
    plans = steps(reader, [row.id for row in rows])
    users = logins(reader, {one for row in rows for one in (row.owner_id, row.sponsor_id)})
    customers = names(reader, tables.customer, {row.customer_id for row in rows})
    found = []
    for row in rows:
        rate = rate_on(known, row.currency, today)
        last = reviewed.get(row.id)
        since = last or row.created_at.date()
        found.append(
            MustWin(
                id=row.id,
                title=row.title,
                customer=customers.get(row.customer_id, ""),
                owner=users.get(row.owner_id, ""),
                sponsor=users.get(row.sponsor_id, ""),
                stage=row.stage,
                status=row.status,
                amount=row.amount,
                currency=row.currency,
                worth=None if row.amount is None or rate is None else row.amount * rate,
                probability=row.probability,
                need_by=row.need_by,
                slipped=_days(slips, row.id),
                reviewed_on=last,
                review_due=since + timedelta(days=EVERY),
                steps=plans.get(row.id, []),
            )
        )
    return found


def _days(slips: Mapping[int, Moved], key: int) -> int:
    return max(slips[key].days, 0) if key in slips else 0


def steps(reader: Reader, ids: Sequence[int]) -> dict[int, list[StepView]]:
    """Return the close plans of opportunities, by id, their steps by day. Two statements."""
    p, t = plan_step.c, tables.task.c
    rows = reader.rows(
        select(p.opportunity_id, t.id, t.subject, t.owner_id, t.due, t.status)
        .select_from(plan_step.join(tables.task, t.id == p.task_id))
        .where(p.opportunity_id.in_(ids))
        .order_by(t.due, t.id)
        .limit(_MOST)
    )
    users = logins(reader, {row.owner_id for row in rows})
    found: dict[int, list[StepView]] = defaultdict(list)
    for row in rows:
        found[row.opportunity_id].append(
            StepView(
                task_id=row.id, opportunity_id=row.opportunity_id, subject=row.subject,
                owner=users.get(row.owner_id, ""), due=row.due, status=row.status,
            )
        )  # fmt: skip
    return found


def reviews(reader: Reader, opportunity_id: int, *, limit: int = 50) -> list[ReviewView]:
    """Return the reviews of a must-win, the latest first. Two statements."""
    r = review.c
    rows = reader.rows(
        select(review).where(r.opportunity_id == opportunity_id).order_by(r.held_on.desc(), r.id.desc()).limit(limit)
    )
    users = logins(reader, {row.by_id for row in rows})
    return [
        ReviewView(
            held_on=row.held_on, by=users.get(row.by_id, ""), need_by=row.need_by, probability=row.probability,
            note=row.note,
        )
        for row in rows
    ]  # fmt: skip


def mark(tx: Transaction, opportunity_id: int, sponsor_id: int) -> Opportunity:
    """Make an opportunity a must-win with a sponsor; raises `InvalidInput` for one that is closed."""
    found = tx.get(Opportunity, opportunity_id)
    if found.status != "open":
        raise InvalidInput(_("{title} is {status}; a must-win is open.").format(title=found.title, status=found.status))
    found.must_win, found.sponsor_id = True, sponsor_id
    return found


def plan(tx: Transaction, deal: Opportunity, subject: str, due: date, owner_id: int | None = None) -> Task:
    """Add a step to the close plan of a must-win: a task of its owner's, or of who is named."""
    task = tx.add(
        Task(subject=subject, due=due, owner_id=owner_id or deal.owner_id, customer_id=deal.customer_id, source="sales")
    )
    tx.add(PlanStep(opportunity_id=deal.id, task_id=task.id))
    return task


def hold_review(
    tx: Transaction, opportunity_id: int, note: str, held_on: date, *, need_by: date | None, odds: int | None
) -> Review:
    """Keep a review of a must-win, with its day of need and its odds; what is said anew holds from now on.

    Raises `InvalidInput` for an opportunity that is no must-win.
    """
    deal = tx.get(Opportunity, opportunity_id)
    if not deal.must_win:
        raise InvalidInput(_("{title} is no must-win; see `crm sales mustwin add`.").format(title=deal.title))
    if need_by is not None:
        deal.need_by = need_by
    if odds is not None:
        deal.probability = odds
    return tx.add(
        Review(
            opportunity_id=deal.id, held_on=held_on, by_id=tx.actor.user_id or None, need_by=deal.need_by,
            probability=deal.probability, note=note,
        )
    )  # fmt: skip
