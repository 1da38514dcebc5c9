"""S4-11: an opportunity holds amount, quantity, need-by day, competition and its owner's odds, all to be asked for.

The row's deal: 200 units, 1.6M, 30 Sep, competitor X, 45%.
"""

import pytest
from crmcore_sales.model.product import Product

DEAL = ("--line", "200 R-200 @8000", "--need-by", "2027-09-30", "--competitor", "X", "--odds", 45)


@pytest.fixture
def routers(office):
    office.insert(Product(code="R-200", name="Router 200"), Product(code="S-24", name="Switch 24"))
    return office


@pytest.mark.row("S4-11")
def test_one_deal_holds_it_all_and_is_found_by_each(routers):
    office = routers
    office.deals({"amount": 1000 * n, "probability": n % 100, "lines": ()} for n in range(300))
    made = office.json("sales", "opportunity", "add", office.customers[6], *DEAL)
    told = {name: made[name] for name in ("title", "stage", "status", "amount", "currency", "probability", "need_by")}
    assert told == {
        "title": "200 R-200", "stage": "qualification", "status": "open", "amount": "1600000.00", "currency": "CNY",
        "probability": 45, "need_by": "2027-09-30",
    }  # fmt: skip
    (line,) = made["lines"]
    assert (line["quantity"], line["unit_price"], line["product"]["code"]) == ("200.00", "8000.00", "R-200")
    assert (made["owner"], made["customer"]["id"], made["reason"]) == ("wang", office.customers[6], "")
    assert [each["name"] for each in made["competitors"]] == ["X"]
    for asked in (
        ("--quantity", "200"), ("--quantity", "150..250", "--product", "r-200"), ("--amount", "1.5M..1.7M"),
        ("--amount", "160万"), ("--need-by", "2027-09-30"), ("--need-by", "2027-09-01..2027-09-30"),
        ("--competitor", "x"), ("--odds", "45%", "--amount", "1M.."), ("--title", "r-200"),
        ("--customer", office.customers[6], "--amount", "1M.."),
    ):  # fmt: skip
        assert [one["id"] for one in office.json("sales", "opportunity", "list", *asked)] == [made["id"]], asked
    for asked in (("--quantity", "201.."), ("--product", "S-24"), ("--need-by", "..2027-09-29"), ("--competitor", "Y")):
        assert office.json("sales", "opportunity", "list", *asked) == [], asked
    shown = office.crm("sales", "opportunity", "list", "--competitor", "X", COLUMNS="160").out
    assert "1,600,000.00 CNY" in shown
    assert "45%" in shown
    assert len(office.json("sales", "opportunity", "list", "--limit", 40)) == 40

    changed = office.json("sales", "opportunity", "line", made["id"], "250 r-200", "2 s-24 @500")
    assert (changed["amount"], changed["quantity"]) == ("2001000.00", "252.00")
    office.crm("sales", "opportunity", "edit", made["id"], "--amount", "1.9M", "--need-by", "2027-10-15")
    kept = office.json("sales", "opportunity", "line", made["id"], "--remove", changed["lines"][1]["id"])
    assert (kept["amount"], kept["quantity"], kept["need_by"]) == ("1900000.00", "250.00", "2027-10-15")
    refused = office.crm("sales", "opportunity", "line", made["id"], "3 R-999", code=1).err
    assert "There is no product “R-999”" in refused


@pytest.mark.row("S4-11")
def test_what_is_typed_is_counted_and_the_rest_fills_in_itself(routers):
    office = routers
    office.crm("sales", "price", "add", "R-200", "8000", user="ann")
    made = office.json(
        "sales", "opportunity", "add", office.customers[6], "--line", "200 R-200", "--need-by", "2027-09-30"
    )
    assert (made["amount"], made["probability"]) == ("1600000.00", 10)
    office.crm("sales", "opportunity", "move", made["id"], "proposal")
    office.crm("sales", "opportunity", "win", made["id"], "--reason", "price")
    won = office.json("sales", "opportunity", "show", made["id"])
    assert (won["stage"], won["status"], won["closed_on"], won["reason"]) == ("won", "won", "2026-11-24", "price")
    assert (won["rate"], won["probability"]) == ("1", 50)
    assert [one["stage"] for one in won["history"]] == ["qualification", "proposal", "won"]
    meter = office.json("process", "meter", "opportunity")
    assert (meter["total"]["items"], meter["total"]["typed"]) == (1, 5)
    typed = {one["state"]: one["typed"] for one in meter["stages"]}
    assert typed == {"qualification": 4, "proposal": 0, "won": 1}, (
        "customer, product, quantity, day; and why it was won"
    )
    office.crm("sales", "opportunity", "role", made["id"], office.staff[6][0], "boss")
    assert office.json("process", "meter", "opportunity")["total"]["typed"] == 7
    refused = office.crm("sales", "opportunity", "lose", made["id"], "--reason", "price", code=1).err
    assert "cannot go from won to lost: ways from here are qualification" in refused
