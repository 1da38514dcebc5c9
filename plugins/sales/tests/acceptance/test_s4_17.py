"""S4-17: why deals are won and lost, by data: a reason at the close; lost: price 44%, X 31%; with n, by whatever."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from crmcore_sales.model.competitor import Competitor
from crmcore_sales.model.product import Product

TERMS = """
[term.PRICE]
label = "Price"
synonyms = ["价格", "too expensive"]
"""
DAY = date(2026, 10, 5)
REASONS = 20 * ["PRICE"] + 14 * ["价格"] + 10 * ["too expensive"] + 34 * ["competitor"] + 22 * ["no budget"]


@pytest.fixture
def decided(office, tmp_path):
    """60 won and 100 lost deals of two products, six reps, three sizes and two channels, a fifth of them in dollars."""
    (tmp_path / "terms.toml").write_text(TERMS)
    office.crm("config", "apply", tmp_path / "terms.toml", user="ann")
    pump, valve, x = Product(code="P-1", name="泵"), Product(code="V-1", name="Valve"), Competitor(name="X")
    office.insert(pump, valve, x)
    given = []
    for place in range(160):
        lost = place - 60
        one = {
            "stage": "lost" if lost >= 0 else "won",
            "reason": REASONS[lost] if lost >= 0 else "quality",
            "closed": DAY,
            "owner": ("wang", "liu", "zhang", "chen", "zhao", "sun")[place % 6],
            "amount": (20_000, 400_000, 3_000_000)[place % 3],
            "channel": ("direct", "partner")[place % 2],
            "lines": [(pump.id, 2, 5000)] + ([(valve.id, 1, 100), (valve.id, 1, 200)] if place % 4 == 0 else []),
            # X was met in half of the deals, and won 31 of the 34 that were lost to a competitor
            "rivals": [(x.id, None, 44 <= lost < 75)] if place % 2 or 44 <= lost < 75 else [],
        }
        given.append({**one, "currency": "USD", "rate": Decimal("7.1")} if place % 5 == 0 else one)
    office.deals(given)
    office.deals({"amount": 5000} for _each in range(50))
    return office, given


def worth(one):
    return Decimal(one["amount"]) * one.get("rate", 1)


@pytest.mark.row("S4-17")
def test_lost_by_price_and_to_x_with_n(decided):
    office, given = decided
    found = office.json("sales", "winloss")
    whole = found["whole"]
    assert (whole["n"], whole["won"], whole["lost"], whole["rate"]["value"]) == (160, 60, 100, 0.375)
    assert Decimal(whole["lost_amount"]) == sum(worth(one) for one in given if one["stage"] == "lost")
    lost = {one["label"]: (one["lost"], one["of_lost"]["value"], one["of_lost"]["n"]) for one in found["groups"]}
    assert lost == {
        "Price": (44, 0.44, 100), "X": (31, 0.31, 100), "no budget": (22, 0.22, 100), "competitor": (3, 0.03, 100),
        "quality": (0, 0.0, 100),
    }  # fmt: skip
    assert sum(Decimal(one["lost_amount"]) for one in found["groups"]) == Decimal(whole["lost_amount"])
    told = office.crm("sales", "winloss").out
    assert "Lost: Price 44%, X 31%, no budget 22%, competitor 3% (n=100)." in told
    assert "Won 60 of 160: 38% (30–45)." in told
    assert "44% (35–54)" in told


@pytest.mark.row("S4-17")
def test_by_product_rep_size_competitor_and_channel(decided, tmp_path):
    office, given = decided

    def groups(by, *more):
        return {one["key"] if by == "size" else one["label"]: one for one in
                office.json("sales", "winloss", "--by", by, *more)["groups"]}  # fmt: skip

    reps = groups("rep")
    assert {name: one["n"] for name, one in reps.items()} == Counter(one["owner"] for one in given)
    assert reps["wang"]["won"] == sum(one["owner"] == "wang" and one["stage"] == "won" for one in given)
    products = groups("product")
    assert products["P-1 泵"]["n"] == 160
    assert products["V-1 Valve"]["n"] == 40  # two lines in one deal count once
    sizes = groups("size")
    for key, low, high in (("<100000", 0, 100_000), ("100000-1000000", 100_000, 10**6), (">=1000000", 10**6, 10**9)):
        assert sizes[key]["n"] == sum(low <= worth(one) < high for one in given)
    assert groups("size", "--bands", "1M")[">=1000000"] == sizes[">=1000000"]
    x = groups("competitor")["X"]
    assert (x["n"], x["lost"]) == (
        sum(bool(one["rivals"]) for one in given), sum(bool(one["rivals"]) and one["stage"] == "lost" for one in given),
    )  # fmt: skip
    assert {name: one["n"] for name, one in groups("channel").items()} == {"direct": 80, "partner": 80}
    assert {name: one["n"] for name, one in groups("team").items()} == {"north": 81, "south": 79}
    few = groups("rep", "--product", "V-1", "--owner", "wang")["wang"]
    assert few["n"] == sum(place % 4 == 0 and place % 6 == 0 for place in range(160))
    assert groups("reason", "--from", "2026-10-06") == {}
    told = office.crm("sales", "winloss", "--by", "rep", "--competitor", "X", "--product", "V-1").out
    assert " of " in told  # few: numbers, no percentages
    office.crm("sales", "winloss", "--out", tmp_path / "why.svg")
    office.crm("sales", "winloss", "--by", "rep", "--out", tmp_path / "why.xlsx")
    assert "no sum of money" in office.crm("sales", "winloss", "--by", "size", "--bands", "much", code=1).err


@pytest.mark.row("S4-17")
def test_a_reason_is_required_at_the_close(office):
    deal = office.json("sales", "opportunity", "add", office.customers[0], "Pumps")
    assert "reason" in office.crm("sales", "opportunity", "lose", deal["id"], code=1).err
    lost = office.json("sales", "opportunity", "lose", deal["id"], "--reason", "too late")
    assert (lost["status"], lost["reason"]) == ("lost", "too late")
