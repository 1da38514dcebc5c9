"""S1-19: each department has the facts it needs and no others; what is withheld is said, and kept in the journal."""

import json

import pytest

CONFIG = """
[role.service]
write = "all"
hide = ["bargains_deal.price"]

[role.marketing]
read = "all"
write = "own"
hide = ["open_tickets_ticket.text", "interaction.body"]
"""
PRICE, PROBLEM, SAID = "48999.50", "the seal burst in hall three", "he hinted at a takeover"


def out(done):
    return json.loads(done.stdout)


@pytest.fixture
def departments(site):
    """Huaxin has a deal, a ticket and a call noted; Sue is of the service, Mia of marketing, Ann sees everything."""
    site.install("bargains", "open_tickets")
    site.process("plugin", "enable", "bargains")
    site.process("plugin", "enable", "open_tickets")
    (site.folder / "roles.toml").write_text(CONFIG, encoding="utf-8")
    site.crm("config", "apply", site.folder / "roles.toml")
    site.crm("user", "add", "sue", "--role", "service")
    site.crm("user", "add", "mia", "--role", "marketing")
    site.crm("contact", "add", "Li Wei", "--customer", "Huaxin", "--email", "li@huaxin.example")
    site.crm("bargain", "add", "Huaxin", "pump", PRICE)
    site.crm("bargain", "add", "Huaxin", "valve", "12.00")
    site.crm("ticket", "open", "Huaxin", PROBLEM)
    site.crm("interaction", "add", SAID, "--subject", "a call", "--channel", "call", "--contact", "Li Wei")
    return site


@pytest.fixture
def sue(departments):
    return lambda *given, **more: departments.crm(*given, CRM_USER="sue", **more)


@pytest.fixture
def mia(departments):
    return lambda *given, **more: departments.crm(*given, CRM_USER="mia", **more)


def denials(site):
    """Return what the journal keeps of what was denied, the newest first."""
    lines = []
    for login in ("sue", "mia"):
        key = out(site.crm("user", "show", login, "--json"))["id"]
        lines += [one for one in out(site.crm("history", key, "--json")) if one["type"] == "access.denied"]
    return lines


@pytest.mark.row("S1-19")
def test_service_sees_products_and_no_prices(departments, sue):
    told = sue("brief", "Huaxin")
    assert "pump" in told.stdout
    assert PROBLEM in told.stdout
    assert PRICE not in told.stdout
    assert told.stderr.strip() == "Hidden from you (role service): bargains_deal.price."
    assert PRICE in departments.crm("brief", "Huaxin").stdout
    assert departments.crm("brief", "Huaxin").stderr == ""

    document = sue("brief", "Huaxin", "--json")
    deals = next(block for block in out(document)["blocks"] if block["title"] == "Deals")
    assert deals["data"] == [{"product": "pump", "price": None}, {"product": "valve", "price": None}]
    assert "bargains_deal.price" in document.stderr, "said where no program reads it as data"


@pytest.mark.row("S1-19")
def test_neither_a_filter_nor_an_order_nor_a_sum_tells_a_price(departments, sue):
    assert [one["product"] for one in out(departments.crm("bargain", "list"))] == ["valve", "pump"]  # the dearest last
    assert [one["product"] for one in out(sue("bargain", "list"))] == ["pump", "valve"]  # by id: no price to order by
    assert len(out(departments.crm("bargain", "list", "--above", "1000"))) == 1
    assert out(sue("bargain", "list", "--above", "1000")) == []
    assert float(out(departments.crm("bargain", "sum"))["worth"]) == 49011.5
    assert out(sue("bargain", "sum")) == {"deals": 2, "worth": None}


@pytest.mark.row("S1-19")
def test_marketing_sees_that_there_is_a_ticket_and_not_what_it_says(departments, mia):
    told = mia("brief", "Huaxin", "--json")
    tickets = next(block for block in out(told)["blocks"] if block["title"] == "Tickets")
    assert [(one["status"], one["text"]) for one in tickets["data"]] == [("open", "")]
    assert "open_tickets_ticket.text" in told.stderr
    assert PROBLEM not in mia("brief", "Huaxin").stdout
    assert out(mia("ticket", "list", "--text", "seal")) == []
    assert PRICE in mia("brief", "Huaxin").stdout
    assert PROBLEM in departments.crm("ticket", "list").stdout


@pytest.mark.row("S1-19")
def test_a_hidden_text_is_neither_found_nor_shown_nor_exported(departments, mia):
    (shown,) = out(mia("interaction", "list", "--json"))
    assert (shown["subject"], shown["body"]) == ("a call", "")
    for command in (
        ("interaction", "list"),
        ("interaction", "show", shown["id"]),
        ("brief", "Li Wei"),
        ("contact", "show", "Li Wei"),
        ("search", "a call"),
        ("history", shown["id"]),
    ):
        assert "takeover" not in mia(*command).stdout, command
    assert "takeover" in departments.crm("interaction", "show", shown["id"]).stdout
    assert out(departments.crm("search", "takeover", "--json"))
    assert out(mia("search", "takeover", "--json")) == []
    assert out(mia("interaction", "list", "--text", "takeover", "--json")) == []
    assert len(out(mia("interaction", "list", "--text", "call", "--json"))) == 1, "what is not hidden is found"

    target = departments.folder / "everything"
    mia("export", target, "--format", "jsonl")
    files = [file for file in target.rglob("*") if file.is_file()] if target.is_dir() else [target]
    exported = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "pump" in exported
    assert "takeover" not in exported
    assert PROBLEM not in exported


@pytest.mark.row("S1-19")
def test_who_edits_leaves_what_is_hidden_and_may_not_change_it(departments, sue):
    (key,) = [one["id"] for one in out(departments.crm("bargain", "list")) if one["product"] == "pump"]
    sue("bargain", "edit", key, "--product", "big pump")
    assert ["big pump", PRICE] in [[one["product"], one["price"]] for one in out(departments.crm("bargain", "list"))]
    refused = sue("bargain", "edit", key, "--price", "1.00", code=1)
    assert "“price” is hidden from you" in refused.stderr
    assert PRICE in departments.crm("bargain", "list").stdout


@pytest.mark.row("S1-19")
def test_denials_give_a_reason_and_are_audited(departments, sue, mia):
    assert denials(departments) == []
    sue("brief", "Huaxin")
    (key, *_rest) = [one["id"] for one in out(departments.crm("bargain", "list"))]
    sue("bargain", "edit", key, "--price", "1.00", code=1)
    mia("ticket", "list")
    mia("user", "add", "eve", code=1)
    mia("customer", "list")  # nothing hidden there
    told = denials(departments)
    assert [(one["actor"], one["cause"]) for one in told] == [
        ("sue", "crm bargain edit"),
        ("sue", "crm brief"),
        ("mia", "crm user add"),
        ("mia", "crm ticket list"),
    ]
    assert all(one["data"]["reason"] for one in told)
    assert told[1]["data"]["fields"] == ["bargains_deal.price"]
    assert told[3]["data"]["fields"] == ["open_tickets_ticket.text"]
