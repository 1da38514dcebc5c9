"""The contract of the command line: every noun lists and shows as one JSON document; an order in five typed fields."""

import pytest

NOUNS = ("lead", "opportunity", "quote", "product", "price", "competitor", "forecast")
OPPORTUNITY = {
    "id", "customer", "owner", "stage", "amount", "currency", "probability", "need_by", "lines", "competitors",
    "status", "reason",
}  # fmt: skip


@pytest.fixture
def sold(office):
    """An office in which everything has happened once: a lead, a deal against somebody, a quote, a frozen forecast."""
    office.crm("sales", "product", "add", "P40", "Pump DN40", "--cost", 500, "--price", 800, user="ann")
    office.crm("sales", "competitor", "add", "Nordlicht", user="ann")
    office.crm("sales", "lead", "add", "200 pumps", "--contact", office.contacts[0], "--mine")
    office.crm("sales", "opportunity", "add", office.customers[0], "--line", "200 P40", "--competitor", "Nordlicht",
               "--need-by", "2026-12-20", "--odds", 45)  # fmt: skip
    office.crm("sales", "quote", "add", office.customers[0], "10 P40", "--customer")
    assert office.json("sales", "forecast", "freeze", user="mei")["week"] >= 1
    return office


def _listed(document):
    return (
        document if isinstance(document, list) else next(each for each in document.values() if isinstance(each, list))
    )


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_lists_and_shows_as_json(sold, noun):
    listed = _listed(sold.json("sales", noun, "list"))
    assert len(listed) >= 1
    shown = sold.json("sales", noun, "show", *([] if noun == "forecast" else [listed[0]["id"]]))
    assert isinstance(shown, dict)
    if noun != "forecast":
        assert shown["id"] == listed[0]["id"]
    if noun == "opportunity":
        assert shown.keys() >= OPPORTUNITY
        assert listed[0].keys() >= OPPORTUNITY
        assert shown["customer"] == {"id": sold.customers[0], "name": shown["customer"]["name"]}
        assert (shown["owner"], shown["amount"], shown["currency"], shown["probability"], shown["need_by"]) == (
            "wang", "160000.00", "CNY", 45, "2026-12-20",
        )  # fmt: skip
        assert (shown["lines"][0]["product"]["code"], shown["competitors"][0]["name"]) == ("P40", "Nordlicht")


def test_from_the_lead_to_the_order_a_rep_types_five_fields_at_most(office):
    office.crm("sales", "product", "add", "P40", "Pump DN40", "--cost", 500, "--price", 800, user="ann")
    lead = office.json("sales", "lead", "add", "200 pumps", "--contact", office.contacts[0], "--mine")["id"]
    office.crm("log", "called them, they want a quote by Friday", "--contact", office.contacts[0])
    deal = office.json("sales", "lead", "accept", lead)["id"]
    office.crm("sales", "opportunity", "line", deal, "200 P40")
    quote = office.json("sales", "quote", "add", deal)["number"]
    office.crm("sales", "quote", "send", quote)
    office.crm("sales", "quote", "accept", quote)
    order = office.json("sales", "opportunity", "show", deal)
    assert (order["status"], order["amount"], order["lead_id"]) == ("won", "160000.00", lead)
    assert 0 < office.json("process", "meter", user="mei")["total"]["typed"] <= 5
