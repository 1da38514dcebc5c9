"""S1-V21, as far as sales acts: what three reps promised a customer is held against the deal and the quote."""

from datetime import date
from decimal import Decimal

import pytest
from crmcore_sales.model.quote import Quote

SAID = [
    ("wang", "2026-11-16", "Called, promised delivery within 2 weeks"),
    ("wang", "2026-11-16", "Met, I promised a 5% discount on the routers"),
    ("liu", "2026-11-17", "15 min call. We will send the contract by Friday"),
    ("liu", "2026-11-18", "Visited, promised delivery in 4 weeks"),
    ("zhang", "2026-11-18", "Mailed, we will call back on Monday"),
    ("zhang", "2026-11-19", "来电，我们答应免费安装"),
    ("zhang", "2026-11-19", "Spoke, we will send the brochure by 2026-11-25"),
]


@pytest.mark.row("S1-V21")
def test_seven_promises_of_three_reps_against_what_is_sold(office):
    firm, person = office.customers[1200], office.staff[1200][0]
    for login, day, line in SAID:
        office.clock.set(f"{day}T11:00+08:00")
        office.crm("log", line, "--contact", person, "--customer", firm, user=login)
    office.clock.set("2026-11-20T10:00+08:00")
    (deal,) = office.deals(
        [{"customer_id": firm, "title": "200 routers", "owner": "wang", "need_by": date(2026, 12, 5)}]
    )
    office.insert(
        Quote(number="Q-17", customer_id=firm, owner_id=office.users["wang"], status="open", discount=Decimal(2),
              valid_until=date(2026, 12, 31), created_at=office.clock.now),
    )  # fmt: skip
    ledger = office.json("promise", "list", "--customer", firm)
    assert len(ledger) == 7
    assert sum(bool(one["conflicts"]) for one in ledger) == 2  # 2 weeks and 4 weeks

    late = "liu promised delivery by 2026-12-16, wang's deal “200 routers” needs it by 2026-12-05"
    dear = "wang promised 5% off, wang's open quote Q-17 gives 2.00%"
    found = office.json("sales", "opportunity", "show", deal.id)["promised_otherwise"]
    assert {one["reason"] for one in found} == {late, dear}
    assert f"⚠ {late}" in office.crm("sales", "opportunity", "show", deal.id).out
    brief = office.crm("brief", firm, user="mei", COLUMNS="160").out
    assert "Promised otherwise than sold" in brief
    assert late in brief
    # Liu's promise kept, nothing is left to say about it.
    promise = next(one["id"] for one in ledger if one["due"] == "2026-12-16")
    office.crm("promise", "kept", promise, user="liu")
    assert late not in office.crm("brief", firm, user="mei", COLUMNS="160").out
