"""Whom to visit today: the visits that most speaks for, each with its reasons and their points (row S2-Q1)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from attrs import evolve, frozen

from crmcore.api import Act, Transaction, here, names, tables
from crmcore_sales.guiding.candidates import Candidate, Stop, candidates, stops
from crmcore_sales.guiding.places import Place
from crmcore_sales.guiding.scoring import Reason, near, reasons
from crmcore_sales.guiding.skipping import Lesson, Skips, reason_name, skips
from crmcore_sales.i18n import _
from crmcore_sales.leads.objecting import Said, objections
from crmcore_sales.pipeline.views import Named

_OPENS, _CLOSES = time(9), time(18)
_CONSIDERED = 5
"""For each visit that is wanted so many customers are asked about and measured."""


@frozen(kw_only=True)
class Suggestion:
    """A visit: its points are the sum of its reasons'. `warnings` speak against it, but do not forbid it.

    `km` is how far it is from where the rep is, or from another visit.
    """

    rank: int
    customer: Named
    contact: Named | None
    points: int
    reasons: Sequence[Reason]
    warnings: Sequence[Said]
    km: float | None
    value: Decimal
    currency: str
    last: datetime | None


@frozen(kw_only=True)
class LeftOut:
    """A customer who would be suggested, but for a reason: a wish, an objection, a skip."""

    customer: Named
    points: int
    by: str
    why: str
    until: datetime | date | None


@frozen(kw_only=True)
class Today:
    """A rep's visits of a day, where they are reckoned from, what is in the calendar, and what skips taught."""

    day: date
    start: Place | None
    visits: Sequence[Suggestion]
    left_out: Sequence[LeftOut]
    calendar: Sequence[Stop]
    learned: Sequence[Lesson]


@frozen(kw_only=True)
class _Scored:
    """A candidate with what speaks for it, distance aside."""

    of: Candidate
    reasons: Sequence[Reason]
    warnings: Sequence[Said] = ()

    @property
    def points(self) -> int:
        """What all reasons come to."""
        return sum(one.points for one in self.reasons)


def today(tx: Transaction, user_id: int, *, limit: int = 8, start: Place | None = None) -> Today:
    """Return the visits that most speaks for, for a rep: a dozen statements, whatever the number of customers.

    Each plugin is asked once whether it objects; nothing is written. `start` is where the rep sets out; by itself
    where the rep was last today. The nearer a customer to that, to the calendar's visits, and to those suggested
    before, the more points.
    """
    place = here(tx)
    learned = skips(tx, user_id, place.today)
    agenda = stops(tx, user_id)
    found = candidates(tx, user_id)
    busy = {one.customer_id for one in agenda}
    values = sorted(one.value for one in found.values() if one.value > 0)
    scored = [
        _Scored(of=one, reasons=reasons(one, values, learned, place.today, tx.now))
        for key, one in found.items()
        if key not in busy
    ]
    scored = sorted((one for one in scored if one.points > 0), key=_order)
    skipped, asked = _skipped_now(scored, learned, place.today, limit * _CONSIDERED)
    allowed, refused = _asked(tx, asked)
    been = [one.place for one in agenda if one.place is not None and one.done]
    start = start or (been[-1] if been else None)
    anchors = [one.place for one in agenda if one.place is not None and not one.done]
    visits = _ranked(tx, allowed, [*([start] if start else []), *anchors], learned, limit)
    least = visits[-1].points if visits else 0
    return Today(
        day=place.today,
        start=start,
        visits=visits,
        left_out=[one for one in (*refused, *skipped) if one.points >= least or not visits],
        calendar=agenda,
        learned=list(learned.lessons.values()),
    )


def _order(one: _Scored) -> tuple[int, Decimal, int]:
    return -one.points, -one.of.value, one.of.customer_id


def _named(one: Candidate) -> Named:
    return Named(id=one.customer_id, name=one.name)


