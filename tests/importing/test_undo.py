"""Taking an import back: everything is as before, but for what was edited or added since, which stays and is named."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from crmcore.app import App
from crmcore.engine.tables import contact, contact_point, customer
from crmcore.model.interaction import Interaction, Task
from crmcore.model.party import Contact, ContactPoint, Customer, Position


@pytest.fixture
def ann(workspace: str) -> Iterator[Any]:
    """Write as ann, as an edit on the command line would."""
    opened = App(workspace, strict=True)
    yield lambda: opened.transaction(opened.actor("ann"), cause="crm contact edit")
    opened.close()


@pytest.fixture
def undo(crm: Any) -> Any:
    return lambda batch, code=0: json.loads(crm("import", "--undo", batch, "--json", code=code).stdout or "{}")


HEADING = "Id,Name,Company,Title,E-mail,Phone,Notes"
OLD = [
    ("K-1000000000001", "Li Wei", "Acme", "Buyer", "li@acme.example", "+86 138 0013 8000", "old note"),
    ("K-1000000000002", "Wang Fang", "Beta", "", "", "", ""),
]
NEW = [
    ("K-1000000000001", "Li Wei", "Acme", "Head of buying", "li.wei@acme.example", "", "new note"),
    ("K-1000000000002", "Wang Fang", "Gamma", "Director", "", "", ""),
    ("K-1000000000003", "Zhao Jun", "Gamma", "", "zhao@gamma.example", "", ""),
    ("K-1000000000003", "Zhao Jun", "Gamma", "Engineer", "", "+86 139 0013 9000", ""),
]


def test_undo_brings_back_what_was(make: Any, imported: Any, dump: Any, undo: Any) -> None:
    imported(make.csv("old.csv", HEADING, OLD))
    before = dump(stamps=False)
    said = imported(make.csv("new.csv", HEADING, NEW))
    assert (said["created"], said["updated"]) == (1, 3)
    done = undo(said["batch"])
    assert dump(stamps=False) == before
    assert (done["removed"], done["kept"]) == (2, [])  # Zhao Jun and Gamma


def test_undo_of_the_first_import_leaves_nothing(make: Any, imported: Any, dump: Any, undo: Any) -> None:
    before = dump()
    said = imported(make.people(700))
    done = undo(said["batch"])
    assert dump() == before
    assert done["removed"] == said["created"] + len({n // 2 for n in range(700) if n % 97 != 96})
    assert done["kept"] == []


def test_undo_of_mail_and_a_calendar(make: Any, imported: Any, dump: Any, undo: Any) -> None:
    imported(make.csv("old.csv", HEADING, OLD))
    event = "UID:{}|DTSTART:20260302T020000Z|SEQUENCE:{}|SUMMARY:{}|ATTENDEE;PARTSTAT={}:mailto:li@acme.example"
    imported(make.calendar("a.ics", event.format("e1", 1, "Visit", "NEEDS-ACTION")))
    before = dump(stamps=False)
    later = make.calendar(
        "b.ics", event.format("e1", 2, "Visit moved", "ACCEPTED"), event.format("e2", 1, "New", "TENTATIVE")
    )
    first = imported(later)
    second = imported(make.mbox("a.mbox", [make.mail(n) for n in range(30)]), "--people", "all")
    undo(second["batch"])
    undo(first["batch"])
    assert dump(stamps=False) == before


def test_later_edits_and_later_additions_stay_and_are_named(
    make: Any, imported: Any, dump: Any, undo: Any, ann: Any, listed: Any
) -> None:
    imported(make.csv("old.csv", HEADING, OLD))
    said = imported(make.csv("new.csv", HEADING, NEW))
    with ann() as tx:
        (li,) = tx.load(Contact, contact.c.name == "Li Wei")
        li.note = "edited by hand"
        (zhao,) = tx.load(Contact, contact.c.name == "Zhao Jun")
        tx.add(ContactPoint(kind="phone", value="010 1234 5678", contact_id=zhao.id))
    done = undo(said["batch"])
    assert any("Zhao Jun" in sentence for sentence in done["kept"])
    assert any("note" in sentence for sentence in done["kept"])
    people = {one["name"]: one for one in listed("contact", "list")}
    assert people["Li Wei"]["note"] == "edited by hand"
    assert people["Li Wei"]["emails"] == ["li@acme.example"]
    assert [(one["customer"], one["title"]) for one in people["Li Wei"]["positions"]] == [("Acme", "Buyer")]
    assert people["Wang Fang"]["customers"] == ["Beta"]
    # Zhao Jun was edited: the whole record stays, with what reaches him and where he works.
    assert sorted(people["Zhao Jun"]["phones"]) == ["+86 139 0013 9000", "010 1234 5678"]
    assert people["Zhao Jun"]["emails"] == ["zhao@gamma.example"]
    assert people["Zhao Jun"]["customers"] == ["Gamma"]


def test_a_record_edited_once_after_many_rows_changed_it_stays(
    make: Any, imported: Any, undo: Any, ann: Any, listed: Any
) -> None:
    rows = [("K-1000000000009", "Sun Li", "", "", "", "", f"note {n}") for n in range(5)]
    said = imported(make.csv("new.csv", HEADING, rows))
    with ann() as tx:
        (sun,) = tx.load(Contact, contact.c.name == "Sun Li")
        sun.language = "zh"
    done = undo(said["batch"])
    assert [one["language"] for one in listed("contact", "list")] == ["zh"]
    assert any("Sun Li" in sentence for sentence in done["kept"])


def test_what_something_newer_refers_to_stays(
    make: Any, imported: Any, undo: Any, ann: Any, listed: Any, query: Any
) -> None:
    said = imported(make.csv("old.csv", HEADING, OLD))
    with ann() as tx:
        (li,) = tx.load(Contact, contact.c.name == "Li Wei")
        (beta,) = tx.load(Customer, customer.c.name == "Beta")
        tx.add(Task(subject="call Li", contact_id=li.id, owner_id=tx.actor.user_id))
        tx.add(Interaction(channel="call", subject="asked Beta", customer_id=beta.id))
    done = undo(said["batch"])
    assert len(done["kept"]) == 3  # Li Wei with Acme, where he works; and Beta
    (li_after,) = listed("contact", "list")
    assert (li_after["name"], li_after["customers"], li_after["emails"]) == ("Li Wei", ["Acme"], ["li@acme.example"])
    assert query("SELECT name FROM customer ORDER BY name") == [("Acme",), ("Beta",)]
    assert query("SELECT count(*) FROM task WHERE contact_id IS NOT NULL") == [(1,)]


def test_an_edited_part_of_a_record_from_before_stays(
    make: Any, imported: Any, undo: Any, ann: Any, listed: Any
) -> None:
    imported(make.csv("old.csv", HEADING, OLD))
    said = imported(make.csv("new.csv", HEADING, NEW))
    with ann() as tx:
        (point,) = tx.load(ContactPoint, contact_point.c.value == "li.wei@acme.example")
        point.label = "work"
    undo(said["batch"])
    people = {one["name"]: one for one in listed("contact", "list")}
    assert sorted(people["Li Wei"]["emails"]) == ["li.wei@acme.example", "li@acme.example"]


def test_imports_on_top_of_each_other_come_back_in_either_order(
    make: Any, imported: Any, dump: Any, undo: Any, listed: Any
) -> None:
    empty = dump(stamps=False)
    first = imported(make.csv("old.csv", HEADING, OLD))
    between = dump(stamps=False)
    second = imported(make.csv("new.csv", HEADING, NEW))
    undo(second["batch"])
    assert dump(stamps=False) == between
    undo(first["batch"])
    assert dump(stamps=False) == empty
    first = imported(make.csv("old.csv", HEADING, OLD))
    second = imported(make.csv("new.csv", HEADING, NEW))
    done = undo(first["batch"])  # the second speaks of both, so they stay, and so do their companies
    assert len(done["kept"]) == 4
    assert undo(second["batch"])["removed"] == 2
    assert [one["name"] for one in listed("contact", "list")] == ["Li Wei", "Wang Fang"]


def test_a_position_that_was_added_by_hand_keeps_its_customer(
    make: Any, imported: Any, undo: Any, ann: Any, listed: Any
) -> None:
    imported(make.csv("old.csv", HEADING, OLD))
    said = imported(make.csv("firms.csv", "Account Name,Industry", [("Delta GmbH", "pumps")]), "--as", "customer")
    with ann() as tx:
        (li,) = tx.load(Contact, contact.c.name == "Li Wei")
        (delta,) = tx.load(Customer, customer.c.name == "Delta GmbH")
        tx.add(Position(contact_id=li.id, customer_id=delta.id, title="Adviser"))
    done = undo(said["batch"])
    assert any("Delta GmbH" in sentence for sentence in done["kept"])
    people = {one["name"]: one for one in listed("contact", "list")}
    assert people["Li Wei"]["customers"] == ["Acme", "Delta GmbH"]


def test_twice_is_refused(make: Any, imported: Any, crm: Any, undo: Any) -> None:
    said = imported(make.csv("old.csv", HEADING, OLD))
    undo(said["batch"])
    assert "taken back already" in crm("import", "--undo", said["batch"], code=1).stderr
    assert "There is no import 77" in crm("import", "--undo", 77, code=1).stderr


def test_after_an_undo_the_same_file_is_new_again(make: Any, counts: Any, imported: Any, undo: Any) -> None:
    path = make.csv("old.csv", HEADING, OLD)
    undo(imported(path)["batch"])
    assert counts(path) == {"read": 2, "created": 2}


def test_a_number_that_no_record_can_have_is_refused_in_a_sentence(crm: Any) -> None:
    commands = (("import", "--undo"), ("import", "--rejections"), ("duplicates", "show", "1"), ("contact", "unmerge"))
    for typed in commands:
        said = crm(*typed, "99999999999999999999", code=2).stderr
        assert "99999999999999999999 is not in the range" in said, typed
