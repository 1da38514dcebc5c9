"""Which price is in force, what currencies are worth, and how many statements a list of quotes takes."""

from datetime import date
from decimal import Decimal

import pytest
from crmcore_sales.catalogue.prices import Want, in_force
from crmcore_sales.catalogue.rates import convert, rates
from crmcore_sales.model.account import Account
from crmcore_sales.model.product import Price, Product, Rate
from crmcore_sales.quoting.lines import Typed
from crmcore_sales.quoting.making import make
from crmcore_sales.quoting.sending import send
from crmcore_sales.quoting.views import page

from crmcore.api import InvalidInput, Objection, User, impl

NEW_YEAR, JUNE, TODAY = date(2026, 1, 1), date(2026, 6, 1), date(2026, 11, 24)


@pytest.fixture
def app(crm_workspace, crm_clock):
    return crm_workspace.open("sales")


@pytest.fixture
def pump(app):
    """100 from New Year, 105 from June on; 95 from 100 pumps on; 90 for key accounts; 12 USD in a list of its own."""
    with app.transaction() as tx:
        made = tx.add(Product(code="P", name="泵", cost=Decimal(60)))
        for price, more in (
            (100, {"valid_from": NEW_YEAR}),
            (105, {"valid_from": JUNE}),
            (95, {"valid_from": NEW_YEAR, "minimum": Decimal(100)}),
            (90, {"valid_from": NEW_YEAR, "tier": "key"}),
            (88, {"valid_from": JUNE, "tier": "key", "valid_until": date(2026, 6, 30)}),
            (15, {"valid_from": NEW_YEAR, "currency": "USD", "price_list": "export"}),
        ):
            tx.add(Price(product_id=made.id, unit_price=Decimal(price), **more))
        for currency, day, value in (("USD", NEW_YEAR, "7.2"), ("USD", JUNE, "7.1"), ("EUR", JUNE, "8")):
            tx.add(Rate(currency=currency, day=day, rate=Decimal(value)))
    return made


def test_the_price_in_force_is_that_of_the_tier_the_quantity_and_the_day(app, pump, crm_statements):
    cases = {
        (1, "CNY", date(2026, 3, 1), ""): "100",
        (1, "CNY", TODAY, ""): "105",
        (100, "CNY", TODAY, ""): "95",
        (100, "CNY", TODAY, "key"): "90",
        (1, "CNY", date(2026, 6, 30), "key"): "88",
        (1, "CNY", date(2026, 7, 1), "key"): "90",
        (1, "CNY", TODAY, "mass"): "105",
        (1, "USD", TODAY, ""): "15",
        (1, "EUR", TODAY, ""): "13.13",  # 105 / 8
        (1, "CNY", date(2025, 12, 31), ""): None,
    }
    wants = [
        Want(product_id=pump.id, quantity=Decimal(quantity), currency=currency, day=day, tier=tier)
        for quantity, currency, day, tier in cases
    ]
    with app.read() as reader:
        known = rates(reader, TODAY, NEW_YEAR)
        with crm_statements(app) as said:
            found = in_force(reader, wants, known)
    assert len(said) == 1
    assert [None if one is None else one.unit_price for one in found] == [
        None if price is None else Decimal(price) for price in cases.values()
    ]
    assert [one.origin for one in found if one is not None and one.origin] == ["CNY"]


def test_sums_are_converted_at_the_rate_of_their_day(app, pump):
    with app.read() as reader:
        assert convert(reader, [(Decimal(100), "USD", NEW_YEAR), (Decimal(100), "USD", date(2026, 5, 31)),
                                (Decimal(100), "USD", TODAY), (Decimal(100), "CNY", NEW_YEAR)]) == [
            Decimal(720), Decimal(720), Decimal(710), Decimal(100)]  # fmt: skip
        with pytest.raises(
            InvalidInput, match="There is no rate of EUR on 2026-05-31; add one: crm sales rate add EUR"
        ):
            convert(reader, [(Decimal(1), "EUR", date(2026, 5, 31))])


