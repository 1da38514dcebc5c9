"""What sales tells others of its business: amounts at their rates, margins after costs, only what one may see."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from crmcore_sales.model.product import Product, Rate
from crmcore_sales.model.quote import Quote, QuoteLine
from sqlalchemy import func, select

from crmcore.api import Customer, bought, outcomes, products, worth

_CENT = Decimal("0.01")


@pytest.fixture
def world(office: Any) -> dict[str, Any]:
    """Deals in two currencies with lines in several, one of them by an accepted quote, one private to a colleague's."""
    costs = {
        "pump": (Decimal(60), "CNY"),
        "valve": (Decimal(8), "EUR"),
        "old": (Decimal(1), "CNY"),
        "free": (None, "CNY"),
    }
    goods = {
        code: Product(code=code, name=code.title(), cost=cost, currency=currency, active=code != "old")
        for code, (cost, currency) in costs.items()
    }
    hidden = Customer(name="Hidden", owner_id=office.users["liu"], private=True)
    rates = [Rate(currency="EUR", day=date(2026, 1, 1), rate=Decimal("7.5"))]
    rates.append(Rate(currency="EUR", day=date(2026, 6, 1), rate=Decimal("8.1")))
    office.insert(*goods.values(), *rates, hidden)
    pump, valve, free = goods["pump"].id, goods["valve"].id, goods["free"].id
    won = {"stage": "won", "closed": date(2026, 3, 1), "reason": "price"}
    made = office.deals(
        [
            {**won, "amount": Decimal(1000), "currency": "CNY", "lines": [(pump, 2, 300), (valve, "2.5", 160)]},
            {**won, "amount": Decimal(100), "currency": "EUR", "rate": Decimal("7.5"), "lines": [(valve, 3, 33)]},
            {**won, "amount": Decimal(500), "currency": "CNY", "lines": [(pump, 1, 250), (free, 1, 250)]},
            {**won, "amount": Decimal(400), "currency": "CNY", "lines": [(pump, 1, 400)]},
            {**won, "amount": Decimal(70), "currency": "USD"},
            {"stage": "needs", "amount": Decimal(10), "currency": "EUR", "campaign": "Fair"},
            {**won, "amount": Decimal(999), "currency": "CNY", "customer_id": hidden.id},
        ]
    )
    quoted = Quote(
        number="Q-1", opportunity_id=made[3].id, customer_id=made[3].customer_id, amount=Decimal(400), status="accepted"
    )
    office.insert(quoted)
    office.insert(
        QuoteLine(quote_id=quoted.id, product_id=pump, quantity=Decimal(4), unit_price=Decimal(100), cost=Decimal(55))
    )
    return {"ids": [one.id for one in made], "pump": pump, "goods": goods}


def _read(office: Any, login: str, ids: list[int]) -> dict[int, tuple[Any, Any]]:
    with office.app.read(office.app.actor(login)) as reader:
        (deal,) = bought(reader)
        statement = select(
            deal.record.label("id"), worth(deal).label("worth"), worth(deal, deal.margin).label("margin")
        )
        rows = reader.rows(statement.select_from(deal.source).where(deal.record.in_(ids)).limit(100))
    cents: Callable[[Any], Any] = lambda value: None if value is None else value.quantize(_CENT)  # noqa: E731
    return {ids.index(row.id): (cents(row.worth), cents(row.margin)) for row in rows}


def test_deals_are_worth_their_rates_and_leave_their_margins(office: Any, world: dict[str, Any]) -> None:
    found = _read(office, "wang", world["ids"])
    valve = 8 * Decimal("7.5")
    assert found == {
        0: (Decimal(1000), 1000 - 2 * 60 - Decimal("2.5") * valve),
        1: (Decimal(750), 750 - 3 * valve),
        2: (Decimal(500), None),
        3: (Decimal(400), Decimal(400 - 4 * 55)),
        4: (None, None),
        5: (Decimal(81), None),
    }
    assert 6 in _read(office, "liu", world["ids"])


def test_who_may_not_see_prices_sees_that_there_were_deals_and_no_figure(office: Any, world: dict[str, Any]) -> None:
    found = _read(office, "sam", world["ids"])
    assert found == dict.fromkeys(range(6), (None, None))
    with office.app.read(office.app.actor("sam")) as reader:
        (deal,) = bought(reader)
        summed = select(func.count(), func.sum(deal.amount), func.sum(deal.margin)).where(deal.record.in_(world["ids"]))
        assert tuple(reader.rows(summed.select_from(deal.source))[0]) == (6, None, None)
        assert ("sales_opportunity", "amount") in reader.withheld


def test_lines_and_products_tell_also_of_what_nobody_bought(office: Any, world: dict[str, Any]) -> None:
    with office.app.read(office.app.actor("wang")) as reader:
        (deal,), (sold,) = bought(reader), products(reader)
        assert deal.lines is not None
        lines = (
            select(deal.lines.product.label("product"), func.count(deal.customer.distinct()).label("n"))
            .select_from(deal.source.join(deal.lines.source, deal.lines.record == deal.record))
            .where(deal.state == "won", deal.record.in_(world["ids"]))
            .group_by(deal.lines.product)
            .subquery()
        )
        buyers = select(sold.code, func.coalesce(lines.c.n, 0).label("n")).where(*sold.conditions)
        found = reader.rows(buyers.select_from(sold.source.outerjoin(lines, lines.c.product == sold.id)).limit(50))
    assert {row.code: row.n for row in found} == {"pump": 3, "valve": 2, "free": 1}


def test_leads_and_quotes_are_told_of(office: Any, world: dict[str, Any]) -> None:
    kept = office.json("sales", "lead", "add", "Pumps for Acme", "--campaign", "Fair")["id"]
    lost = office.json("sales", "lead", "add", "Valves", "--campaign", "Fair")["id"]
    office.crm("sales", "lead", "reject", lost, "no need")
    with office.app.read(office.app.actor("wang")) as reader:
        found = {one.stage: one for one in outcomes(reader)}
        assert list(found) == ["lead", "quote", "deal"]
        lead, quote = found["lead"], found["quote"]
        rows = reader.rows(select(lead.record, lead.state, lead.campaign).select_from(lead.source).limit(10))
        assert {tuple(row) for row in rows} == {(kept, "open", "Fair"), (lost, "lost", "Fair")}
        row = reader.first(
            select(quote.state.label("state"), worth(quote, quote.margin).label("margin")).select_from(quote.source)
        )
        assert row is not None
        assert (row.state, row.margin) == ("won", 400 - 4 * 55)