def _skipped_now(
    scored: Sequence[_Scored], learned: Skips, day: date, most: int
) -> tuple[list[LeftOut], list[_Scored]]:
    """Return who is not to be suggested before a day that the rep said, and the first of the others."""
    skipped: list[LeftOut] = []
    others: list[_Scored] = []
    for one in scored:
        until = next((each for each in learned.by_customer.get(one.of.customer_id, ()) if each.until is not None), None)
        if until is not None and until.until is not None and until.until >= day:
            why = _("you skipped it: {why}").format(why=until.note or reason_name(until.reason))
            skipped.append(LeftOut(customer=_named(one.of), points=one.points, by="skip", why=why, until=until.until))
        elif len(others) < most:
            others.append(one)
    return skipped, others


def _asked(tx: Transaction, scored: Sequence[_Scored]) -> tuple[list[_Scored], list[LeftOut]]:
    """Return whom one may visit today, each with what is said against it, and who is left out by an objection.

    What ends while the day lasts is a warning: the visit can be made later in the day.
    """
    place = here(tx)
    opens, closes = (datetime.combine(place.today, at, place.zone) for at in (_OPENS, _CLOSES))
    acts = [
        Act(
            kind="visit",
            at=max(tx.now, opens),
            purpose="sales",
            customer_id=one.of.customer_id,
            contact_id=one.of.contact_id,
        )
        for one in scored
    ]
    allowed, refused = [], []
    for one, said in zip(scored, objections(tx, acts), strict=True):
        blocked = next((each for each in said if each.blocks and (each.until is None or each.until > closes)), None)
        if blocked is None:
            allowed.append(_Scored(of=one.of, reasons=one.reasons, warnings=said))
        else:
            refused.append(
                LeftOut(
                    customer=_named(one.of), points=one.points, by=blocked.by, why=blocked.reason, until=blocked.until
                )
            )
    return allowed, refused


def _ranked(
    tx: Transaction, scored: Sequence[_Scored], anchors: Sequence[Place], learned: Skips, limit: int
) -> list[Suggestion]:
    """Return the visits, those with most points first, the distance to the others and to the anchors included."""
    chosen = _chosen(scored, anchors, learned, limit)
    people = names(tx, tables.contact, (one.of.contact_id for one in chosen))
    found = []
    for one in chosen:
        others = [each.of.place for each in chosen if each is not one and each.of.place is not None]
        found.append(_suggestion(one, near(one.of, [*anchors, *others], learned), people))
    found.sort(key=lambda one: (-one.points, -one.value, one.customer.id))
    return [evolve(one, rank=rank) for rank, one in enumerate(found, start=1)]


def _chosen(scored: Sequence[_Scored], anchors: Sequence[Place], learned: Skips, limit: int) -> list[_Scored]:
    """Return the visits worth most together: one after the other, each counted with how near it is to those before."""
    left, places = list(scored), list(anchors)
    chosen: list[_Scored] = []
    while left and len(chosen) < limit:
        gains = {one.of.customer_id: near(one.of, places, learned)[0] for one in left}
        best = max(left, key=lambda one: one.points + (gain.points if (gain := gains[one.of.customer_id]) else 0))
        left.remove(best)
        chosen.append(best)
        if best.of.place is not None:
            places.append(best.of.place)
    return chosen


def _suggestion(one: _Scored, distance: tuple[Reason | None, float | None], people: Mapping[int, str]) -> Suggestion:
    of, (nearness, km) = one.of, distance
    why = [*one.reasons, *([nearness] if nearness else [])]
    known = of.contact_id is not None and of.contact_id in people
    contact = Named(id=of.contact_id, name=people[of.contact_id]) if known else None  # type: ignore[index,arg-type]
    return Suggestion(
        rank=0,
        customer=_named(of),
        contact=contact,
        points=sum(each.points for each in why),
        reasons=sorted((each for each in why if each.points), key=lambda each: -each.points),
        warnings=one.warnings,
        km=km,
        value=of.value,
        currency=of.currency,
        last=of.last,
    )
