import json

import pytest

from crmcore.directory import cards, customers
from crmcore.model.party import Contact, ContactPoint, Customer, CustomerRole, Position


def out(result):
    return json.loads(result.stdout)


@pytest.mark.parametrize("number", [1, 200])
def test_a_list_costs_seven_statements_whatever_its_length(app, counted, number):
    with app.transaction(app.actor("ann")) as tx:
        for each in range(number):
            one = tx.add(Customer(name=f"Company {each:03}", owner_id=tx.actor.user_id))
            tx.add(CustomerRole(customer_id=one.id, role="customer"))
            tx.add(ContactPoint(customer_id=one.id, kind="phone", value="13800138000"))
    with app.read(app.actor("ann")) as reader:
        first = customers.page(reader, limit=1)[0]
        with counted(app) as statements:
            found = customers.page(reader, limit=500, after=first.id, role="customer")
        assert len(found) == number - 1
        assert len(statements) == (7 if found else 2)


def test_a_card_costs_as_much_for_many_people_as_for_one(app, counted):
    costs = []
    for number in (1, 60):
        with app.transaction(app.actor("ann")) as tx:
            one = tx.add(Customer(name=f"Company of {number}"))
            for each in range(number):
                person = tx.add(Contact(name=f"Person {each}"))
                tx.add(Position(contact_id=person.id, customer_id=one.id, title="clerk"))
        with app.read(app.actor("ann")) as reader, counted(app) as statements:
            card = cards.customer_card(reader, one.id)
        assert len(card["contacts"]) == number
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 22


def test_a_customer_is_added_shown_edited_and_removed(crm):
    parent = out(crm("customer", "add", "Nordlicht Holding", "--json"))["id"]
    added = out(
        crm(
            "customer", "add", "Nordlicht GmbH", "--role", "customer", "--parent", "Nordlicht Holding",
            "--phone", "010-12345678", "--detail", "branch=steel", "--json",
        )
    )  # fmt: skip
    assert (added["parent"], added["roles"], added["details"]) == (
        "Nordlicht Holding",
        ["customer"],
        {"branch": "steel"},
    )
    crm("contact", "add", "Ida Holm", "--customer", added["id"], "--title", "buyer")

    card = out(crm("customer", "show", "nordlicht gmbh", "--json"))
    assert [(one["contact"], one["title"]) for one in card["contacts"]] == [("Ida Holm", "buyer")]
    assert card["sources"]["name"] == "entered by ann"
    assert [one["name"] for one in out(crm("customer", "show", parent, "--json"))["subsidiaries"]] == ["Nordlicht GmbH"]
    assert "Ida Holm" in crm("customer", "show", added["id"]).stdout

    assert "own parent" in crm("customer", "edit", parent, "--parent", added["id"], code=1).stderr
    edited = out(crm("customer", "edit", added["id"], "--name", "Nordlicht AG", "--kind", "organisation", "--json"))
    assert (edited["name"], edited["version"]) == ("Nordlicht AG", 2)
    assert out(crm("customer", "list", "licht ag", "--json"))[0]["id"] == added["id"]

    crm("customer", "remove", added["id"])
    assert [one["id"] for one in out(crm("customer", "list", "--json"))] == [parent]
    told = {each["type"] for each in out(crm("history", added["id"], "--json"))}
    assert {"customer.removed", "customer_role.removed", "contact_point.removed"} <= told
    crm("doctor")


def test_a_customer_like_another_is_told(crm):
    first = out(crm("customer", "add", "Nordlicht GmbH", "--email", "info@nordlicht.example", "--json"))["id"]
    added = crm("customer", "add", "NORDLICHT gmbh", "--email", "INFO@nordlicht.example", "--json")
    (like,) = out(added)["duplicates"]
    assert (like["id"], len(like["reasons"])) == (first, 2)


def test_roles_begin_and_end(crm):
    key = out(crm("customer", "add", "Vest AS", "--role", "customer", "--json"))["id"]
    crm("customer", "role", key, "add", "supplier", "--since", "2026-03-01")
    assert "is supplier already" in crm("customer", "role", key, "add", "supplier", code=1).stderr
    assert out(crm("customer", "list", "--role", "supplier", "--json"))[0]["roles"] == ["customer", "supplier"]

    assert "only since 2026-03-01" in crm(
        "customer", "role", key, "end", "supplier", "--on", "2026-02-01", code=1
    ).stderr  # fmt: skip
    ended = out(crm("customer", "role", key, "end", "supplier", "--on", "2026-06-30", "--json"))
    assert ended["roles"] == ["customer"]
    assert [(one["role"], one["started"], one["ended"]) for one in ended["role_history"]] == [
        ("customer", None, None),
        ("supplier", "2026-03-01", "2026-06-30"),
    ]
    assert out(crm("customer", "list", "--role", "supplier", "--json")) == []
    assert "is not supplier" in crm("customer", "role", key, "end", "supplier", code=1).stderr
    assert "supplier" in crm("history", key).stdout
