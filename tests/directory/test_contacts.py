import json
from datetime import UTC, datetime

import pytest

from crmcore.directory import cards, contacts
from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint, Customer, ExternalId, Position


def out(result):
    return json.loads(result.stdout)


def fill(app, number):
    with app.transaction(app.actor("ann")) as tx:
        customer = tx.add(Customer(name="Nordlicht GmbH"))
        for each in range(number):
            contact = tx.add(Contact(name=f"Person {each:03}", owner_id=tx.actor.user_id))
            address = f"p{each}@nordlicht.example"
            tx.add(ContactPoint(contact_id=contact.id, kind="email", value=address, normal=address))
            tx.add(Position(contact_id=contact.id, customer_id=customer.id))
            tx.add(ExternalId(kind="contact", record_id=contact.id, scheme="vcard", value=f"urn:{each}"))
    return customer


def test_the_json_of_a_list_holds_what_programs_count_on(crm):
    crm("contact", "add", "李伟", "--email", "Li.Wei@Example.com", "--phone", "138 0013 8000", "--customer", "华为")
    crm("contact", "add", "Anna van der Berg")

    li, anna = out(crm("contact", "list", "--json"))  # as li wei stands before van der berg

    assert li["name"] == "李伟"
    assert (li["family"], li["given"]) == ("李", "伟")
    assert li["emails"] == ["Li.Wei@Example.com"]
    assert li["phones"] == ["138 0013 8000"]
    assert li["customers"] == ["华为"]
    assert li["external_ids"] == []
    assert [point["normal"] for point in li["points"]] == ["li.wei@example.com", "+8613800138000"]
    assert (anna["family"], anna["given"]) == ("van der Berg", "Anna")


def test_paging_shows_everybody_once_in_the_order_of_names(app, crm):
    fill(app, 25)
    seen, after = [], []
    while page := out(crm("contact", "list", "--limit", 10, *after, "--json")):
        seen += [one["name"] for one in page]
        after = ["--after", page[-1]["id"]]
    assert seen == [f"Person {each:03}" for each in range(25)]


def test_paging_goes_on_in_the_order_of_ids_where_names_are_narrowed(app, crm):
    fill(app, 25)
    first = out(crm("contact", "list", "son 01", "--limit", 4, "--json"))
    rest = out(crm("contact", "list", "son 01", "--after", first[-1]["id"], "--json"))
    assert [one["name"] for one in first + rest] == ["Person 001", *[f"Person 01{each}" for each in range(10)]]


def test_a_list_is_narrowed_by_customer_and_owner(team):
    team("contact", "add", "Ida Holm", "--customer", "Nordlicht GmbH")
    team("contact", "add", "Per Lund", "--customer", "Sydhavn ApS", "--owner", "bob")
    assert [one["name"] for one in out(team("contact", "list", "--customer", "nordlicht gmbh", "--json"))] == [
        "Ida Holm"
    ]
    assert [one["name"] for one in out(team("contact", "list", "--owner", "bob", "--json"))] == ["Per Lund"]
    assert "no user “eve”" in team("contact", "list", "--owner", "eve", code=1).stderr


@pytest.mark.parametrize("number", [1, 200])
def test_a_list_costs_six_statements_whatever_its_length(app, counted, number):
    fill(app, number)
    with app.read(app.actor("ann")) as reader:
        first = contacts.page(reader, limit=1)[0]
        with counted(app) as statements:
            contacts.page(reader, limit=500)
        assert len(statements) == 5
        with counted(app) as statements:
            found = contacts.page(reader, limit=500, after=first.id)
        assert len(statements) == (6 if found else 2)


