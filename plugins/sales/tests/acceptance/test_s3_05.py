"""S3-05: X in 14 deals: won 4, lost 10, price gap -12%; and whoever has an A account hears when X enters it."""

from datetime import date

import pytest
from crmcore_sales.model.competitor import Competitor

GAPS = (-20, -18, -15, -12, -12, -11, -10, -6, -4)
"""Per cent by which X was below us, in the nine deals where its price is known: -12 on average."""


@pytest.fixture
def market(office):
    """300 deals without a competitor, 20 against Y, and 14 decided and 3 open ones against X."""
    x, y = Competitor(name="X"), Competitor(name="Y 泵业")
    office.insert(x, y)
    day = date(2026, 9, 1)
    office.deals({"stage": "lost", "closed": day, "amount": 1000, "reason": "price"} for _each in range(300))
    office.deals({"stage": "won", "closed": day, "amount": 1000, "rivals": [y.id]} for _each in range(20))
    priced = [[(x.id, 1000 * (100 + gap), place == 5)] for place, gap in enumerate(GAPS)]
    known = [{"stage": "won" if place < 4 else "lost", "rivals": each} for place, each in enumerate(priced)]
    rest = [{"stage": "lost", "rivals": [(x.id, None, place < 3)]} for place in range(5)]
    office.deals({"closed": day, "amount": 100_000, "reason": "price", "owner": "liu", **one} for one in known + rest)
    office.deals({"amount": 100_000, "rivals": [(x.id, 50_000, False)]} for _each in range(3))
    return office


@pytest.mark.row("S3-05")
def test_how_we_do_against_a_competitor(market):
    listed = {one["name"]: one for one in market.json("sales", "competitor", "list")}
    x = listed["X"]
    assert (x["deals"], x["won"], x["lost"], x["to_them"], x["open"]) == (14, 4, 10, 4, 3)
    assert (x["gap"], x["priced"]) == (-0.12, 9)
    assert (x["rate"]["part"], x["rate"]["n"], x["rate"]["few"]) == (4, 14, False)
    assert x["rate"]["low"] == pytest.approx(0.117, abs=0.001)  # Wilson's interval of 4 of 14, from tables
    assert x["rate"]["high"] == pytest.approx(0.546, abs=0.001)
    assert (listed["Y 泵业"]["won"], listed["Y 泵业"]["gap"]) == (20, None)
    told = market.crm("sales", "competitor", "show", "x").out
    assert "X in 14 deals: won 4, lost 10 (4 to them); price gap -12% (n=9); 3 open" in told
    assert market.json("sales", "competitor", "list", "--to", "2026-08-31")[0]["deals"] == 0
    met = market.json("sales", "competitor", "show", "X", "--limit", 5)["opportunities"]
    assert len(met) == 5
    assert {one["price"] for one in met[:3]} == {"50000.00"}
    assert "we win" in market.crm("sales", "competitor", "list").out


@pytest.mark.row("S3-05")
def test_its_entry_into_an_a_account_is_told_to_owner_and_manager_once(market):
    office = market
    office.crm("sales", "tier", "suggest", user="mei")
    key, mass = office.customers[600], office.customers[601]
    office.crm("sales", "account", "set", key, "--tier", "key", user="mei")

    def told(user):
        return [one["subject"] for one in office.json("task", "list", "--mine", user=user) if "is in" in one["subject"]]

    office.crm("sales", "opportunity", "add", mass, "Spare parts", "--competitor", "X")
    assert told("wang") == told("mei") == []
    first = office.json("sales", "opportunity", "add", key, "New plant")
    assert told("wang") == []
    office.crm("sales", "competitor", "meet", first["id"], "X", "--price", "88000")
    assert [one.endswith("New plant") for one in told("wang")] == [True]
    assert told("mei") == told("wang")
    assert told("liu") == []
    office.crm("sales", "competitor", "meet", first["id"], "x", "--price", "90000")
    office.crm("sales", "opportunity", "add", key, "Second plant", "--competitor", "X")
    assert len(told("wang")) == len(told("mei")) == 1  # X was there already
    office.crm("sales", "opportunity", "add", key, "Third plant", "--competitor", "Brand-new Ltd")
    assert len(told("wang")) == len(told("mei")) == 2


@pytest.mark.row("S3-05")
def test_competitors_are_kept(office):
    added = office.json("sales", "competitor", "add", "Acme 泵业", "--strengths", "cheap")
    assert "already" in office.crm("sales", "competitor", "add", "acme 泵业", code=1).err
    changed = office.json("sales", "competitor", "edit", "acme", "--name", "Acme Pumps", "--weaknesses", "late")
    assert (changed["id"], changed["name"], changed["strengths"]) == (added["id"], "Acme Pumps", "cheap")
    deal = office.json("sales", "opportunity", "add", office.customers[0], "Pumps")
    met = office.json("sales", "competitor", "meet", deal["id"], "acme pumps", "--price", "9,000", "--won")
    assert [(one["name"], one["price"], one["won"]) for one in met["competitors"]] == [("Acme Pumps", "9000.00", True)]
    met = office.json("sales", "competitor", "meet", deal["id"], "Other", "--won")
    assert [one["won"] for one in met["competitors"]] == [False, True]
    assert "met in 1 opportunities" in office.crm("sales", "competitor", "remove", "Other", code=1).err
    met = office.json("sales", "competitor", "meet", deal["id"], "Other", "--gone")
    assert [one["name"] for one in met["competitors"]] == ["Acme Pumps"]
    office.crm("sales", "competitor", "remove", "Other")
    assert "no competitor" in office.crm("sales", "competitor", "show", "Other", code=1).err
    assert "no opportunity" in office.crm("sales", "competitor", "meet", 99, "Acme Pumps", code=1).err
