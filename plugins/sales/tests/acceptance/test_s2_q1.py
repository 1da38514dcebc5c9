"""S2-Q1: whom to visit today: 8 ranked visits with reasons (value, silence, promise, distance); a skip teaches it."""

from datetime import date, timedelta

import pytest
from crmcore_sales.guiding.places import Place, km
from crmcore_sales.guiding.today import today
from crmcore_sales.model.account import Account
from sqlalchemy import select

from crmcore.api import Consent, Interaction, Preference, Task, tables

OFFICE = (31.2304, 121.4737)
"""Where Wang sets out, in Shanghai; a hundredth of a degree north is 1.1 km."""


def wangs(office, number):
    """Return the id of one of Wang's customers, of those with whom nothing passed lately."""
    return office.quiet[number]


@pytest.fixture
def day(office):
    """Twelve deals of growing value, two promises, and four customers whose place is known."""
    i = tables.interaction.c
    lately = select(i.customer_id).where(i.moment > office.clock.now - timedelta(days=120))
    with office.app.read() as reader:
        talked = {row.customer_id for row in reader.rows(lately)}
    office.quiet = [key for key in office.customers[::6] if key not in talked]
    office.deals(
        {"customer_id": wangs(office, number), "amount": 100_000 * (number + 1), "probability": 40}
        for number in range(12)
    )
    for number in range(14):  # we talked to them number × 7 days ago
        office.insert(
            Interaction(
                channel="call", direction="out", at=office.clock.now - timedelta(days=7 * number, hours=1),
                customer_id=wangs(office, number),
                user_id=office.users["wang"], created_at=office.clock.now,
            )
        )  # fmt: skip
    office.insert(
        *(Task(kind="promise", by="us", subject=what, due=date(2026, 11, day), customer_id=wangs(office, number),
               owner_id=office.users[who])
          for what, day, number, who in (("bring the drawings", 24, 3, "wang"), ("send the contract", 20, 5, "liu"))),
        *(Account(customer_id=wangs(office, number), latitude=OFFICE[0] + far, longitude=OFFICE[1])
          for number, far in ((3, 0.01), (5, 0.02), (11, 0.03), (10, 3.0))),
    )  # fmt: skip
    return office


def told(found, customer_id):
    """Return a suggestion's points by factor."""
    one = next(each for each in found["visits"] if each["customer"]["id"] == customer_id)
    return {each["factor"]: each["points"] for each in one["reasons"]}


@pytest.mark.row("S2-Q1")
def test_eight_ranked_visits_with_their_reasons(day, crm_statements):
    office, start = day, f"{OFFICE[0]},{OFFICE[1]}"
    found = office.json("sales", "today", "--from", start)
    assert len(found["visits"]) == 8
    assert [one["rank"] for one in found["visits"]] == list(range(1, 9))
    points = [one["points"] for one in found["visits"]]
    assert points == sorted(points, reverse=True)
    assert all(one["points"] == sum(each["points"] for each in one["reasons"]) for one in found["visits"])
    factors = {each["factor"] for one in found["visits"] for each in one["reasons"]}
    assert {"value", "silence", "promise", "distance"} <= factors

    # The highest value 40, 77 days of silence 25 × 77/90, 1.1 km from the next: each reason is told in words.
    best = found["visits"][0]
    assert best["customer"]["id"] == wangs(office, 11)
    assert told(found, wangs(office, 11)) == {"value": 40, "silence": 21, "distance": 14}
    words = " ".join(each["text"] for each in best["reasons"])
    assert "1,200,000.00 CNY" in words
    assert "no talk for 77 days" in words
    assert "1.1 km from" in words
    assert told(found, wangs(office, 5))["promise"] == 20  # overdue, whoever of us promised it
    assert best["km"] == pytest.approx(km(Place(latitude=0, longitude=0), Place(latitude=0.01, longitude=0)), abs=0.1)
    assert next(one for one in found["visits"] if one["customer"]["id"] == wangs(office, 10))["km"] > 300
    shown = office.crm("sales", "today", "--from", start, COLUMNS="160").out
    assert "+40 an open deal of 1,200,000.00 CNY" in shown
    assert "overdue since 2026-11-20: send the contract" in shown

    # Bounded, whatever the number of customers.
    with office.app.transaction(office.app.actor("wang")) as tx, crm_statements(office.app) as statements:
        today(tx, office.users["wang"])
    assert len(statements) <= 22


@pytest.mark.row("S2-Q1")
def test_a_skip_with_a_reason_teaches_it(day):
    office = day
    best = office.json("sales", "today")["visits"][0]["customer"]["id"]
    assert best == wangs(office, 11)
    answer = office.json("sales", "today", "skip", best, "no-value", "--note", "no budget before spring")
    assert answer["learned"] == {"factor": "value", "reason": "no-value", "skips": 1, "weight": 0.9}
    after = office.json("sales", "today")
    assert after["visits"][0]["customer"]["id"] != best
    assert told(after, best) == {
        "value": 36,
        "silence": 21,
        "skip": -20,
        "distance": 14,
    }  # 40 × 0.9, and what the skip costs
    skipped = next(each for one in after["visits"] for each in one["reasons"] if each["factor"] == "skip")
    assert "no value in it, no budget before spring" in skipped["text"]
    assert any("× 0.9 by your skips" in each["text"] for each in after["visits"][0]["reasons"])
    assert after["learned"][0]["weight"] == 0.9

    # Until a day, it is not suggested at all, and that is said; what was learned is the rep's own.
    office.crm("sales", "today", "skip", best, "not-now", "--until", "2026-12-01")
    left = office.json("sales", "today")["left_out"]
    assert [(one["customer"]["id"], one["until"]) for one in left if one["by"] == "skip"] == [(best, "2026-12-01")]
    assert office.json("sales", "today", user="liu")["learned"] == []

    # Four weeks later the skip costs nothing any more, but the lesson stays for a quarter.
    office.clock.advance(days=29)
    later = office.json("sales", "today")
    assert told(later, best)["value"] == 36
    assert "skip" not in told(later, best)


@pytest.mark.row("S2-Q1")
def test_wishes_and_opt_outs_leave_a_visit_out_with_the_reason(day):
    office = day
    shy, quiet, morning = wangs(office, 11), wangs(office, 10), wangs(office, 9)
    wish, at = {"kind": "quiet_hours", "allow": False, "created_at": office.clock.now}, office.clock.now
    office.insert(
        Consent(customer_id=shy, channel="visit", purpose="sales", state="denied", at=at, evidence="by mail"),
        Preference(customer_id=quiet, text="no visits in November", **wish),
        Preference(customer_id=morning, starts="08:00", ends="11:30", text="not before noon", **wish),
    )
    found = office.json("sales", "today")
    left = {one["customer"]["id"]: one["why"] for one in found["left_out"]}
    assert "opted out of sales by visit" in left[shy]
    assert "asked for quiet" in left[quiet]
    warned = next(one for one in found["visits"] if one["customer"]["id"] == morning)["warnings"]
    assert "not before noon" in warned[0]["reason"]  # it ends while the day lasts
    shown = office.crm("sales", "today", COLUMNS="150").out
    assert "⚠ asked for quiet at 10:00: “not before noon”" in shown
    assert shown.count("Left out:") == 2
