"""The figures of deals: the same numbers by `crm metric` as by hand, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal

from crmcore_sales.model.product import Product

CLOSED = date(2026, 11, 10)


def test_figures_of_deals_are_those_of_the_deals(office):
    pump = Product(code="P-1", name="Pump")
    office.insert(pump)
    office.crm("sales", "rate", "add", "USD", "7.25", "--from", "2026-01-01", user="ann")
    begun = datetime(2026, 10, 1, 4, tzinfo=UTC)
    ended = {"closed": CLOSED, "at": begun, "region": "North", "rate": Decimal(1)}
    office.deals([
        {**ended, "stage": "won", "amount": Decimal("1000.10"), "lines": [(pump.id, 3, 100)]},
        {**ended, "stage": "won", "amount": Decimal("2000.25"), "currency": "USD", "rate": Decimal("7.1"),
         "owner": "liu", "lines": [(pump.id, 4, "50.5")]},
        {**ended, "stage": "won", "amount": Decimal(500), "closed": date(2026, 9, 1), "lines": [(pump.id, 9, 1)]},
        {**ended, "stage": "lost", "amount": Decimal(700), "reason": "price"},
        {**ended, "stage": "lost", "amount": Decimal(800), "reason": "price"},
        {"amount": Decimal(1000), "probability": 40, "region": "South"},
        {"amount": Decimal(200), "probability": 50, "currency": "USD"},
        {"amount": Decimal(9000), "probability": 90, "category": "omitted"},
    ])  # fmt: skip

    def figure(name, *asked):
        (row,) = office.json("metric", "show", f"sales.{name}", *asked, user="ann")["rows"]
        return row["value"]

    month = ("--month", "2026-11")
    assert Decimal(figure("won", *month)) == Decimal("15201.8750")  # 1000.10 + 2000.25 x 7.1
    assert Decimal(figure("won.average", *month)) == Decimal("7600.9375")
    assert Decimal(figure("won.units", *month)) == 7
    assert Decimal(figure("won.lines", *month)) == Decimal("1734.2000")  # 3 x 100 + 4 x 50.5 x 7.1
    assert figure("win_rate", *month) == 50.0
    assert figure("cycle", *month) == 40.0
    assert Decimal(figure("pipeline")) == Decimal("11450.00")
    assert Decimal(figure("weighted")) == Decimal("1125.00")
