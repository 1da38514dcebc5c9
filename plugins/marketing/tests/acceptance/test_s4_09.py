"""A lecture for 1M brought 14 customers, 71k each; a tour of 20 cities 31, 52k each; products without buyers shown."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

BY_HAND = """
WITH RECURSIVE tree(top, id) AS (
    SELECT id, id FROM marketing_campaign WHERE parent_id IS NULL
    UNION SELECT tree.top, c.id FROM marketing_campaign c JOIN tree ON c.parent_id = tree.id
), led AS (
    SELECT o.id AS deal, o.customer_id, t.campaign_id,
           row_number() OVER (PARTITION BY o.id ORDER BY t.at DESC, t.id DESC) AS place
    FROM sales_opportunity o
    JOIN marketing_touch t ON t.at <= o.closed_at AND t.at >= {earlier} AND (
        t.customer_id = o.customer_id OR t.contact_id = o.contact_id
        OR (t.customer_id IS NULL AND t.contact_id IN (
            SELECT p.contact_id FROM position p WHERE p.customer_id = o.customer_id AND p.ended IS NULL)))
    WHERE o.status = 'won' AND t.engaging AND t.campaign_id IS NOT NULL
)
SELECT tree.top, p.code, count(DISTINCT led.customer_id), count(DISTINCT led.deal)
FROM led JOIN tree ON tree.id = led.campaign_id AND led.place = 1
LEFT JOIN sales_line l ON {of_line} LEFT JOIN sales_product p ON p.id = l.product_id
GROUP BY tree.top, p.code
"""


def _by_hand(office, *, lines):
    sqlite = office.app.engine.dialect.name == "sqlite"
    earlier = "strftime('%Y-%m-%d %H:%M:%f000', o.closed_at, '-365 days')" if sqlite else (
        "o.closed_at - interval '365 days'"
    )  # fmt: skip
    statement = BY_HAND.format(earlier=earlier, of_line="l.opportunity_id = led.deal" if lines else "1 = 0")
    with office.app.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


@pytest.fixture
def roads(market):
    """The lecture and the tour; orders that follow from touches of all kinds, in time, late, early, or of no kind."""
    for code in ("ROUTER", "SWITCH", "CABLE", "ANTENNA"):
        market.product(code)
    lecture = market.campaign("Lecture", type="lecture", cost=1_000_000)
    tour = market.campaign("Tour", type="roadshow", cost=212_000)
    cities = [
        market.campaign(f"City {n}", parent_id=tour, cost=70_000, on=date(2026, 2, 1 + n)) for n in range(20)
    ]  # fmt: skip
    for place in range(14):
        market.touched(lecture, customer=place, at="2026-03-01", staff=place % 2, named=place % 3 != 0)
        market.won(customer=place, on="2026-06-01", revenue=200, goods={"ROUTER": 1, "SWITCH": place % 2})
    for place in range(14, 45):
        market.touched(lecture, customer=place, at="2026-02-01", kind="sent")
        market.touched(cities[place % 20], customer=place, at="2026-04-01", kind="registered")
        goods = {"ROUTER": 2, "CABLE": 1 if place % 4 == 0 else 0}
        market.won(customer=place, on="2026-06-01", revenue=300, goods=goods, contact_id=market.office.staff[place][1])
        if place % 5 == 0:
            market.won(customer=place, on="2026-07-01", revenue=100, goods={"CABLE": 1})
    for place in range(45, 60):
        market.touched(cities[0], customer=place, at="2026-08-01")
        market.touched(lecture, customer=place, at="2025-05-31")
        market.won(customer=place, on="2026-06-01", revenue=100, goods={"ANTENNA": 1})
    market.open()
    return market.office


@pytest.mark.row("S4-09")
def test_effect_per_spend_and_zero_buyers(roads):
    told = roads.json("marketing", "return", "compare", "Lecture", "Tour", user="ann")
    lecture, tour = told["rows"]
    assert (lecture["spend"], tour["spend"]) == ("1000000.00", "1612000.00")
    assert (lecture["last"]["customers"], tour["last"]["customers"]) == (14, 31)
    assert (lecture["last"]["cost_per_customer"], tour["last"]["cost_per_customer"]) == ("71428.57", "52000.00")

    by_hand = {top: (customers, deals) for top, _code, customers, deals in _by_hand(roads, lines=False)}
    assert by_hand == {one["key"]: (one["last"]["customers"], one["last"]["orders"]) for one in told["rows"]}
    bought = {
        (each["key"], one["code"]): (each["customers"], each["orders"])
        for one in told["products"] for each in one["bought"]
    }  # fmt: skip
    assert {key: n for key, n in bought.items() if n != (0, 0)} == {
        (top, code): (customers, deals) for top, code, customers, deals in _by_hand(roads, lines=True)
    }
    keys = [lecture["key"], tour["key"]]
    assert [bought[key, "CABLE"][0] for key in keys] == [0, len([n for n in range(14, 45) if not n % 4 or not n % 5])]
    assert [bought[key, "SWITCH"][0] for key in keys] == [7, 0]
    assert [bought[key, "ANTENNA"] for key in keys] == [(0, 0), (0, 0)]

    shown = roads.crm("marketing", "return", "compare", "Lecture", "Tour", user="ann").out
    assert all(one in shown for one in ("71,429", "52,000", "customers for ANTENNA"))
    by_type = roads.json("marketing", "return", "compare", "--by", "type", "lecture", "roadshow", user="ann")
    assert [one["last"]["customers"] for one in by_type["rows"]] == [14, 31]
    products = roads.json("marketing", "return", "list", "--by", "product", user="ann")["rows"]
    assert {one["code"]: one["customers"] for one in products if one["code"] not in ("COST", "GAIN")} == {
        "ROUTER": 45, "SWITCH": 7, "CABLE": bought[tour["key"], "CABLE"][0], "ANTENNA": 0
    }  # fmt: skip
    cities = roads.json("marketing", "return", "show", "Tour", user="ann")["rows"]
    assert sum(Decimal(one["spend"]) for one in cities) == 1_612_000
    assert len(cities) == 21
