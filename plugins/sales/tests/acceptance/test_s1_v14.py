"""S1-V14: two reps, two prices for one product: held until reasoned, whom it concerns is told, one quote is valid."""

import re
import zlib
from base64 import a85decode
from datetime import date
from decimal import Decimal

import pytest
from crmcore_sales.model.product import Price, Product

from crmcore.api import deliver

pytestmark = pytest.mark.row("S1-V14")


@pytest.fixture
def x(office):
    """X is at 100 on the list; its first customer is quoted it by liu (A), and then by wang (B)."""
    made = Product(code="X", name="磁力泵 X", cost=Decimal(60))
    office.insert(made)
    office.insert(Price(product_id=made.id, unit_price=Decimal(100), valid_from=date(2026, 1, 1)))
    return made


def statuses(office, customer):
    quotes = office.json("sales", "quote", "list", "--customer", customer, user="mei")
    return {one["number"]: one["status"] for one in quotes}


def tasks(office, login):
    return [one["subject"] for one in office.json("task", "list", "--owner", login, "--status", "open", user="mei")]


def words(pdf):
    """Return what a PDF of ReportLab's says: ASCII in one font, UTF-16 in the Chinese one."""
    said = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        page = zlib.decompress(a85decode(b"<~" + stream.strip(), adobe=True))
        for text in re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", page, re.DOTALL):
            raw = re.sub(rb"\\([0-7]{3}|.)", lambda one: bytes([int(one[1], 8)]) if one[1].isdigit() else one[1], text)
            said.append(raw.decode("ascii") if raw.isascii() and b"\0" not in raw else raw.decode("utf-16-be"))
    return " ".join(said)


def test_the_second_price_is_held_until_reasoned_and_the_client_has_one_valid_quote(office, x):
    client = office.customers[0]
    [a] = [office.json("sales", "quote", "add", client, "10 X @100", "--customer", "--send", user="liu")]
    assert (a["status"], a["owner"], a["amount"], a["valid_until"]) == ("open", "liu", "1000.00", "2026-12-24")
    assert a["customer"]["id"] == client
    assert a["contact"]["id"] in office.staff[0], "nobody typed whom it is for"
    office.crm("sales", "approval", "limit", "wang", "10", user="mei")  # so that nothing but the other quote holds it

    office.clock.set("2026-12-20T10:00+08:00")
    held = office.crm("sales", "quote", "add", client, "10 X @91", "--customer", "--channel", "partner", "--send")
    assert f"X at 91.00 CNY is 9.0% less than the 100.00 CNY of quote {a['number']} (liu), sent 2026-11-24" in held.err
    b = office.json("sales", "quote", "list", "--mine")[0]
    assert statuses(office, client) == {a["number"]: "open", b["number"]: "held"}
    for login in ("wang", "liu", "mei"):
        assert [each for each in tasks(office, login) if "Two prices" in each and "9.0% less" in each], login

    again = office.crm("sales", "quote", "send", b["number"])
    assert "Held" in again.err
    assert len([each for each in tasks(office, "liu") if "Two prices" in each]) == 1, "told once"
    done = office.json("sales", "quote", "send", b["number"], "--reason", "a competitor asks 90")
    assert (done["status"], done["reason"]) == ("open", "a competitor asks 90")
    assert statuses(office, client) == {a["number"]: "superseded", b["number"]: "open"}
    for login in ("liu", "mei"):
        assert f"Quote {a['number']} gave way to {b['number']} of wang: a competitor asks 90" in tasks(office, login)
    assert not [each for login in ("wang", "liu", "mei") for each in tasks(office, login) if "Two prices" in each]
    told = office.json("history", b["id"], user="ann")
    assert any("by wang" in one["cause"] for one in told)


