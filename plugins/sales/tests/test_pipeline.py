"""Opportunities by the command line: what fills in itself, what follows a step, what is refused in one sentence."""

import pytest
from crmcore_sales import tables
from crmcore_sales.model.competitor import Competitor
from crmcore_sales.model.opportunity import Opportunity
from crmcore_sales.model.product import Product
from crmcore_sales.pipeline.finding import Asked, statement
from crmcore_sales.pipeline.views import views
from sqlalchemy import select

from crmcore.api import move


@pytest.fixture
def sold(crm_run, crm_clock):
    """A workspace with sales, a customer with two people, two products with prices, and a rate of the euro."""
    crm_run("plugin", "enable", "sales")
    crm_run("customer", "add", "Huaxin")
    for name in ("Li Wei", "Mary Stone"):
        crm_run("contact", "add", name, "--customer", "Huaxin")
    for code, price in (("R-200", "8000"), ("S-24", "500")):
        crm_run("sales", "product", "add", code, f"Product {code}")
        crm_run("sales", "price", "add", code, price)
    crm_run("sales", "rate", "add", "EUR", "7.8", "--from", "2026-01-01")

    def run(*arguments, code=0, **more):
        if code:
            return crm_run("sales", "opportunity", *arguments, code=code, **more).err
        return crm_run("sales", "opportunity", *arguments, "--json", **more).json

    return run


def test_prices_and_the_amount_follow_the_list_until_they_are_said(sold):
    made = sold("add", "Huaxin", "--line", "20 R-200", "--line", "10x s-24")
    assert (made["title"], made["amount"], made["currency"]) == ("20 R-200", "165000.00", "CNY")
    person = sold("add", "Li Wei", "For Li")
    assert (person["customer"]["name"], person["contact"]["name"]) == ("Huaxin", "Li Wei")
    assert "There is no customer “Nobody”" in sold("add", "Nobody", code=1)
    made = sold("line", made["id"], "30 R-200")
    assert (made["amount"], len(made["lines"])) == ("245000.00", 2)
    made = sold("line", made["id"], "30 R-200 @7500")
    assert made["amount"] == "230000.00"
    assert sold("edit", made["id"], "--amount", "22万")["amount"] == "220000.00"
    assert sold("line", made["id"], "1 S-24")["amount"] == "220000.00"
    euro = sold("add", "Huaxin", "Abroad", "--currency", "eur", "--line", "10 R-200")
    assert (euro["currency"], euro["lines"][0]["unit_price"]) == ("EUR", "1025.64")
    words = sold("add", "Huaxin", "--line", "2 pumps by hand @300", "--words")
    assert (words["lines"][0]["product"], words["lines"][0]["text"], words["amount"]) == (
        None,
        "pumps by hand",
        "600.00",
    )
    assert "The price of R-200 is in USD, the opportunity in CNY" in sold("line", made["id"], "1 R-200 @$5", code=1)
    assert "“@5” is no line" in sold("line", made["id"], "@5", code=1)
    assert "Odds are between" not in sold("add", "Huaxin", "--odds", 101, code=2)
    assert "amount: “much” is no sum of money" in sold("add", "Huaxin", "--amount", "much", code=1)


def test_odds_follow_the_stage_until_the_owner_states_them(sold):
    made = sold("add", "Huaxin", "Pumps")
    assert made["probability"] == 10
    assert sold("move", made["id"], "needs")["probability"] == 25
    assert sold("edit", made["id"], "--odds", "40")["probability"] == 40
    assert sold("move", made["id"], "negotiation")["probability"] == 40
    assert sold("move", "Pumps", "proposal", "--odds", 55)["probability"] == 55
    assert "There is no stage “dreaming”; there are: qualification, needs" in sold("move", "Pumps", "dreaming", code=1)


def test_a_loss_says_why_and_to_whom_and_the_rate_of_the_day_stays(sold, crm_run, tmp_path):
    (tmp_path / "terms.toml").write_text('[term.PRICE]\nlabel = "price"\nsynonyms = ["too dear", "太贵"]\n')
    crm_run("config", "apply", tmp_path / "terms.toml")
    made = sold("add", "Huaxin", "Pumps", "--currency", "EUR", "--amount", "10k", "--competitor", "Kolb")["id"]
    assert "it needs reason" in sold("lose", made, code=1)
    lost = sold("lose", made, "--reason", "太贵", "--to", "kolb", "--price", "9k", "--note", "by ten per cent")
    assert (lost["status"], lost["reason"], lost["reason_note"], lost["rate"]) == (
        "lost", "PRICE", "by ten per cent", "7.8",
    )  # fmt: skip
    assert [(one["name"], one["price"], one["won"]) for one in lost["competitors"]] == [("Kolb", "9000.00", True)]
    crm_run("sales", "rate", "add", "EUR", "8.1", "--from", "2026-01-01")
    assert sold("show", made)["rate"] == "7.8"
    assert [one["id"] for one in sold("list", "--status", "lost", "--reason", "too dear")] == [made]
    again = sold("move", made, "qualification")
    assert (again["reason"], again["competitors"][0]["won"]) == ("", False)
    assert (again["status"], again["closed_on"], again["closed_at"], again["rate"]) == ("open", None, None, None)
    crm_run("process", "move", made, "lost", "--set", "reason=no budget")
    assert sold("show", made)["rate"] == "8.1"
    (row,) = [one for one in crm_run("process", "list", "--json").json if one["name"] == "opportunity"]
    assert (row["open"], row["closed"]) == (0, 1)
    assert [one["id"] for one in crm_run("process", "items", "opportunity", "--state", "lost", "--json").json] == [made]


