"""S2-09: a 1:1 sheet per rep: 3 deals to coach, 1 skill gap, 2 agreed actions, the next date; the history is kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
from crmcore_sales.tables import passage
from sqlalchemy import insert

pytestmark = pytest.mark.row("S2-09")


def ways(office, given):
    """Deals of reps that left negotiation within the year: (owner, how many, how many of them were won)."""
    left = office.clock.now - timedelta(days=60)
    outcomes = [(owner, "won" if n < won else "lost") for owner, count, won in given for n in range(count)]
    made = office.deals({"owner": owner, "stage": end, "closed": left.date()} for owner, end in outcomes)
    rows = [
        {"id": 10**9 + place, "opportunity_id": deal.id, "origin": "negotiation", "stage": deal.stage}
        | {"entered_at": left, "left_at": None}
        for place, deal in enumerate(made)
    ]
    with office.app.engine.begin() as connection:
        connection.execute(insert(passage), rows)


def test_the_sheet_has_three_deals_one_skill_two_actions_and_a_next_date_and_is_kept(office):
    ways(office, [("wang", 12, 4), ("liu", 20, 14), ("chen", 20, 16)])
    quiet = office.customers[1980:1990]
    month = office.clock.now - timedelta(days=40)
    office.deals(
        {"title": title, "owner": "wang", "customer_id": quiet[n], "amount": Decimal(amount), "probability": odds}
        | more
        for n, (title, amount, odds, more) in enumerate(
            [
                ("Harbour", 2_000_000, 50, {"at": month, "need_by": office.today - timedelta(days=3)}),
                ("Mill", 900_000, 40, {"at": month, "must_win": True}),
                ("Brewery", 1_500_000, 75, {"at": month}),
                ("Tunnel", 2_500_000, 97, {"at": month}),  # as good as won
                ("Kiosk", 2_000, 50, {"at": month}),
            ]
        )
    )
    sheet = office.json("sales", "coach", "sheet", "wang", user="mei")
    assert [one["title"] for one in sheet["deals"]] == ["Harbour", "Mill", "Brewery"]
    assert sheet["deals"][0]["why"][0] == "was needed by 2026-11-21"
    assert sheet["deals"][1]["why"][0] == "40 days in qualification"
    assert sheet["gap"] == {
        "stage": "negotiation",
        "text": "negotiation: 4 of 12 deals went on (33%), others' 75%: 5 deals a year",
    }
    assert len(sheet["suggested"]) == 2
    assert (sheet["agreed"], sheet["next_on"]) == ([], None)

    held = office.json("sales", "coach", "hold", "wang", "--next", "2026-12-08", user="mei")  # nothing typed but a date
    assert [one["text"] for one in held["actions"]] == sheet["suggested"]
    office.clock.set("2026-12-08T10:00+08:00")
    tasks = [one for one in office.json("task", "list", "--mine") if one["due"] == "2026-12-08"]
    assert [one["subject"] for one in tasks] == sheet["suggested"]
    office.crm("task", "done", tasks[0]["id"])
    again = office.json("sales", "coach", "sheet", "wang")  # the rep sees the same sheet
    assert [one["state"] for one in again["agreed"]] == ["done", "open"]
    assert (again["last_on"], again["next_on"]) == ("2026-11-24", "2026-12-08")
    shown = office.crm("sales", "coach", "sheet", "wang", user="mei").out
    assert "last time: 2026-11-24; next: 2026-12-08" in shown

    office.crm("sales", "coach", "hold", "wang", "--action", "带王总去工厂", "--action", "two role plays", user="mei")
    kept = office.json("sales", "coach", "history", "wang", user="mei")
    assert [(one["held_on"], one["next_on"], one["manager"]) for one in kept] == [
        ("2026-12-08", "2026-12-22", "mei"), ("2026-11-24", "2026-12-08", "mei"),
    ]  # fmt: skip
    assert kept[1]["sheet"] == sheet  # as it was on the day
    assert [one["text"] for one in kept[0]["actions"]] == ["带王总去工厂", "two role plays"]

    assert "is between them" in office.crm("sales", "coach", "sheet", "wang", user="liu", code=1).err
    assert "Only a manager" in office.crm("sales", "coach", "hold", "wang", code=1).err