def test_the_same_price_another_client_and_a_quote_that_is_over_hold_nothing(office, x, tmp_path):
    client, other = office.customers[:2]
    first = office.json("sales", "quote", "add", client, "10 X", "--customer", "--send", user="liu")
    quote = ("sales", "quote", "add")
    assert office.json(*quote, client, "500 X", "--customer", "--send")["status"] == "open", "the same price"
    assert office.json(*quote, other, "10 X @97", "--customer", "--send")["status"] == "open", "another client"
    for number in {each["number"] for each in office.json("sales", "quote", "list", "--customer", client)}:
        owner = "liu" if number == first["number"] else "wang"
        office.crm("sales", "quote", "decline", number, "too dear", user=owner)
    cheaper = office.json(*quote, client, "10 X @96", "--customer", "--until", "2026-12-01", "--send")
    assert cheaper["status"] == "open", "the others are over"
    assert office.json(*quote, client, "X@97", "--customer", "--send", user="liu")["status"] == "held"
    office.clock.set("2026-12-02T10:00+08:00")
    assert office.json("sales", "quote", "show", cheaper["number"])["status"] == "expired", "by its date, at once"
    late = office.json(*quote, client, "X@98", "--customer", "--send", user="liu")
    assert late["status"] == "open"

    revised = office.json("sales", "quote", "revise", late["number"], "X@96", "--send", user="liu")
    assert (revised["number"], revised["revision"], revised["status"]) == (late["number"], 2, "open")
    assert office.json("sales", "quote", "show", f"{late['number']}/1", user="liu")["status"] == "superseded"
    office.crm("sales", "quote", "pdf", late["number"], "--out", tmp_path / "q.pdf")
    text = words((tmp_path / "q.pdf").read_bytes())
    assert "磁力泵" in text
    assert f"{late['number']}/2" in text
    accepted = office.crm("sales", "quote", "accept", late["number"], user="liu")
    deal = office.json("sales", "opportunity", "list", "--customer", client, "--status", "won", user="liu")[0]
    assert f"Opportunity {deal['id']} is won." in accepted.err
    assert (deal["status"], deal["amount"], deal["owner"]) == ("won", "96.00", "liu")
    assert [(one["quantity"], one["unit_price"]) for one in deal["lines"]] == [("1.00", "96.00")]
    assert f"Quote {late['number']}/2 accepted" in office.crm("brief", client).out


def test_two_clients_that_become_one_are_told_of(office, x):
    one, other = office.customers[:2]
    office.crm("sales", "quote", "add", one, "10 X", "--customer", "--send", user="liu")
    office.crm("sales", "quote", "add", other, "10 X @96", "--customer", "--send")
    office.crm("customer", "merge", one, other, user="ann")
    deliver(office.app)
    [met] = office.json("sales", "quote", "conflicts", user="mei")
    assert (met["customer_id"], met["product"], met["percent"]) == (one, "X", "4.0")
    for login in ("wang", "liu", "mei"):
        assert [each for each in tasks(office, login) if "Two prices" in each], login
    assert "Customers with two valid prices for a product" in office.crm("quality", user="ann").out
    office.crm("sales", "quote", "withdraw", met["other_quote"])
    assert office.json("sales", "quote", "conflicts", user="mei") == []


def test_service_sees_products_and_no_prices(office, x):
    client = office.customers[0]
    office.crm("sales", "quote", "add", client, "10 X", "--customer", "--send", user="liu")
    [seen] = office.json("sales", "quote", "list", user="sam")
    assert (seen["amount"], seen["lines"][0]["product"], seen["lines"][0]["unit_price"]) == (None, "X", None)
    for command in (("sales", "quote", "list"), ("sales", "product", "show", "X"), ("brief", client)):
        told = office.crm(*command, user="sam")
        assert "100.00" not in told.out, command
        assert "Hidden from you (role service)" in told.err, command
    refused = office.crm("sales", "quote", "add", client, "1 X @50", "--customer", "--send", user="sam", code=1)
    assert "Prices are hidden from you" in refused.err
