"""Promises that cannot both hold."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language.contradictions import PromiseFact, contradictions
from crmcore.language.promises import find_promises


def fact(id_: int, topic: str, user: str, day: int = 1, **more: Any) -> PromiseFact:
    more.setdefault("customer_id", "huaxin")
    return PromiseFact(id=id_, topic=topic, user=user, made_at=datetime(2026, 11, day, tzinfo=UTC), **more)


@pytest.mark.row("S1-V21")
def test_seven_promises_of_three_reps_hold_two_contradictions() -> None:
    said = [
        ("Wang", "We will deliver within 2 weeks."),
        ("Wang", "I'll call you tomorrow."),
        ("Liu", "答应四周内交货。"),
        ("Liu", "我们可以给您打九折。"),
        ("Liu", "承诺免费安装。"),
        ("Zhao", "We can give you a 5% discount."),
        ("Zhao", "I will send the contract by Friday."),
    ]
    facts = []
    for day, (user, sentence) in enumerate(said, start=1):
        at = datetime(2026, 11, day, 9, tzinfo=UTC)
        [found] = find_promises(sentence, at)
        amount = found.amount
        facts.append(
            fact(
                day,
                found.topic,
                user,
                day,
                due=found.due,
                amount=amount and amount.value,
                unit=amount.unit if amount else "",
            )
        )
    found_pairs = contradictions(facts)
    assert {(c.first.id, c.second.id) for c in found_pairs} == {(1, 3), (4, 6)}
    reasons = " ".join(c.reason for c in found_pairs)
    assert all(word in reasons for word in ("Wang", "2 weeks", "Liu", "4 weeks", "10%", "5%", "Zhao"))


def test_two_dates_for_what_happens_once() -> None:
    first = fact(1, "delivery", "Wang", due=date(2026, 12, 1))
    second = fact(2, "delivery", "Liu", day=3, due=date(2026, 12, 8))
    [found] = contradictions([second, first])
    assert (found.first, found.second) == (first, second)
    assert "2026-12-01" in found.reason


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"amount": Decimal(2), "unit": "week"}, {"amount": Decimal(14), "unit": "day"}),
        ({"amount": Decimal(2), "unit": "week"}, {"amount": Decimal(10), "unit": "working day"}),
        (
            {"amount": Decimal(2), "unit": "week", "due": date(2026, 12, 1)},
            {"amount": Decimal(2), "unit": "week", "due": date(2026, 12, 3)},
        ),
        (
            {"amount": Decimal(2), "unit": "week", "due": date(2026, 12, 8)},
            {"amount": Decimal(1), "unit": "week", "due": date(2026, 12, 8)},
        ),
        ({"due": date(2026, 12, 1)}, {"amount": Decimal(2), "unit": "week"}),
        ({"due": date(2026, 12, 1), "thing": "routers"}, {"due": date(2026, 12, 8), "thing": "switches"}),
        ({"amount": Decimal(5), "unit": "percent"}, {"amount": Decimal(2), "unit": "week"}),
        ({"due": date(2026, 12, 1)}, {"due": date(2026, 12, 8), "customer_id": "another"}),
    ],
)
def test_what_can_both_hold(left: dict[str, Any], right: dict[str, Any]) -> None:
    assert contradictions([fact(1, "delivery", "Wang", **left), fact(2, "delivery", "Liu", day=2, **right)]) == []


def test_calls_and_other_things_may_happen_twice() -> None:
    for topic in ("call", "visit", "document", "other"):
        facts = [fact(str(n), topic, "Wang", day=n, due=date(2026, 12, n)) for n in (1, 2)]
        assert contradictions(facts) == []


def test_free_against_a_price() -> None:
    free = fact(1, "installation", "Wang", amount=Decimal(0), unit="free")
    priced = fact(2, "installation", "Liu", day=2, amount=Decimal(500), unit="CNY")
    [found] = contradictions([free, priced])
    assert "free of charge" in found.reason
    assert "500 CNY" in found.reason


@given(
    st.permutations(
        [fact(str(n), "discount", "Wang", day=n, amount=Decimal(n % 3), unit="percent") for n in range(1, 7)]
    )
)
def test_the_order_of_the_promises_does_not_matter(facts: list[PromiseFact]) -> None:
    assert len(contradictions(facts)) == 12
    assert all(c.first.made_at < c.second.made_at for c in contradictions(facts))


def test_promises_made_at_one_moment_are_ordered_by_number_and_told_in_the_singular() -> None:
    late = fact(10, "delivery", "Liu", amount=Decimal("1.00"), unit="week")
    early = fact(9, "delivery", "Wang", amount=Decimal("2.00"), unit="week")
    [found] = contradictions([late, early])
    assert (found.first, found.second) == (early, late)
    assert "Wang promised 2 weeks" in found.reason
    assert "Liu promised 1 week on" in found.reason
