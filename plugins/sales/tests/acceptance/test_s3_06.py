"""S3-06: twelve A accounts are to be talked to once a month, and what became of it; who is who at one (S0-03)."""

from datetime import timedelta

import pytest
from crmcore_sales.model.opportunity import BuyingRole

from crmcore.api import Position


@pytest.mark.row("S3-06")
def test_twelve_accounts_once_a_month_four_at_executive_level(office):
    office.clock.advance(days=200)  # nobody was talked to for long
    office.crm("sales", "tier", "set", "A", "--times", 1, "--days", 30, user="mei")
    places = range(100, 112)
    office.crm("sales", "account", "set", *(office.customers[each] for each in places), "--tier", "A", user="mei")
    bosses = {}
    for title, each in zip(("CEO", "总经理", "Managing Director", "Vice President Sales"), places, strict=False):
        name = f"Boss {each}"
        made = office.json("contact", "add", name, "--customer", office.customers[each], "--title", title, user="mei")
        bosses[each] = made["id"]
    for each in places[:10]:
        office.crm("interaction", "add", "talked", "--channel", "call", "--contact",
                   bosses.get(each, office.staff[each][0]))  # fmt: skip

    def plan(*options):
        return office.json("sales", "account", "plan", "--tier", "A", *options, user="mei")["tiers"][0]

    (tier,) = [plan()]
    assert (tier["accounts"], tier["on_plan"], tier["overdue"], tier["executive"]) == (12, 10, 2, 4)
    assert {one["id"] for one in tier["late"]} == {office.customers[each] for each in places[10:]}
    owner = tier["late"][0]["owner"]
    assert plan("--owner", owner)["accounts"] == sum(1 for each in places if each % 6 == places[10] % 6)

    office.clock.advance(days=31)  # the month is over
    assert (plan()["on_plan"], plan()["overdue"], plan()["executive"]) == (0, 12, 0)
    assert plan("--limit", 5)["late"][0]["id"] in {office.customers[each] for each in places[10:]}  # silent the longest


@pytest.mark.row("S0-03")
def test_of_five_people_in_five_roles_three_were_talked_to(office):
    customer = office.customers[7]
    people = {}
    with office.at("2026-10-01T09:00+08:00", user="mei") as tx:
        for position in tx.load(Position):
            if position.customer_id == customer:
                tx.remove(position)
    for role in ("buyer", "user", "technical", "coach", "boss"):
        made = office.json("contact", "add", f"The {role}", "--customer", customer, user="mei")
        people[role] = made["id"]
    (deal,) = office.deals([{"customer_id": customer, "owner": "wang"}])
    office.insert(
        *(BuyingRole(opportunity_id=deal.id, contact_id=key, role=role) for role, key in people.items()),
    )
    for role, days in (("buyer", 1), ("technical", 29), ("coach", 3), ("boss", 45)):
        at = (office.clock.now - timedelta(days=days)).isoformat()
        others = ["--contact", people["user"]] if role == "boss" else []
        office.crm("interaction", "add", "talked", "--channel", "meeting", "--at", at, "--contact", people[role],
                   *others)  # fmt: skip

    told = office.json("sales", "account", "map", customer)
    assert (told["contacts"], told["touched"], told["days"]) == (5, 3, 30)
    assert sorted(told["untouched"]) == ["The boss", "The user"]
    assert {one["name"]: one["roles"] for one in told["people"]} == {f"The {role}": [role] for role in people}
    assert {one["by"] for one in told["people"]} == {"wang"}
    shown = office.crm("sales", "account", "map", customer).out
    assert "3 of 5 talked to in the last 30 days." in shown
    assert "Not talked to: The" in shown
    assert office.json("sales", "account", "map", customer, "--days", 60)["touched"] == 5
