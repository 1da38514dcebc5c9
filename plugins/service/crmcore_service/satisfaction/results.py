"""How content customers are: the mean score with what it rests on, who answered, and what people said."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from math import sqrt
from typing import Any

from attrs import frozen
from sqlalchemy import ColumnElement, Select, func, literal, select

from crmcore.api import PluginReader, Reader, here, tables
from crmcore_service.answers.periods import period
from crmcore_service.satisfaction.states import ANSWERED, ASKED
from crmcore_service.tables import category, queue, rating, ticket

BY = ("queue", "category", "owner")
ENOUGH = 5
"""Of fewer answers nothing is concluded."""
_SURE = 1.96
"""Standard errors on either side within which the true mean lies 95 times in 100."""
_ROWS = 5_000


@frozen(kw_only=True)
class Content:
    """How content some customers are: how many gave each score, and of how many asked how many answered."""

    name: str
    scores: Mapping[int, int]
    asked: int = 0
    answered: int = 0

    @property
    def n(self) -> int:
        """Return how many said a score, whether they were asked by mail or not."""
        return sum(self.scores.values())

    @property
    def mean(self) -> float | None:
        """Return the mean score; None where there is none."""
        return sum(score * count for score, count in self.scores.items()) / self.n if self.n else None

    @property
    def range(self) -> tuple[float, float] | None:
        """Return the bounds within which the mean lies with 95 % confidence; None for fewer than five answers."""
        if self.mean is None or self.n < ENOUGH:
            return None
        mean = self.mean
        spread = sum(count * (score - mean) ** 2 for score, count in self.scores.items()) / (self.n - 1)
        off = _SURE * sqrt(spread / self.n)
        return max(mean - off, 1), min(mean + off, 5)

    @property
    def rate(self) -> float | None:
        """Return which share of those who were asked by mail answered, 0 to 1; None where nobody was."""
        return self.answered / self.asked if self.asked else None


@frozen(kw_only=True)
class RatingView:
    """What somebody said, or was asked."""

    id: int
    ticket: str
    subject: str
    customer_id: int | None
    customer: str
    contact_id: int | None
    contact: str
    channel: str
    status: str
    reason: str
    asked_at: datetime | None
    answered_at: datetime | None
    score: int | None
    comment: str
    task_id: int | None


def content(
    reader: Reader | PluginReader, *, since: date | None = None, until: date | None = None, by: str = ""
) -> tuple[Content, list[Content]]:
    """Return how content customers were in a period, as a whole and by queue, category or owner.

    Scores count on the day they were given, the share that answered by the day of asking. Five statements at most.
    """
    (whole,) = _contents(reader, literal(""), since, until) or [Content(name="", scores={})]
    if not by:
        return whole, []
    names: dict[str, ColumnElement[Any]] = {
        "queue": queue.c.name, "category": category.c.name, "owner": tables.user_account.c.name
    }  # fmt: skip
    found = _contents(reader, func.coalesce(names[by], ""), since, until)
    return whole, sorted(found, key=lambda one: (-one.n, one.name))


def ratings(
    reader: Reader | PluginReader,
    *,
    limit: int,
    after: int | None = None,
    since: date | None = None,
    until: date | None = None,
    status: str = "",
    score: int | None = None,
) -> list[RatingView]:
    """Return ratings, the latest first, of a period of answers where one is given: two statements."""
    r, t, c, f = rating.c, ticket.c, tables.contact.c, tables.customer.c
    wanted: Select[Any] = (
        select(
            r.id, r.ticket_id, func.coalesce(t.subject, "").label("subject"), r.customer_id, r.contact_id,
            func.coalesce(f.name, "").label("customer"), func.coalesce(c.name, "").label("contact"), r.channel,
            r.status, r.reason, r.asked_at, r.answered_at, r.score, r.comment, r.task_id,
        )
        .join(ticket, t.id == r.ticket_id, isouter=True)
        .join(tables.contact, c.id == r.contact_id, isouter=True)
        .join(tables.customer, f.id == r.customer_id, isouter=True)
        .where(*period(r.answered_at, here(reader).zone, since, until))
        .order_by(r.id.desc())
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        wanted = wanted.where(r.id < after)
    if status:
        wanted = wanted.where(r.status == status)
    if score is not None:
        wanted = wanted.where(r.score <= score)
    return [
        RatingView(ticket=f"T{row.ticket_id}" if row.ticket_id is not None else "", **_without(row, "ticket_id"))
        for row in reader.rows(wanted)
    ]


def _contents(
    reader: Reader | PluginReader, name: ColumnElement[Any], since: date | None, until: date | None
) -> list[Content]:
    r, zone = rating.c, here(reader).zone
    scored = _of(name, r.score).where(r.score.is_not(None), *period(r.answered_at, zone, since, until))
    asked = _of(name, r.status).where(
        r.asked_at.is_not(None), r.status.in_((ASKED, ANSWERED)), *period(r.asked_at, zone, since, until)
    )
    scores: dict[str, dict[int, int]] = defaultdict(dict)
    states: dict[str, dict[str, int]] = defaultdict(dict)
    for row in reader.rows(scored.group_by(name, r.score).limit(_ROWS)):
        scores[row.name][row.score] = row.n
    for row in reader.rows(asked.group_by(name, r.status).limit(_ROWS)):
        states[row.name][row.status] = row.n
    return [
        Content(
            name=one, scores=dict(sorted(scores[one].items())), asked=sum(states[one].values()),
            answered=states[one].get(ANSWERED, 0),
        )
        for one in sorted({*scores, *states})
    ]  # fmt: skip


def _of(name: ColumnElement[Any], what: ColumnElement[Any]) -> Select[Any]:
    t = ticket.c
    return (
        select(name.label("name"), what, func.count().label("n"))
        .select_from(rating)
        .join(ticket, t.id == rating.c.ticket_id, isouter=True)
        .join(queue, queue.c.id == t.queue_id, isouter=True)
        .join(category, category.c.id == t.category_id, isouter=True)
        .join(tables.user_account, tables.user_account.c.id == t.owner_id, isouter=True)
    )


def _without(row: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in names}
