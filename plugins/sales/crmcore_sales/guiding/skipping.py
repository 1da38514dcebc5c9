"""Suggestions that a rep skipped, and what is learned from the reasons: said openly, as points and weights."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from attrs import frozen
from sqlalchemy import select

from crmcore.api import Customer, InvalidInput, Reader, Transaction, here
from crmcore_sales.i18n import _
from crmcore_sales.model.visit import Skip
from crmcore_sales.tables import skip

TAUGHT = {"no-value": "value", "in-touch": "silence", "not-due": "promise", "too-far": "distance"}
"""By the reason of a skip: the factor it says something about. The first three convinced too little, so they weigh
less from then on; who finds visits too far wants near ones, so that distance weighs more."""

FADES = timedelta(days=28)
REMEMBERED = timedelta(days=90)
COST = 20
STEP, LEAST, MOST = 0.1, 0.5, 2.0
_LATER = timedelta(days=7)
_FAR = timedelta(days=366)
_READ = 5_000


@frozen(kw_only=True)
class Skipped:
    """A skip as it was said."""

    customer_id: int
    reason: str
    on: date
    until: date | None
    note: str


@frozen(kw_only=True)
class Lesson:
    """What several skips of one reason taught: by how much a factor is multiplied for this rep."""

    factor: str
    reason: str
    skips: int
    weight: float


@frozen(kw_only=True)
class Skips:
    """What a rep skipped lately, by customer, the last first; and what was learned, by factor."""

    by_customer: Mapping[int, Sequence[Skipped]]
    lessons: Mapping[str, Lesson]

    def weight(self, factor: str) -> float:
        """Return by how much a factor's points are multiplied."""
        known = self.lessons.get(factor)
        return known.weight if known else 1.0


def add(tx: Transaction, customer_id: int, reason: str, *, until: date | None = None, note: str = "") -> Skip:
    """Note that the actor skips a customer; “not now” is a week unless a day is said.

    Raises `NotFound` for a customer the actor may not see, and `InvalidInput` for a day that is past or too far.
    """
    tx.get(Customer, customer_id)
    today = here(tx).today
    if until is None and reason == "not-now":
        until = today + _LATER
    if until is not None and not today <= until <= today + _FAR:
        raise InvalidInput(_("Until {until}? Say a day within a year from today.").format(until=until))
    user_id = tx.actor.user_id or None
    return tx.add(
        Skip(user_id=user_id, customer_id=customer_id, reason=reason, skipped_on=today, until=until, note=note)
    )


def skips(reader: Reader, user_id: int, today: date) -> Skips:
    """Return what a rep skipped within the days that are remembered, and what that taught: one statement."""
    c = skip.c
    lately = (c.skipped_on > today - REMEMBERED) | (c.until >= today)
    rows = reader.rows(
        select(c.customer_id, c.reason, c.skipped_on, c.until, c.note)
        .where(c.user_id == user_id, c.customer_id.is_not(None), lately)
        .order_by(c.skipped_on.desc(), c.id.desc())
        .limit(_READ)
    )
    found: dict[int, list[Skipped]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(
            Skipped(customer_id=row.customer_id, reason=row.reason, on=row.skipped_on, until=row.until, note=row.note)
        )
    counted = Counter(row.reason for row in rows if row.skipped_on > today - REMEMBERED)
    lessons = [_lesson(reason, counted[reason]) for reason in TAUGHT if counted[reason]]
    return Skips(by_customer=found, lessons={one.factor: one for one in lessons})


def _lesson(reason: str, times: int) -> Lesson:
    factor = TAUGHT[reason]
    weight = min(MOST, 1 + STEP * times) if factor == "distance" else max(LEAST, 1 - STEP * times)
    return Lesson(factor=factor, reason=reason, skips=times, weight=round(weight, 2))


def factor_name(factor: str) -> str:
    """Return what a factor is called in the user's language."""
    words = {
        "value": _("value of deals"), "silence": _("silence"), "promise": _("promises"), "distance": _("nearness"),
    }  # fmt: skip
    return words.get(factor, factor)


def reason_name(reason: str) -> str:
    """Return what a reason to skip is called in the user's language."""
    words = {
        "too-far": _("too far"), "no-value": _("no value in it"), "in-touch": _("in touch anyway"),
        "not-due": _("not due"), "not-now": _("not now"), "other": _("another reason"),
    }  # fmt: skip
    return words.get(reason, reason)
