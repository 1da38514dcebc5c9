import json

import pytest

from crmcore.directory.contact_editing import edit
from crmcore.directory.party_editing import Entry
from crmcore.errors import Conflict
from crmcore.model.party import Contact


def out(result):
    return json.loads(result.stdout)


@pytest.fixture
def ida(team):
    return out(team("contact", "add", "Ida Holm", "--note", "old", "--customer", "Nordlicht", "--json"))["id"]


def test_of_two_programs_the_second_gets_a_conflict_with_both_values(app, team, ida):
    with pytest.raises(Conflict) as refused, app.transaction(app.actor("ann")) as second:
        theirs = second.get(Contact, ida)
        second.connection.commit()  # ends the read, so that the first may write
        with app.transaction(app.actor("mia")) as first:
            first.get(Contact, ida).note = "from the first"
        theirs.note = "from the second"
    assert refused.value.fields == {"note": ("old", "from the first", "from the second")}
    for word in ("note", "from the first", "from the second"):
        assert word in str(refused.value)


def test_of_two_programs_edits_of_different_fields_are_joined(app, ida):
    with app.transaction(app.actor("ann")) as second:
        theirs = second.get(Contact, ida)
        second.connection.commit()
        with app.transaction(app.actor("mia")) as first:
            first.get(Contact, ida).note = "from the first"
        theirs.language = "da"
    with app.read(app.actor("ann")) as reader:
        from crmcore.directory.contacts import one

        view = one(reader, ida)
    assert (view.note, view.language, view.version) == ("from the first", "da", 3)


def test_a_stale_edit_of_the_same_field_names_field_and_both_values(team, ida):
    team("contact", "edit", ida, "--note", "mia was here", "--version", 1, CRM_USER="mia")

    refused = team("contact", "edit", ida, "--note", "ann was here", "--version", 1, code=1)

    assert "note is now “mia was here”, you want “ann was here” (it was “old”)" in refused.stderr
    assert out(team("contact", "show", ida, "--json"))["note"] == "mia was here"


def test_stale_edits_of_different_fields_are_joined(team, ida):
    team("contact", "edit", ida, "--note", "new", "--version", 1, CRM_USER="mia")
    team("contact", "edit", ida, "--language", "da", "--version", 1)
    team("contact", "edit", ida, "--birthday", "1980-04-12", "--version", 1)
    card = out(team("contact", "show", ida, "--json"))
    assert (card["note"], card["language"], card["birthday"], card["version"]) == ("new", "da", "1980-04-12", 4)


def test_a_stale_edit_sees_only_what_changed_since_its_version(team, ida):
    team("contact", "edit", ida, "--note", "second", "--version", 1)
    team("contact", "edit", ida, "--language", "da", "--version", 2)
    team("contact", "edit", ida, "--note", "third", "--version", 2)
    assert "“third”" in team("contact", "edit", ida, "--note", "fourth", "--version", 2, code=1).stderr
    team("contact", "edit", ida, "--note", "fourth", "--version", 4)


def test_the_same_value_from_both_is_no_conflict(team, ida):
    team("contact", "edit", ida, "--note", "same", "--version", 1, CRM_USER="mia")
    team("contact", "edit", ida, "--note", "same", "--version", 1)


def test_a_title_conflicts_as_other_fields_do(team, ida):
    team("contact", "edit", ida, "--title", "buyer", "--version", 1, CRM_USER="mia")
    refused = team("contact", "edit", ida, "--title", "director", "--version", 1, code=1).stderr
    assert "title is now “buyer”, you want “director”" in refused
    team("contact", "edit", ida, "--title", "director", "--version", 2)


def test_adding_a_phone_is_a_new_version_and_clashes_with_nothing(team, ida):
    team("contact", "edit", ida, "--add-phone", "13800138000", "--version", 1)
    team("contact", "edit", ida, "--add-phone", "13800138001", "--version", 1)
    card = out(team("contact", "show", ida, "--json"))
    assert (card["phones"], card["version"]) == (["13800138000", "13800138001"], 3)


def test_a_version_that_never_was_is_refused(team, ida):
    assert "no version 9" in team("contact", "edit", ida, "--note", "x", "--version", 9, code=1).stderr


@pytest.mark.parametrize(
    ("noun", "add", "field"),
    [
        ("customer", ["customer", "add", "Sydhavn"], "--note"),
        ("task", ["task", "add", "call"], "--note"),
        ("interaction", ["interaction", "add", "called"], "--subject"),
        ("user", ["user", "add", "dan"], "--name"),
    ],
)
def test_every_noun_guards_its_version(team, noun, add, field):
    made = out(team(*add, "--json"))
    key = made["login"] if noun == "user" else made["id"]
    team(noun, "edit", key, field, "one", "--version", 1)
    assert "is now “one”, you want “two”" in team(noun, "edit", key, field, "two", "--version", 1, code=1).stderr


def test_an_edit_by_two_processes_at_once_loses_nothing(crm_process, team, ida):
    started = [
        crm_process("contact", "edit", ida, "--add-phone", f"1380013800{each}", "--version", 1) for each in range(3)
    ]
    told = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * 3, told
    card = out(team("contact", "show", ida, "--json"))
    assert sorted(card["phones"]) == [f"1380013800{each}" for each in range(3)]
    assert card["version"] == 4


def test_the_python_function_refuses_a_stale_edit_too(app, ida):
    with app.transaction(app.actor("mia")) as tx:
        edit(tx, ida, Entry(fields={"note": "new"}), version=1)
    with pytest.raises(Conflict) as refused, app.transaction(app.actor("ann")) as tx:
        edit(tx, ida, Entry(fields={"note": "mine", "language": "da"}), version=1)
    assert refused.value.fields == {"note": ("old", "new", "mine")}
