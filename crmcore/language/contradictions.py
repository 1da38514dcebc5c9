"""Promises to one customer that cannot both hold (S1-V21)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import combinations

from attrs import frozen

from crmcore.i18n import _, _n

# Delivered, quoted, installed or paid once: two dates for it are one too many. A call or a visit may happen twice.
_ONCE = {"delivery", "quote", "installation", "payment"}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_NO_MEASURE = {"hour", "minute"}
_SPANS = {
    "day": ("{n} day", "{n} days"),
    "working day": ("{n} working day", "{n} working days"),
    "week": ("{n} week", "{n} weeks"),
    "month": ("{n} month", "{n} months"),
    "year": ("{n} year", "{n} years"),
}


@frozen(kw_only=True)
class PromiseFact:
    """A promise as stored. `amount` and `unit` as in `amounts.Amount`; `user` is who made it.

    `id` is that of the record; it orders promises made at the same moment.
    `thing` may name what it is about (an order, a product); promises about different things never contradict.
    """

    id: int
    customer_id: str
    topic: str
    made_at: datetime
    user: str
    amount: Decimal | None = None
    unit: str = ""
    due: date | None = None
    thing: str = ""


@frozen(kw_only=True)
class Contradiction:
    """Two promises, the earlier first, and a sentence that says why they cannot both hold."""

    first: PromiseFact
    second: PromiseFact
    reason: str


def _measure(fact: PromiseFact) -> tuple[str, Decimal] | None:
    """Return the amount in a unit that compares: days, percent, a currency. Working days count by fives to the week."""
    if fact.amount is None or fact.unit in _NO_MEASURE:
        return None
    if fact.unit in _DAYS:
        return "day", fact.amount * _DAYS[fact.unit]
    if fact.unit == "working day":
        return "day", fact.amount * 7 / 5
    return fact.unit, fact.amount


def _is_sum(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()


def _amounts_differ(first: PromiseFact, second: PromiseFact) -> bool | None:
    """Return whether the amounts differ; None where they do not compare."""
    left, right = _measure(first), _measure(second)
    if left is None or right is None:
        return None
    if left[0] == right[0]:
        return left[1] != right[1]
    if "free" in (left[0], right[0]):
        unit, value = left if right[0] == "free" else right
        return value != 0 if _is_sum(unit) else None
    return None


def _said(fact: PromiseFact, *, by_amount: bool) -> str:
    if not by_amount:
        return str(fact.due)
    if fact.unit == "free":
        return _("free of charge")
    number = f"{fact.amount.normalize():f}" if fact.amount is not None else ""
    if fact.unit == "percent":
        return f"{number}%"
    if fact.unit not in _SPANS:
        return f"{number} {fact.unit}"
    return _n(*_SPANS[fact.unit], fact.amount).format(n=number)


def _reason(first: PromiseFact, second: PromiseFact, *, by_amount: bool) -> str:
    sentence = _(
        "{topic}: {first_user} promised {first} on {first_day}, {second_user} promised {second} on {second_day}."
    )
    return sentence.format(
        topic=_(first.topic),
        first_user=first.user,
        first=_said(first, by_amount=by_amount),
        first_day=first.made_at.date(),
        second_user=second.user,
        second=_said(second, by_amount=by_amount),
        second_day=second.made_at.date(),
    )


def _conflict(first: PromiseFact, second: PromiseFact) -> Contradiction | None:
    if first.thing and second.thing and first.thing != second.thing:
        return None
    same_day = first.due is not None and first.due == second.due
    differ = _amounts_differ(first, second)
    times = (_measure(first) or ("",))[0] == "day"
    if differ and not (times and same_day):
        return Contradiction(first=first, second=second, reason=_reason(first, second, by_amount=True))
    # Equal spans counted from different days end on different days: the same promise, made twice.
    dated = first.due is not None and second.due is not None and first.topic in _ONCE
    if dated and not same_day and differ is None:
        return Contradiction(first=first, second=second, reason=_reason(first, second, by_amount=False))
    return None


def contradictions(promises: Sequence[PromiseFact]) -> list[Contradiction]:
    """Return each pair of promises to the same customer about the same topic that cannot both hold.

    Amounts are compared where their units allow it (2 weeks and 14 days are equal); else dates, for what happens once:
    delivery, quote, installation, payment. The topic `other` is never compared.
    """
    groups: dict[tuple[str, str], list[PromiseFact]] = defaultdict(list)
    for fact in promises:
        if fact.topic != "other":
            groups[fact.customer_id, fact.topic].append(fact)
    found = []
    for facts in groups.values():
        ordered = sorted(facts, key=lambda fact: (fact.made_at, fact.id))
        found += [conflict for pair in combinations(ordered, 2) if (conflict := _conflict(*pair))]
    return found
