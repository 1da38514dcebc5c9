"""Row S4-06: six must-wins of 8M together: sponsor, weekly review, close plan; a slip of more than a week is told."""

from datetime import date
from decimal import Decimal

import pytest
from crmcore_sales.model.opportunity import Opportunity

AMOUNTS = (2_000_000, 1_800_000, 1_400_000, 1_200_000, 900_000, 700_000)


@pytest.fixture
def six(office):
    """Six deals of 8M, needed by 20 December, stated on 3 November; among others."""
    office.deals({"amount": Decimal(50_000), "probability": 50} for _each in range(50))
    with office.at("2026-11-03T09:00+08:00") as tx:
        return [
            tx.add(
                Opportunity(
                    title=f"Plant {n}", amount=Decimal(amount), probability=60, need_by=date(2026, 12, 20),
                    customer_id=office.customers[n], owner_id=office.users["wang"],
                )
            ).id
            for n, amount in enumerate(AMOUNTS)
        ]  # fmt: skip


def told(office, login):
    return [one["subject"] for one in office.json("task", "list", "--mine", user=login) if "Must-win" in one["subject"]]


@pytest.mark.row("S4-06")
def test_six_must_wins_are_sponsored_planned_reviewed_and_their_slips_told(office, six):
    office.clock.set("2026-11-16T09:00+08:00")
    for key in six:
        office.crm(
            "sales", "mustwin", "add", key, "--sponsor", "mei", "--step", "2026-11-20=Proof of concept",
            "--step", "2026-12-04=Contract to legal",
        )  # fmt: skip
    assert "There is no user" in office.crm("sales", "mustwin", "add", six[0], "--sponsor", "nobody", code=1).err
    office.crm("worker", "--once", user="ann")  # the schedules begin
    found = office.json("sales", "mustwin", "list", user="mei")
    assert (found["n"], found["amount"]) == (6, "8000000.00")
    assert {one["sponsor"] for one in found["mustwins"]} == {"mei"}
    assert {len(one["steps"]) for one in found["mustwins"]} == {2}
    listed = office.crm("sales", "mustwin", "list", user="mei", COLUMNS="200").out
    assert "6 must-wins, 8,000,000.00 CNY" in listed
    assert "0/2" in listed

    # Weekly reviews: five are held in time; in one the day slips by 12 days, in another by 5.
    office.clock.set("2026-11-23T09:00+08:00")
    (first, *_more) = found["mustwins"]
    for key in six[:5]:
        office.crm("sales", "mustwin", "review", key, "Budget confirmed")
    office.crm(
        "sales", "mustwin", "review", six[0], "Board meets later", "--need-by", "2027-01-01", "--odds", 50,
        "--done", first["steps"][0]["task_id"],
    )  # fmt: skip
    office.crm("sales", "opportunity", "edit", six[1], "--need-by", "2026-12-25")
    refused = office.crm("sales", "mustwin", "review", office.deals([{}])[0].id, "x", code=1)
    assert "is no must-win" in refused.err
    for day in ("2026-11-24", "2026-11-25"):  # told once
        office.clock.set(f"{day}T08:00+08:00")
        office.crm("worker", "--once", user="ann")
        for login in ("wang", "mei"):
            assert told(office, login) == ["Must-win Plant 0 slipped 12 days, to 2027-01-01"]
    by_title = {one["title"]: one for one in office.json("sales", "mustwin", "list", user="mei")["mustwins"]}
    assert {title: one["flags"] for title, one in by_title.items()} == {
        "Plant 0": ["slipped 12 days"],
        **{f"Plant {n}": ["1 steps late"] for n in (1, 2, 3, 4)},
        "Plant 5": ["review overdue", "1 steps late"],
    }
    assert (by_title["Plant 0"]["probability"], by_title["Plant 0"]["slipped"], by_title["Plant 1"]["slipped"]) == (
        50, 12, 5
    )  # fmt: skip
    card = office.json("sales", "mustwin", "show", "Plant 0", user="mei")
    assert [(one["held_on"], one["note"], one["need_by"]) for one in card["reviews"]] == [
        ("2026-11-23", "Board meets later", "2027-01-01"), ("2026-11-23", "Budget confirmed", "2026-12-20")
    ]  # fmt: skip

    # Days that slip little by little count together, and a slip that was told is told again only when it grows.
    office.crm("sales", "opportunity", "edit", six[1], "--need-by", "2026-12-29")
    office.crm("sales", "opportunity", "edit", six[0], "--need-by", "2027-01-05")
    office.clock.set("2026-11-26T08:00+08:00")
    office.crm("worker", "--once", user="ann")
    assert set(told(office, "mei")) == {
        "Must-win Plant 0 slipped 12 days, to 2027-01-01", "Must-win Plant 1 slipped 9 days, to 2026-12-29"
    }  # fmt: skip