def test_people_have_roles_and_each_is_there_once(sold):
    made = sold("add", "Huaxin", "Pumps")["id"]
    sold("role", made, "Li Wei", "budget", "boss", "--for")
    found = sold("role", made, "Li Wei", "boss", "coach", "--note", "golfs with ours")
    assert [(one["contact"]["name"], one["role"], one["support"]) for one in found["roles"]] == [
        ("Li Wei", "budget", "for"), ("Li Wei", "boss", "for"), ("Li Wei", "coach", ""),
    ]  # fmt: skip
    assert len(sold("role", made, "Li Wei", "coach", "--remove")["roles"]) == 2
    assert "no such role" in sold("role", made, "Mary Stone", "--remove", code=1)
    assert "There is no buying role “king”; there are: buyer, user" in sold("role", made, "Li Wei", "king", code=1)
    assert "There is no contact “Nobody”" in sold("role", made, "Nobody", "user", code=1)
    assert sold("role", made, "Li Wei", "--remove")["roles"] == []


def test_what_others_changed_is_not_overwritten_and_a_removed_one_is_gone(sold, crm_run):
    made = sold("add", "Huaxin", "Pumps", "--line", "1 R-200")
    sold("edit", made["id"], "--next", "Call", "--version", made["version"])
    assert "somebody changed it" in sold("edit", made["id"], "--next", "Write", "--version", made["version"], code=1)
    crm_run("sales", "opportunity", "remove", made["id"])
    assert "There is no opportunity" in sold("show", made["id"], code=1)
    assert sold("list") == []


def test_an_interaction_becomes_an_opportunity_once(sold, crm_run):
    crm_run("log", "Mary Stone wants a quote for 20 routers", "--contact", "Mary Stone")
    (noted,) = crm_run("interaction", "list", "--json").json
    done = sold("convert", "--interaction", noted["id"], "--yes")
    assert (len(done["converted"]), done["skipped"]) == (1, [])
    (made,) = sold("list")
    assert (made["interaction_id"], made["contact"]["name"], made["lead_source"]) == (noted["id"], "Mary Stone", "note")
    assert sold("convert", "--interaction", noted["id"], "--yes")["converted"] == []
    assert "There is no interaction 999999" in sold("convert", "--interaction", 999999, "--yes", code=1)


def test_a_rep_sees_what_is_theirs_and_a_funnel_of_nothing_is_empty(sold, crm_run):
    crm_run("user", "add", "bob", "--role", "rep")
    mine = sold("add", "Huaxin", "Pumps")["id"]
    told = crm_run("sales", "funnel", "--json").json
    first = told["stages"][0]
    assert (first["stage"], first["reached"], first["open"]) == ("qualification", 1, 1)
    assert crm_run("sales", "conformity", "--json").json["deals"] == 0
    assert "nothing to show" in crm_run("sales", "conformity").out
    refused = sold("move", mine, "needs", code=1, user="bob")
    assert "bob" in refused or "There is no opportunity" in refused


def test_a_list_and_a_step_of_many_cost_what_few_do(office, crm_statements):
    rival = Competitor(name="Kolb")
    office.insert(Product(code="R-200", name="Router 200"), rival)
    with office.app.read() as reader:
        product = reader.value(select(tables.product.c.id))
    made = office.deals({"lines": [(product, n + 1, 10)], "rivals": [rival.id], "amount": 10} for n in range(40))
    costs = []
    for few in (3, 40):
        with office.app.read(office.app.actor("mei")) as reader, crm_statements(office.app) as told:
            found = views(reader, statement(Asked(competitor="kolb")).limit(few))
        assert ([len(one.lines) for one in found], found[2].quantity) == ([1] * few, 3)
        with office.app.transaction(office.app.actor("mei")) as tx, crm_statements(office.app) as moving:
            ids = [one.id for one in made[:few]]
            for one in tx.load(Opportunity, tables.opportunity.c.id.in_(ids), tables.opportunity.c.status == "open"):
                move(tx, one, "needs" if few == 3 else "proposal")
            tx.flush()
        costs.append((len(told), len(moving)))
    assert costs[0][0] == costs[1][0] == 8, "the seven of the views, and which generation the workspace is in"
    assert costs[0][1] == costs[1][1]
