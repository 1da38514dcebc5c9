"""What did 20M bring back? Revenue of 61M with a margin of 14M: ROI -30%; 22% came from nowhere we know; the orders."""

import pytest


@pytest.fixture
def spent(market):
    """Campaigns of a year for 20M, a part of it in euros, and 45 orders: 40 from campaigns, 5 from nowhere we know."""
    office = market.office
    year = market.campaign("Year 2026", code="Y26")
    parts = [
        market.campaign(name, type=kind, parent_id=year)
        for name, kind in (("Fair", "exhibition"), ("Web", "web"), ("Lectures", "lecture"))
    ]
    for campaign, amount, more in (
        (parts[0], "12,000,000", ()), (parts[1], "500,000EUR", ("--rate", "8")), (parts[2], "3,000,000", ()),
        (year, "1,000,000", ("--supplier", "Agency")),
    ):  # fmt: skip
        office.crm("marketing", "spend", "add", campaign, amount, "--on", "2026-02-01", *more, user="ann")
    for place in range(40):
        market.touched(parts[place % 3], customer=place, at="2026-03-01", kind="visit", named=place % 2 == 0)
        revenue = 2_500_000 if place == 39 else 1_500_000
        market.won(customer=place, on="2026-07-01", revenue=revenue, margin=350_000)
    for place in range(40, 45):
        market.touched(parts[0], customer=place, at="2024-03-01")
        market.touched(parts[0], customer=place, at="2026-08-01")
        market.won(customer=place, on="2026-07-01", revenue=3_441_000, margin=0)
    market.open()
    return office


@pytest.mark.row("S1-V04")
def test_what_20_million_brought_back(spent):
    told = spent.json("marketing", "return", "list", "--from", "2026-01-01", "--to", "2026-12-31", user="ann")
    whole, loose = told["whole"]["last"], told["unattributed"]["last"]
    assert (told["spend"], whole["revenue"], whole["margin"]) == ("20000000.00", "61000000.00", "14000000.00")
    assert whole["roi"] == "-0.3000"
    assert (whole["orders"], loose["orders"], loose["revenue"]) == (40, 5, "17205000.00")
    assert round(float(loose["share"]), 2) == 0.22
    (row,) = told["rows"]
    assert (row["name"], row["last"]["customers"]) == ("Y26 Year 2026", 40)
    shown = spent.crm("marketing", "return", "list", "--touch", "last", user="ann", COLUMNS="200").out
    assert all(one in shown for one in ("20,000,000", "61,000,000", "14,000,000", "-30%", "22%"))

    below = spent.json("marketing", "return", "show", "Y26", user="ann")
    assert {one["name"]: one["spend"] for one in below["rows"]} == {
        "Fair": "12000000.00", "Web": "4000000.00", "Lectures": "3000000.00", "Y26 Year 2026": "1000000.00"
    }  # fmt: skip
    assert sum(one["last"]["orders"] for one in below["rows"]) == 40

    first = spent.json("marketing", "return", "show", "Y26", "--deals", "--limit", 25, user="ann")
    rest = spent.json("marketing", "return", "show", "Y26", "--deals", "--after", first[-1]["id"], user="ann")
    orders = [*first, *rest]
    assert (len(first), len({one["id"] for one in orders})) == (25, 40)
    assert sum(float(one["revenue"]) for one in orders) == 61_000_000
    assert {one["last_name"] for one in orders} == {"Fair", "Web", "Lectures"}
    deal = spent.json("sales", "opportunity", "show", orders[0]["id"], user="ann")
    assert deal["id"] == orders[0]["id"]
    loose = spent.json("marketing", "return", "list", "--deals", "--unattributed", user="ann")
    assert sum(float(one["revenue"]) for one in loose) == 17_205_000
    assert spent.json("marketing", "return", "list", "--from", "2026-08-01", user="ann")["whole"]["last"]["orders"] == 0

    entries = spent.json("marketing", "spend", "list", "Y26", user="ann")
    assert [one["worth"] for one in entries] == ["12000000.00", "4000000.00", "3000000.00", "1000000.00"]
    refused = spent.crm("marketing", "spend", "add", "Y26", "100USD", user="ann", code=1).err
    assert "USD" in refused
    more = spent.json("marketing", "spend", "add", "Y26", "1000EUR", user="ann")
    assert (more["rate"], more["worth"]) == ("8", "8000.00")
    for one in (more, entries[-1]):
        spent.crm("marketing", "spend", "remove", one["id"], user="ann")
    assert spent.json("marketing", "return", "list", user="ann")["spend"] == "19000000.00"


@pytest.mark.row("S1-V04")
def test_the_figures_of_campaigns_for_others(spent, crm_statements):
    from crmcore_marketing.attribution.figures import figures
    from crmcore_marketing.model.campaign import Campaign
    from crmcore_marketing.tables import campaign
    from sqlalchemy import select

    spent.insert(*(Campaign(name=f"Idle {n}", planned_cost=100) for n in range(30)))
    with crm_statements(spent.app) as statements, spent.app.read(spent.app.actor("ann")) as reader:
        ids = {row.name: row.id for row in reader.rows(select(campaign.c.id, campaign.c.name).limit(100))}
        found = figures(reader, list(ids.values()))
    assert len(statements) <= 20  # however many campaigns
    year, idle = found[ids["Year 2026"]], found[ids["Idle 7"]]
    assert (year.cost, year.won, year.revenue, year.margin) == (20_000_000, 40, 61_000_000, 14_000_000)
    assert (found[ids["Fair"]].won, found[ids["Web"]].cost, year.planned_cost) == (14, 4_000_000, None)
    assert (idle.planned_cost, idle.cost, idle.won, idle.revenue, idle.margin) == (100, 0, 0, 0, None)
