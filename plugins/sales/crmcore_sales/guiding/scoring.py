"""How much speaks for a visit: points for each reason, which add up to its rank; nothing else does."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import frozen

from crmcore.reports.report import money
from crmcore_sales.guiding.candidates import Candidate
from crmcore_sales.guiding.places import Place, nearest
from crmcore_sales.guiding.skipping import COST, FADES, Skipped, Skips, reason_name
from crmcore_sales.i18n import _

VALUE, SILENCE, PROMISE, PROGRAMME, LEAD, NEEDED, DISTANCE = 40, 25, 20, 15, 15, 10, 15
"""The most points that each reason gives."""

_QUIET = 90
"""After so many days without a talk silence gives all its points."""

_WEEKS = timedelta(days=14)
_QUARTER = 90
_NEAR = 30.0
"""Kilometres at which distance gives nothing any more."""


@frozen(kw_only=True)
class Reason:
    """What speaks for a visit, or against it: the factor, its points, and why in words.

    `weight` is what the rep's skips taught about the factor; the points have it in them.
    """

    factor: str
    points: int
    text: str
    weight: float = 1.0


def reasons(one: Candidate, values: Sequence[Decimal], skips: Skips, today: date, now: datetime) -> list[Reason]:
    """Return all that speaks for and against visiting a customer, but for the distance.

    `values` are those of all customers with deals, in order: a value counts by how many of them it exceeds.
    """
    skipped = skips.by_customer.get(one.customer_id, ())
    found = [*_value(one, values, skips), *_silence(one, skips, today, now), *_promise(one, skips, today)]
    found += [*_needed(one, today), *_programme(one, today), *_lead(one, now), *_skipped(skipped, today)]
    return found


def _value(one: Candidate, values: Sequence[Decimal], skips: Skips) -> Iterator[Reason]:
    if one.deals == 0:
        return
    told = _("an open deal of {value}") if one.deals == 1 else _("{n} open deals of {value}")
    text = told.format(n=one.deals, value=money(one.value, one.currency))
    if one.unrated:
        text += " " + _("(and others in {currencies}, no rate)").format(currencies=", ".join(one.unrated))
    if one.value > 0:
        share, below = bisect_right(values, one.value) / len(values), bisect_left(values, one.value) / len(values)
        if below:
            text += ", " + _("more than {share:.0%} of yours").format(share=below)
        yield _weighed("value", VALUE * share, text, skips)


def _silence(one: Candidate, skips: Skips, today: date, now: datetime) -> Iterator[Reason]:
    days = None if one.last is None else (now - one.last).days
    skipped = skips.by_customer.get(one.customer_id, ())
    told = [(today - each.on).days for each in skipped if each.reason == "in-touch"]
    if told:
        days = min([*told, *([] if days is None else [days])])
    if days is None:
        yield _weighed("silence", SILENCE, _("no talk on record"), skips)
    elif days > 0:
        yield _weighed("silence", SILENCE * min(days, _QUIET) / _QUIET, _("no talk for {n} days").format(n=days), skips)


def _promise(one: Candidate, skips: Skips, today: date) -> Iterator[Reason]:
    if one.promise_due is None:
        return
    late = one.promise_due <= today
    text = _("overdue since {day}: {what}") if one.promise_due < today else _("due {day}: {what}")
    text = text.format(day=one.promise_due, what=one.promise)
    yield _weighed("promise", PROMISE if late else PROMISE * 0.6, text, skips)


def _needed(one: Candidate, today: date) -> Iterator[Reason]:
    if one.need_by is not None and one.need_by <= today + _WEEKS:
        yield Reason(factor="need", points=NEEDED, text=_("a deal is needed by {day}").format(day=one.need_by))


def _programme(one: Candidate, today: date) -> Iterator[Reason]:
    if one.until is not None:
        left = min(max((one.until - today).days, 0), _QUARTER)
        points = max(round(PROGRAMME * (1 - left / _QUARTER)), PROGRAMME // 3)
        text = _("to be visited until {day}: {title}").format(day=one.until, title=one.programme)
        yield Reason(factor="programme", points=points, text=text)


def _lead(one: Candidate, now: datetime) -> Iterator[Reason]:
    if one.lead_since is not None:
        hours = int((now - one.lead_since) / timedelta(hours=1))
        text = _("a lead waits for {n} hours: {title}").format(n=hours, title=one.lead)
        yield Reason(factor="lead", points=LEAD, text=text)


def _skipped(skipped: Sequence[Skipped], today: date) -> Iterator[Reason]:
    """Yield what the last skip costs; it fades day by day."""
    for each in skipped[:1]:
        cost = round(COST * (1 - (today - each.on) / FADES))
        if cost > 0:
            told = ", ".join(part for part in (reason_name(each.reason), each.note) if part)
            yield Reason(factor="skip", points=-cost, text=_("skipped on {day}: {why}").format(day=each.on, why=told))


def near(one: Candidate, anchors: Sequence[Place], skips: Skips) -> tuple[Reason | None, float | None]:
    """Return what it gives that a customer is near to where the rep is anyway, and how far that is in kilometres."""
    found = nearest(one.place, anchors) if one.place is not None else None
    if found is None:
        return None, None
    far, other = found
    text = _("{km:.1f} km from {place}").format(km=far, place=other.name)
    return _weighed("distance", DISTANCE * max(0.0, 1 - far / _NEAR), text, skips), round(far, 1)


def _weighed(factor: str, points: float, text: str, skips: Skips) -> Reason:
    weight = skips.weight(factor)
    if weight != 1:
        text += " " + _("(× {weight:g} by your skips)").format(weight=weight)
    return Reason(factor=factor, points=round(points * weight), text=text, weight=weight)