def test_a_card_costs_as_much_with_history_as_without(app, counted):
    fill(app, 2)
    with app.transaction(app.actor("ann")) as tx:
        busy, idle = tx.load(Contact)
        for each in range(40):
            passed = tx.add(Interaction(channel="note", contact_id=busy.id, at=datetime.now(UTC), body=str(each)))
            tx.add(Participant(interaction_id=passed.id, role="present", contact_id=busy.id))
            tx.add(Task(subject=f"task {each}", contact_id=busy.id))
    costs = []
    for one in (busy, idle):
        with app.read(app.actor("ann")) as reader, counted(app) as statements:
            card = cards.contact_card(reader, one.id)
        costs.append(len(statements))
        assert len(card["latest"]) == (3 if one is busy else 0)
    assert costs[0] == costs[1] <= 19


def test_adding_tells_which_contact_it_looks_like(crm):
    first = out(crm("contact", "add", "李伟", "--phone", "13800138000", "--json"))
    crm("contact", "add", "Somebody Else", "--phone", "13800138001")

    added = crm("contact", "add", "Wei, Li", "--phone", "+86 138 0013 8000", "--json")

    assert out(added)["duplicates"] == [
        {"id": first["id"], "name": "李伟", "reasons": ["same phone 13800138000", "same name"]}
    ]
    assert f"Looks like contact {first['id']} 李伟" in added.stderr
    assert out(crm("contact", "add", "Nobody Known", "--json"))["duplicates"] == []


def test_adding_asks_two_statements_about_duplicates(app, counted):
    from crmcore.directory.likeness import alike
    from crmcore.directory.reach import ways
    from crmcore.engine.tables import contact

    found = ways([("phone", f"1380013{each:04}") for each in range(30)], "CN")
    with app.read(app.actor("ann")) as reader, counted(app) as statements:
        alike(reader, contact, "Li Wei", found)
    assert len(statements) == 3  # the first asks whether anything is hidden from ann


def test_what_cannot_be_right_is_refused_and_what_looks_wrong_is_marked(crm):
    refused = crm("contact", "add", "Ida Holm", "--email", "ida@@holm", code=1)
    assert "is not an e-mail address" in refused.stderr
    assert "no such way" in crm("contact", "add", "Ida Holm", "--point", "pigeon=7", code=1).stderr
    assert "KEY=VALUE" in crm("contact", "add", "Ida Holm", "--detail", "tax", code=1).stderr
    assert "birthday" in crm("contact", "add", "Ida Holm", "--birthday", "soon", code=1).stderr
    assert "not a zone" in crm("contact", "add", "Ida Holm", "--zone", "Mars/Olympus", code=1).stderr
    assert out(crm("contact", "list", "--json")) == []

    kept = crm("contact", "add", "Ida Holm", "--phone", "12345", "--json")
    assert out(kept)["points"][0]["status"] == "invalid"
    assert "marked invalid" in kept.stderr


def test_show_tells_where_each_value_came_from(team):
    key = out(team("contact", "add", "Ida Holm", "--detail", "tax=33", "--birthday", "--0412", "--json"))["id"]
    team("contact", "edit", key, "--note", "prefers mornings", CRM_USER="mia")
    team("contact", "edit", key, "--add-phone", "13800138000", CRM_USER="mia")

    card = out(team("contact", "show", "Ida Holm", "--json"))

    assert card["details"] == {"tax": "33"}
    assert card["birthday"] == "--0412"
    assert card["sources"]["birthday"] == "entered by ann"
    assert card["sources"]["note"].startswith("mia on ")
    assert card["points"][0]["source"] == "entered by mia"
    assert card["version"] == 3
    shown = team("contact", "show", "Ida Holm").stdout
    assert "prefers mornings" in shown
    assert "entered by mia" in shown


def test_a_value_that_an_import_changed_shows_its_file(app, crm):
    from sqlalchemy import insert

    from crmcore.engine.tables import import_batch, import_change

    key = out(crm("contact", "add", "Ida Holm", "--note", "old", "--json"))["id"]
    with app.engine.begin() as connection:
        row = {"id": 900, "version": 1, "at": datetime.now(UTC), "user_id": 1, "counts": {}, "files": []}
        connection.execute(insert(import_batch).values(row))
        change = {"batch_id": 900, "entity": "contact", "record_id": key, "source": "cards.vcf:12"}
        connection.execute(insert(import_change).values(**change, before={"note": "old"}, after={"note": "new"}))
    assert out(crm("contact", "show", key, "--json"))["sources"] == {
        "name": "entered by ann",
        "given": "entered by ann",
        "family": "entered by ann",
        "owner_id": "entered by ann",
        "note": "cards.vcf:12",
    }


