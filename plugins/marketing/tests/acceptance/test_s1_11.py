"""Which channel lifts revenue: an exhibition brought 420k for 1M, the web 310k for 60k; first and last touch shown."""

import csv

import pytest

from crmcore.api import Customer

CENTRES = ("marketing", "return", "list", "--by", "channel")


@pytest.fixture
def channels(market):
    """Twelve orders: some met us on one channel alone, some at the exhibition and then on the web, or reversed."""
    fair = market.campaign("Spring fair", type="exhibition", channel="exhibition", cost=1_000_000)
    web = market.campaign("Web campaign", type="web", channel="web", cost=60_000)
    ways = [("F",) * 1] * 3 + [("F", "W")] * 3 + [("W",)] * 4 + [("W", "F")] * 2
    revenue = [100_000] * 3 + [50_000] * 3 + [40_000] * 4 + [60_000] * 2
    for customer, (way, amount) in enumerate(zip(ways, revenue, strict=True)):
        for month, channel in enumerate(way, start=2):
            kind = "attended" if channel == "F" else "click"
            market.touched(fair if channel == "F" else web, customer=customer, at=f"2026-0{month}-01", kind=kind)
        market.touched(fair, customer=customer, at="2026-01-02", kind="sent")
        market.touched(web, customer=customer, at="2026-09-02", kind="click")
        market.won(customer=customer, on="2026-06-01", revenue=amount, margin=amount // 2)
    market.touched(fair, customer=100, at="2026-02-01")
    market.won(customer=100, on="2026-06-01", revenue=9_000_000, margin=1)
    market.open()
    with market.office.at("2026-11-24T10:00+08:00", user="ann") as tx:
        liu = tx.get(Customer, market.office.customers[100])
        liu.private, liu.owner_id = True, market.office.users["liu"]
    return market.office


@pytest.mark.row("S1-11")
def test_which_channel_lifts_revenue(channels, tmp_path):
    told = channels.json(*CENTRES, user="ann")
    rows = {one["key"]: one for one in told["rows"]}
    assert {key: one["spend"] for key, one in rows.items()} == {"exhibition": "1000000.00", "web": "60000.00"}
    by_touch = {key: {which: one[which]["revenue"] for which in ("first", "last")} for key, one in rows.items()}
    assert by_touch == {
        "exhibition": {"first": "450000.00", "last": "420000.00"},
        "web": {"first": "280000.00", "last": "310000.00"},
    }
    assert rows["exhibition"]["last"]["roi"] == "-0.7900"
    assert rows["web"]["last"]["roi"] == "1.5833"
    assert told["unattributed"]["last"]["share"] == "0.0000"

    shown = channels.crm(*CENTRES, user="ann", COLUMNS="160").out
    assert all(one in shown for one in ("first: revenue", "last: revenue", "420,000", "310,000", "450,000", "-79%"))
    alone = channels.crm(*CENTRES, "--touch", "last", user="ann", COLUMNS="120").out
    assert "cost per order" in alone
    assert "450,000" not in alone

    file = tmp_path / "channels.csv"
    channels.crm(*CENTRES, "--out", file, user="ann")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert next(csv.reader(lines))[0] == "channel"
    assert "420000" in file.read_text(encoding="utf-8-sig").replace(",", "")

    liu = {one["key"]: one for one in channels.json(*CENTRES, user="liu")["rows"]}
    assert (liu["exhibition"]["last"]["revenue"], liu["web"]["last"]["revenue"]) == ("9420000.00", "310000.00")

    narrow = channels.json(*CENTRES, "--days", "100", user="ann")
    assert {one["key"]: one["last"]["orders"] for one in narrow["rows"]} == {"exhibition": 2, "web": 3}
    assert narrow["unattributed"]["last"]["orders"] == 7

    withheld = channels.json(*CENTRES, user="sam")
    assert {(one["last"]["orders"], one["last"]["revenue"]) for one in withheld["rows"]} == {(5, None), (7, None)}
    assert "sales_opportunity.amount" in withheld["hidden"]


@pytest.mark.row("S1-11")
def test_without_sales_it_says_that_nobody_tells_of_won_business(office):
    office.crm("marketing", "return", "list", user="ann")
    from crmcore_marketing.model.campaign import Campaign

    fair = Campaign(name="Spring fair", type="exhibition")
    office.insert(fair)
    office.crm("marketing", "spend", "add", fair.id, "1,000,000", "--for", "Stand", user="ann")
    told = office.json("marketing", "return", "list", user="ann")
    assert (told["told"], told["spend"], told["whole"]["last"]["revenue"]) == (False, "1000000.00", None)
    said = office.crm("marketing", "return", "list", user="ann")
    assert "Nobody tells of won business" in said.out + said.err
    assert "1,000,000" in said.out
