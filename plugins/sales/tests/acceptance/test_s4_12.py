"""Row S4-12: the weighted national pipeline of the month, by region and currency, at dated rates."""

from datetime import date
from decimal import Decimal

import pytest

NOVEMBER = date(2026, 11, 30)


@pytest.fixture
def forty(office):
    """Forty open deals needed in November, in three regions and two currencies, and some that must not count.

    Ten of each kind: 85% of 1.8M CNY, 60% of 2M CNY, 40% of 200k USD (at 7.0 from October on), 15% of 2.4M CNY.
    """
    office.crm("sales", "rate", "add", "USD", "7.0", "--from", "2026-10-01", user="ann")
    office.crm("sales", "rate", "add", "USD", "6.0", "--from", "2026-01-01", user="ann")
    kinds = [("North", 1_800_000, "CNY", 85), ("South", 2_000_000, "CNY", 60), ("South", 200_000, "USD", 40),
             ("East", 2_400_000, "CNY", 15)]  # fmt: skip
    given = [
        {"region": region, "amount": Decimal(amount), "currency": currency, "probability": odds, "need_by": NOVEMBER,
         "owner": owner}
        for region, amount, currency, odds in kinds for owner in ("wang", "liu") * 5
    ]  # fmt: skip
    given += [
        {"amount": Decimal(9_000_000), "probability": 90, "need_by": date(2026, 12, 1), "region": "North"},
        {"amount": Decimal(9_000_000), "probability": 100, "stage": "won", "closed": date(2026, 11, 3),
         "need_by": NOVEMBER},
        {"amount": Decimal(5_000_000), "probability": 99, "category": "omitted", "need_by": date(2026, 12, 2)},
    ]  # fmt: skip
    return office.deals(given)


@pytest.mark.row("S4-12")
def test_forty_deals_are_weighted_by_region_and_currency(office, forty, tmp_path):
    asked = ("sales", "pipeline", "--month", "2026-11")
    found = office.json(*asked, "--by", "region,currency", user="mei")
    total = found["total"]
    # 10 x (1.8M x 85% + 2M x 60% + 200k x 7.0 x 40% + 2.4M x 15%)
    assert total == {
        "deals": 40, "amount": "76000000.00", "weighted": "36500000.00", "low": "18000000.00", "high": "38000000.00"
    }  # fmt: skip
    assert 30_000_000 <= Decimal(total["weighted"]) <= 50_000_000
    assert (found["currency"], found["rated_on"], found["rates"]) == ("CNY", "2026-11-24", {"USD": "7.0"})
    by = {(one["region"], one["currency"]): (one["deals"], one["weighted"]) for one in found["groups"]}
    assert by == {
        ("North", "CNY"): (10, "15300000.00"), ("South", "CNY"): (10, "12000000.00"),
        ("South", "USD"): (10, "5600000.00"), ("East", "CNY"): (10, "3600000.00"),
    }  # fmt: skip
    told = office.crm(*asked, "--by", "region", user="mei").out
    assert "In CNY at the rates of 2026-11-24: USD 7.0." in told
    assert "40 deals: 36,500,000.00 CNY (18,000,000.00 to 38,000,000.00 CNY)" in told
    assert "█" in told
    earlier = office.json(*asked, "--by", "region", "--rates-of", "2026-09-30", user="mei")
    assert earlier["rates"] == {"USD": "6.0"}
    assert earlier["total"]["weighted"] == "35700000.00"
    assert office.json(*asked, "--owner", "liu", "--by", "owner", user="mei")["total"]["deals"] == 20
    for name in ("pipeline.xlsx", "pipeline.csv", "pipeline.pdf", "pipeline.svg"):
        office.crm(*asked, "--out", tmp_path / name, user="mei")
        assert (tmp_path / name).stat().st_size > 100


@pytest.mark.row("S4-12")
def test_a_currency_without_a_rate_is_left_out_and_told(office, forty):
    office.deals([{"amount": Decimal(50_000), "currency": "EUR", "probability": 90, "need_by": NOVEMBER}])
    found = office.json("sales", "pipeline", "--month", "2026-11", user="mei")
    assert found["unpriced"] == {"EUR": 1}
    assert found["total"]["deals"] == 40
    assert "1 deals in EUR are left out" in office.crm("sales", "pipeline", "--month", "2026-11", user="mei").out
    refused = office.crm("sales", "pipeline", "--by", "colour", user="mei", code=1)
    assert "--by takes some of" in refused.err