def test_editing_changes_parts_of_the_name_and_ways_to_reach(crm):
    key = out(crm("contact", "add", "Ida Holm", "--email", "ida@holm.example", "--json"))["id"]
    edited = out(
        crm(
            "contact", "edit", key, "--name", "Dr. Ida Lund", "--add-email", "ida@lund.example",
            "--remove-email", "IDA@holm.example", "--detail", "tax=1", "--json",
        )
    )  # fmt: skip
    assert (edited["name"], edited["prefix"], edited["given"], edited["family"]) == (
        "Dr. Ida Lund", "Dr.", "Ida", "Lund",
    )  # fmt: skip
    assert edited["emails"] == ["ida@lund.example"]
    assert "no email" in crm("contact", "edit", key, "--remove-email", "no@one.example", code=1).stderr
    assert out(crm("contact", "edit", key, "--detail", "tax=", "--json"))["details"] == {}


def test_a_name_that_means_several_is_asked_back(crm):
    one = out(crm("contact", "add", "Ida Holm", "--json"))["id"]
    two = out(crm("contact", "add", "Holm, Ida", "--json"))["id"]
    refused = crm("contact", "show", "holm ida", code=1).stderr
    assert f"{one} Ida Holm" in refused
    assert f"{two} Holm, Ida" in refused
    assert crm("contact", "show", "Ida Holm").stdout.startswith(f"contact {one}")
    assert "There is no contact “Per”" in crm("contact", "show", "Per", code=1).stderr


def test_a_move_ends_one_position_and_begins_another(crm):
    key = out(crm("contact", "add", "Ida Holm", "--customer", "Nordlicht GmbH", "--title", "buyer", "--json"))["id"]
    crm("interaction", "add", "met at the fair", "--contact", key)

    moved = out(
        crm("contact", "move", key, "--to", "Sydhavn ApS", "--title", "director", "--on", "2026-10-01", "--json")
    )

    assert moved["customers"] == ["Sydhavn ApS"]
    new, old = moved["positions"]
    assert (new["customer"], new["title"], new["started"], new["ended"]) == (
        "Sydhavn ApS", "director", "2026-10-01", None,
    )  # fmt: skip
    assert (old["customer"], old["title"], old["ended"]) == ("Nordlicht GmbH", "buyer", "2026-10-01")
    (met,) = out(crm("interaction", "list", "--contact", key, "--json"))
    assert met["customer_id"] == old["customer_id"]
    assert "still to come" in crm("contact", "move", key, "--to", "Vest AS", "--on", "2999-01-01", code=1).stderr
    assert "only since" in crm("contact", "move", key, "--to", "Vest AS", "--on", "2026-09-01", code=1).stderr


def test_a_contact_is_removed_with_its_parts_and_not_by_accident(crm):
    key = out(crm("contact", "add", "Ida Holm", "--email", "ida@holm.example", "--json"))["id"]
    note = out(crm("interaction", "add", "called", "--contact", key, "--json"))["id"]

    refused = crm("contact", "remove", key, code=1).stderr
    assert "interaction 1, participant 1" in refused
    crm("contact", "remove", key, "--yes")

    assert out(crm("contact", "list", "--json")) == []
    assert out(crm("interaction", "show", note, "--json"))["contact_id"] is None
    told = out(crm("history", key, "--json"))
    removed = {each["type"]: each["data"] for each in told}
    assert removed["contact.removed"]["name"] == "Ida Holm"
    assert removed["contact_point.removed"]["value"] == "ida@holm.example"
    assert removed["contact.unlinked"]["interaction"] == [note]
    crm("doctor")
