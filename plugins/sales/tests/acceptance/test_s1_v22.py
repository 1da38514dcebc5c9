"""S1-V22: a big deal: Wang 0.62 (4 of 6 similar won, load 7), Liu 0.41; the reason shown, overrides kept, fed back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from crmcore_sales.model.product import Product, Rate

pytestmark = pytest.mark.row("S1-V22")


def test_reps_are_ranked_by_similar_deals_an_override_is_kept_and_results_feed_back(office):
    pumps, belts = (
        Product(code=code, name=code, family=family, created_at=office.clock.now, updated_at=office.clock.now)
        for code, family in (("P-900", "Pumps"), ("B-10", "Belts"))
    )
    office.insert(pumps, belts, Rate(currency="EUR", day=date(2024, 1, 1), rate=Decimal(8)))

    def closed(owner, stage, n, amount=800_000, product=pumps, currency="CNY", ago=100):
        day = office.today - timedelta(days=ago)
        common = {"owner": owner, "stage": stage, "amount": Decimal(amount), "currency": currency, "closed": day}
        return [{**common, "lines": [(product.id, 1)]} for _each in range(n)]

    office.deals(
        [
            *closed("wang", "won", 3),
            *closed("wang", "won", 1, amount=150_000, currency="EUR"),  # 1.2 million CNY
            *closed("wang", "lost", 2),
            *closed("liu", "won", 6),
            *closed("liu", "lost", 9),
            # not similar: small, other products, years ago
            *closed("liu", "won", 9, amount=30_000),
            *closed("liu", "won", 9, product=belts),
            *closed("wang", "lost", 9, ago=900),
            *({"owner": "wang", "stage": "proposal", "amount": Decimal(5000)} for _each in range(7)),
            *({"owner": "zhang", "stage": "proposal", "amount": Decimal(5000)} for _each in range(60)),
        ]
    )
    big = office.deals([{"title": "Harbour", "amount": Decimal(1_000_000), "lines": [(pumps.id, 4)], "owner": "mei"}])[
        0
    ]

    told = office.json("sales", "recommend", "show", "Harbour", user="mei")
    best = {one["rep"]: one for one in told["ranked"]}
    assert [one["rep"] for one in told["ranked"][:1]] == ["wang"]
    assert best["wang"]["reason"] == "4 of 6 similar won, load 7"
    assert best["liu"]["reason"] == "6 of 15 similar won, load 0"
    assert best["zhao"]["score"] == 0.4783  # no similar deal: as the team, 11 of 23
    assert best["zhang"]["score"] == 0.2391  # and twice the deals that anybody can follow
    shown = office.crm("sales", "recommend", "show", "Harbour", user="mei").out
    assert "0.62  4 of 6 similar won, load 7" in shown
    assert "0.41  6 of 15 similar won, load 0" in shown
    assert "similar deals: 333,333.33 to 3,000,000.00 CNY, with Pumps, closed since 2024-11-24" in shown

    refused = office.crm("sales", "recommend", "choose", "Harbour", "liu", user="mei", code=1).err
    assert "wang is recommended (4 of 6 similar won, load 7); say why it is liu" in refused
    office.crm("sales", "recommend", "choose", "Harbour", "liu", "--because", "speaks Dutch", user="mei")
    assert office.json("sales", "recommend", "list", user="mei")["decisions"][0] | {"candidates": [], "id": 0} == {
        "id": 0, "deal_id": big.id, "deal": "Harbour", "recommended": "wang", "chosen": "liu", "override": True,
        "reason": "speaks Dutch", "decided_by": "mei", "decided_at": "2026-11-24T02:00:00+00:00", "result": "open",
        "candidates": [],
    }  # fmt: skip

    from crmcore_sales.model.opportunity import Opportunity

    with office.at("2026-11-24T11:00+08:00", user="liu") as tx:
        deal = tx.get(Opportunity, big.id)
        deal.stage, deal.reason = "won", "price"
    listed = office.json("sales", "recommend", "list", user="mei")
    assert listed["outcomes"] == [
        {"override": False, "decided": 0, "closed": 0, "won": 0},
        {"override": True, "decided": 1, "closed": 1, "won": 1},
    ]
    assert "Overridden: 1 of 1 closed were won." in office.crm("sales", "recommend", "list", user="mei").out
    office.deals([{"title": "Mole", "amount": Decimal(900_000), "lines": [(pumps.id, 4)]}])
    again = {one["rep"]: one for one in office.json("sales", "recommend", "show", "Mole", user="mei")["ranked"]}
    assert (again["liu"]["won"], again["liu"]["closed"], again["liu"]["score"]) == (7, 16, round(8 / 18, 4))
