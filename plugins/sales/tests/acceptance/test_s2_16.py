"""S2-16: three channels, what each brought and what was left of it; one end customer, two partners: flagged."""

from datetime import date
from decimal import Decimal

import pytest
from crmcore_sales.model.product import Product, Rate
from crmcore_sales.model.quote import Quote, QuoteLine


@pytest.mark.row("S2-16")
def test_revenue_and_margin_by_channel_and_who_stands_in_whose_way(office, tmp_path):
    pump, valve, free = (
        Product(code="P1", name="Pump", cost=Decimal(600)),
        Product(code="V1", name="Valve", cost=Decimal(80)),
        Product(code="S1", name="Service"),
    )
    office.insert(pump, valve, free, Rate(currency="EUR", day=date(2026, 1, 1), rate=Decimal(8)))
    one, other = office.customers[5:7]
    for each in (one, other):
        office.crm("customer", "role", each, "add", "partner", user="mei")
    won = {"stage": "won", "closed": date(2026, 10, 15)}
    deals = office.deals(
        [
            {**won, "amount": Decimal(1000), "lines": [(pump.id, 1)]},  # direct, since nobody said otherwise
            {**won, "amount": Decimal(900), "lines": [(pump.id, 1), (valve.id, 2)], "channel": "direct"},
            {**won, "amount": Decimal(300), "currency": "EUR", "rate": Decimal("7.5"), "lines": [(pump.id, 2)],
             "partner_id": one},
            {**won, "amount": Decimal(500), "channel": "web", "lines": [(valve.id, 1), (free.id, 1)]},
            {**won, "amount": Decimal(400), "channel": "web", "lines": [(valve.id, 1)]},
            {**won, "amount": Decimal(9999), "channel": "web", "closed": date(2025, 12, 31)},
            {"amount": Decimal(7777), "channel": "web"},
            {"stage": "lost", "amount": Decimal(5555), "closed": date(2026, 10, 1), "channel": "web"},
        ]
    )  # fmt: skip
    (quote,) = quotes = [
        Quote(number="Q1", opportunity_id=deals[4].id, status="accepted", owner_id=office.users["wang"])
    ]
    office.insert(*quotes)
    office.insert(QuoteLine(quote_id=quote.id, product_id=valve.id, quantity=Decimal(4), cost=Decimal(70)))

    told = office.json("sales", "channel", "--from", "2026-01-01", user="mei")
    found = {one["channel"]: (one["deals"], one["revenue"], one["margin"]) for one in told["channels"]}
    assert found == {
        "partner": (1, "2250.00", "1050.00"),  # 300 EUR at the rate of its day, less two pumps
        "direct": (2, "1900.00", "540.00"),  # less two pumps and two valves
        "web": (2, "900.00", "120.00"),  # of the 400 whose cost is known, less four at what they cost when quoted
    }
    assert (told["currency"], told["flagged"]) == ("CNY", 0)
    assert "2,250.00" in office.crm("sales", "channel", "--from", "2026-01-01", user="mei").out
    partners = office.json("sales", "channel", "--from", "2026-01-01", "--by-partner", user="mei")["channels"]
    assert [one["deals"] for one in partners] == [4, 1] or [one["deals"] for one in partners] == [1, 4]

    end = office.customers[90]
    office.crm("sales", "partner", "register", one, end, "Pumps", user="mei")
    office.crm("sales", "opportunity", "add", end, "Pumps too", "--partner", other, "--channel", "partner", user="mei")
    (flag,) = office.json("sales", "partner", "conflicts", user="mei")
    assert flag["customer"]["id"] == end
    assert [who["partner"]["id"] for who in flag["working"]] == [one, other]
    assert office.json("sales", "channel", user="mei")["flagged"] == 1
    office.crm("sales", "channel", "--from", "2026-01-01", "--out", tmp_path / "channels.svg", user="mei")
    assert "partner" in (tmp_path / "channels.svg").read_text()
