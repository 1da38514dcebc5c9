"""S2-Q3: authority and bonus: what a deal adds, and a limit of discounts that is earned by accurate forecasts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from crmcore_sales.model.product import Price, Product
from crmcore_sales.tables import freeze, frozen_row
from sqlalchemy import insert

from crmcore.testing.bulk import ids

pytestmark = pytest.mark.row("S2-Q3")
QUARTERS = {"2026Q1": date(2026, 2, 14), "2026Q2": date(2026, 5, 14), "2026Q3": date(2026, 8, 14)}
FORECASTS = {"liu": (960_000, 1_050_000, 1_000_000), "wang": (960_000, 700_000, 1_000_000)}
"""What each had frozen in the seventh week of each quarter; each won a million in each of them."""


def test_this_deal_adds_4200_and_92_per_cent_of_tier_2(office):
    plan = ("sales", "commission", "set", "0:3", "1000000:4", "2000000:5%")
    assert "Only a manager" in office.crm(*plan, user="liu", code=1).err
    office.crm(*plan, user="mei")
    office.deals(
        [
            {"owner": "liu", "stage": "won", "closed": date(2026, 10, 9), "amount": Decimal(700_000)},
            {"owner": "liu", "stage": "won", "closed": date(2026, 11, 9), "amount": Decimal(80_000)},
            {"owner": "liu", "stage": "won", "closed": date(2026, 9, 30), "amount": Decimal(999_000)},  # last quarter
            {"owner": "wang", "stage": "won", "closed": date(2026, 11, 9), "amount": Decimal(555_000)},
        ]
    )
    [deal] = office.deals([{"owner": "liu", "title": "Mill", "amount": Decimal(140_000)}])
    assert office.crm("sales", "quote", "bonus", "Mill", user="liu").out == (
        "This deal adds 4,200.00 CNY; 92% of tier 2.\n"
    )
    assert "This deal adds 4,200.00 CNY; 92% of tier 2." in office.crm("sales", "opportunity", "show", "Mill").out
    told = office.json("sales", "quote", "bonus", deal.id, user="liu")
    assert (told["attained"], told["adds"], told["percent"], told["tier"]) == ("780000.00", "4200.00", 92, 2)
    higher = office.deals([{"owner": "liu", "title": "Works", "amount": Decimal(320_000)}])
    told = office.json("sales", "quote", "bonus", higher[0].id, user="liu")
    assert told["adds"] == "10600.00"  # 220,000 at 3% and 100,000 at 4%
    assert (told["tier"], told["percent"]) == (3, 55)


def test_three_accurate_quarters_raise_the_limit_from_5_to_8_by_rule(office):
    product = Product(code="P", name="Pump")
    office.insert(product)
    office.insert(Price(product_id=product.id, unit_price=Decimal(100), valid_from=date(2026, 1, 1)))
    numbers = iter(ids(office.app, 12))
    with office.app.engine.begin() as connection:
        for place, (quarter, day) in enumerate(QUARTERS.items()):
            key, at = next(numbers), datetime(2026, day.month, 14, tzinfo=UTC)
            taken = {"quarter": quarter, "week": 7, "day": day, "taken_at": at, "currency": "CNY", "rates": {}}
            connection.execute(insert(freeze).values(id=key, version=1, **taken))
            for login, sums in FORECASTS.items():
                row = dict.fromkeys(("low", "high", "corrected"), Decimal(0))
                row |= {"won": Decimal(400_000), "weighted": Decimal(sums[place] - 400_000)}
                row |= {"owner_id": office.users[login], "week": 7, "region": "", "currency": "CNY", "deals": 3}
                connection.execute(insert(frozen_row).values(id=next(numbers), freeze_id=key, **row))
    office.deals(
        {"owner": login, "stage": "won", "closed": day, "amount": Decimal(1_000_000)}
        for login in FORECASTS
        for day in QUARTERS.values()
    )
    quote = ("sales", "quote", "add", "--customer", "--send")
    before = office.json(*quote, office.customers[0], "10 P @-7%", user="liu")
    assert (before["status"], before["approvals"][0]["limit_percent"]) == ("held", "5.00")

    [raised] = office.json("sales", "approval", "earn", user="mei")
    assert (raised["login"], raised["percent"]) == ("liu", "8.00")
    assert raised["reason"] == "earned: forecast right in 2026Q3, 2026Q2, 2026Q1"
    assert office.json("sales", "approval", "earn", user="mei") == [], "once"
    limits = {one["login"]: one["percent"] for one in office.json("sales", "approval", "limit")}
    assert (limits["liu"], limits["wang"], limits["mei"]) == ("8.00", "5", "100")

    after = office.json(*quote, office.customers[1], "10 P @-7%", user="liu")
    assert (after["status"], after["approvals"][0]["status"]) == ("open", "automatic")
    other = office.json(*quote, office.customers[2], "10 P @-7%", user="wang")
    assert other["status"] == "held"
