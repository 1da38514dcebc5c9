"""The next 2M, split by product and type from what orders cost in the past, with ranges; a warning where n < 5."""

from decimal import Decimal

import pytest

PROPOSE = ("marketing", "budget", "propose", "--amount", "2000000")


@pytest.fixture
def history(market):
    """Four ways to spend: many orders, some, two, none; each campaign says which product it is for."""
    for code in ("ROUTER", "SWITCH"):
        market.product(code)
    customer = 0
    for code, kind, cost, orders in (
        ("ROUTER", "lecture", 400_000, 20), ("ROUTER", "exhibition", 600_000, 10), ("SWITCH", "lecture", 300_000, 2),
        ("SWITCH", "exhibition", 200_000, 0),
    ):  # fmt: skip
        held = market.campaign(f"{kind} for {code}", type=kind, products=[code], cost=cost)
        for _each in range(orders):
            market.touched(held, customer=customer, at="2026-03-01")
            market.won(customer=customer, on="2026-06-01", revenue=100_000, goods={code: 1})
            customer += 1
    market.open()
    return market.office


@pytest.mark.row("S4-10")
def test_a_budget_is_proposed_from_past_cost_per_order(history, tmp_path):
    told = history.json(*PROPOSE, "--by", "product,type", user="ann")
    parts = {(one["product"]["name"].split()[0], one["type"]["key"]): one for one in told["parts"]}
    assert {key: (one["n"], one["spent"], one["few"]) for key, one in parts.items()} == {
        ("ROUTER", "lecture"): (20, "400000.00", False), ("ROUTER", "exhibition"): (10, "600000.00", False),
        ("SWITCH", "lecture"): (2, "300000.00", True), ("SWITCH", "exhibition"): (0, "200000.00", True),
    }  # fmt: skip
    assert sum(Decimal(one["amount"]) for one in parts.values()) == 2_000_000
    assert parts["ROUTER", "lecture"]["cost_per_order"] == "20000.00"
    assert parts["SWITCH", "exhibition"]["cost_per_order"] is None

    average = 1_500_000 / 32
    rates = {key: (one["n"] + 1) / (float(one["spent"]) + average) for key, one in parts.items()}
    for key, one in parts.items():
        assert abs(float(one["amount"]) - 2_000_000 * rates[key] / sum(rates.values())) < 5
        cost, orders = one["cost_per_order_range"], one["orders"]
        assert float(cost["low"]) < float(cost["expected"]) < float(cost["high"])
        assert float(orders["low"]) < float(orders["expected"]) < float(orders["high"])
    width = {key: float(one["cost_per_order_range"]["high"]) / float(one["cost_per_order_range"]["low"])
             for key, one in parts.items()}  # fmt: skip
    assert width["ROUTER", "lecture"] < width["ROUTER", "exhibition"] < width["SWITCH", "lecture"]
    assert history.json(*PROPOSE, "--by", "product,type", user="ann") == told

    shown = history.crm(*PROPOSE, "--by", "product,type", user="ann", COLUMNS="160").out
    assert "Fewer than 5 orders to judge by" in shown
    assert shown.count("n < 5") == 2
    by_type = history.json(*PROPOSE, "--by", "type", user="ann")["parts"]
    assert {one["type"]["key"]: (one["n"], one["spent"]) for one in by_type} == {
        "lecture": (22, "700000.00"), "exhibition": (10, "800000.00")
    }  # fmt: skip
    file = tmp_path / "budget.xlsx"
    history.crm(*PROPOSE, "--out", file, user="ann")
    assert file.stat().st_size > 1_000
    assert "none of product" in history.crm(*PROPOSE, "--by", "colour", user="ann", code=1).err
    none = history.crm(*PROPOSE, "--from", "2026-10-01", user="ann", code=1).err
    assert "nothing to judge by" in none