def test_prices_and_rates_are_kept_from_the_command_line(crm_workspace, crm_run, crm_clock, make_customer):
    app = crm_workspace.open("sales")
    client = make_customer("华信光电")
    with app.transaction() as tx:
        tx.add(Account(customer_id=client.id, tier="key"))
    crm_run("sales", "product", "add", "VALVE", "阀门", "--cost", "30", "--price", "50")
    crm_run("sales", "price", "add", "VALVE", "45", "--tier", "key", "--from", "2026-12-01")
    ask = ("sales", "price", "of", "valve", "华信光电", "--json")
    assert crm_run(*ask).json["unit_price"] == "50.00"
    assert crm_run(*ask, "--on", "2026-12-01").json["unit_price"] == "45.00"
    crm_run("sales", "rate", "add", "USD", "7.1")
    assert crm_run("sales", "rate", "convert", "100USD", "--json").json["amount"] == "710.00"
    assert "EUR" in crm_run("sales", "rate", "convert", "100EUR", code=1).err
    crm_run("sales", "product", "edit", "VALVE", "--cost", "40")
    shown = crm_run("sales", "product", "show", "VALVE", "--json").json
    assert (shown["cost"], [one["unit_price"] for one in shown["prices"]]) == ("40.00", ["50.00"])
    quote = crm_run("sales", "quote", "add", "华信光电", "10 VALVE", "--currency", "USD", "--json").json
    assert (quote["amount"], quote["lines"][0]["unit_price"]) == ("70.40", "7.04")
    for wrong, why in (
        ("0 VALVE", "is no line"),
        ("VALVE:x", "no product"),
        ("1 VALVE @free", "no sum of money"),
    ):
        assert why in crm_run("sales", "quote", "add", "华信光电", wrong, code=1).err
    assert "in EUR" in crm_run("sales", "quote", "add", "华信光电", "1 VALVE @5EUR", "--currency", "USD", code=1).err


def test_a_list_of_quotes_takes_as_many_statements_for_one_as_for_forty(
    crm_workspace, crm_run, crm_statements, crm_clock, make_customer
):
    app = crm_workspace.open("sales")
    with app.transaction() as tx:
        made = tx.add(Product(code="P", name="泵"))
        tx.flush()
        tx.add(Price(product_id=made.id, unit_price=Decimal(100), valid_from=NEW_YEAR))
    counts = []
    for number in range(12):
        crm_run("sales", "quote", "add", make_customer(f"客户{number}").id, "2 P @-3%", "1 P @99", "--send")
        if number in (0, 11):
            with app.read() as reader, crm_statements(app) as said:
                assert len(page(reader, limit=50)) == number + 1
            counts.append(len(said))
    assert counts[0] == counts[1] <= 10


class Forbidding:
    """A policy that lets nobody quote pumps."""

    @staticmethod
    @impl
    def crm_objections(acts):
        return [Objection(act=one, reason="no pumps this week") for one in acts if "P" in one.products]


def test_a_policy_keeps_a_quote_a_draft(crm_workspace, crm_run, crm_clock, make_customer):
    crm_workspace.open("sales")
    app = crm_workspace.open(("forbidding", Forbidding))
    client = make_customer("华信光电")
    with app.transaction() as tx:
        tx.add(User(login="wang", role="rep"))
        pump = tx.add(Product(code="P", name="泵"))
    with app.transaction(app.actor("wang")) as tx:
        quote = make(tx, customer_id=client.id, typed=[Typed(product_id=pump.id, unit_price=Decimal(5))])
        sent = send(tx, quote)
    assert (sent.status, sent.refused) == ("draft", ("no pumps this week",))
    told = crm_run("history", client.id, "--json").json
    assert [one["type"] for one in told if one["type"].startswith("policy")] == ["policy.refused"]
