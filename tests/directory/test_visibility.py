import json

import pytest

ZELDA = "Zelda Secret"


def out(result):
    return json.loads(result.stdout)


@pytest.fixture
def secret(team):
    """A private contact of bob's, with a note, a task and a customer of its own."""
    key = out(
        team("contact", "add", ZELDA, "--private", "--email", "zelda@secret.example", "--customer", "Hidden Ltd",
             "--json", CRM_USER="bob")
    )["id"]  # fmt: skip
    team("interaction", "add", "told me everything", "--contact", key, CRM_USER="bob")
    team("task", "add", "call her", "--contact", key, CRM_USER="bob")
    return key


@pytest.mark.parametrize("login", ["ann", "mia", "cai", "rea"])
def test_nobody_but_its_owner_sees_a_private_contact(team, secret, login):
    as_other = {"CRM_USER": login}
    for listed in (
        team("contact", "list", "--json", **as_other),
        team("contact", "list", "zelda", "--json", **as_other),
        team("interaction", "list", "--json", **as_other),
        team("interaction", "list", "--text", "everything", "--json", **as_other),
        team("task", "list", "--json", **as_other),
        team("customer", "list", "--json", **as_other),
        team("consent", "log", "--json", **as_other),
    ):
        assert out(listed) == []
    for refused in (
        team("contact", "show", secret, code=1, **as_other),
        team("contact", "show", ZELDA, code=1, **as_other),
        team("contact", "show", "zelda@secret.example", code=1, **as_other),
        team("history", secret, code=1, **as_other),
        team("consent", "check", secret, "--channel", "email", "--purpose", "sales", code=1, **as_other),
        team("interaction", "list", "--contact", secret, code=1, **as_other),
        team("task", "add", "spy", "--contact", secret, code=1, **as_other),
        team("interaction", "add", "spy", "--contact", secret, code=1, **as_other),
        team("contact", "edit", secret, "--note", "spy", code=1, **as_other),
        team("contact", "remove", secret, code=1, **as_other),
    ):
        assert "There is no" in refused.stderr
        assert "Zelda" not in refused.stderr.replace(ZELDA, "")


def test_its_owner_sees_all_of_it(team, secret):
    as_bob = {"CRM_USER": "bob"}
    assert [one["id"] for one in out(team("contact", "list", "zelda", "--json", **as_bob))] == [secret]
    card = out(team("contact", "show", secret, "--json", **as_bob))
    assert card["latest"][0]["body"] == "told me everything"
    assert card["tasks"][0]["subject"] == "call her"
    assert out(team("history", secret, "--json", **as_bob))
    assert [one["name"] for one in out(team("customer", "list", "--json", **as_bob))] == ["Hidden Ltd"]


def test_a_private_contact_is_no_duplicate_that_is_told_to_others(team, secret):
    added = team("contact", "add", ZELDA, "--email", "zelda@secret.example", "--json", CRM_USER="cai")
    assert out(added)["duplicates"] == []


def test_a_private_contact_among_others_is_not_named(team, secret):
    open_ = out(team("contact", "add", "Ida Holm", "--json", CRM_USER="bob"))["id"]
    team("interaction", "add", "both came", "--contact", open_, "--contact", secret, CRM_USER="bob")
    (met,) = out(team("interaction", "list", "--contact", open_, "--json", CRM_USER="cai"))
    assert [one["name"] for one in met["participants"]] == ["bob", "Ida Holm", ""]
    assert met["participants"][2]["contact_id"] is None


def test_a_private_interaction_shows_that_it_happened_and_not_what_was_said(team):
    key = out(team("contact", "add", "Ida Holm", "--json", CRM_USER="bob"))["id"]
    team(
        "interaction", "add", "the salary talk", "--subject", "salary", "--channel", "call", "--private",
        "--contact", key, "--location", "her office", "--at", "2026-11-20T10:00", CRM_USER="bob",
    )  # fmt: skip

    (other,) = out(team("interaction", "list", "--json", CRM_USER="cai"))
    assert (other["channel"], other["at"], other["hidden"]) == ("call", "2026-11-20T02:00:00+00:00", True)
    assert [(who["role"], who["name"]) for who in other["participants"]] == [("caller", "bob"), ("callee", "Ida Holm")]
    for secret in ("salary", "office"):
        for command in (
            ("interaction", "list"),
            ("interaction", "list", "--json"),
            ("interaction", "show", other["id"]),
            ("contact", "show", key),
            ("contact", "show", key, "--json"),
        ):
            assert secret not in team(*command, CRM_USER="cai").stdout
    assert out(team("interaction", "list", "--text", "salary", "--json", CRM_USER="cai")) == []

    team("interaction", "edit", other["id"], "--text", "the new salary", CRM_USER="bob")
    assert "salary" not in team("history", other["id"], CRM_USER="cai").stdout
    assert "the new salary" in team("history", other["id"], CRM_USER="bob").stdout
    assert "private to somebody else" in team(
        "interaction", "edit", other["id"], "--text", "x", code=1, CRM_USER="mia"
    ).stderr  # fmt: skip
    (own,) = out(team("interaction", "list", "--text", "salary", "--json", CRM_USER="bob"))
    assert (own["subject"], own["body"], own["hidden"]) == ("salary", "the new salary", False)


def test_a_removed_private_contact_stays_its_owners(team, secret):
    team("contact", "remove", secret, "--yes", CRM_USER="bob")
    assert "Zelda" in team("history", secret, CRM_USER="bob").stdout
    for login in ("ann", "mia", "cai"):
        assert "no record" in team("history", secret, code=1, CRM_USER=login).stderr


def test_a_reader_reads_and_does_not_write(team):
    key = out(team("contact", "add", "Ida Holm", "--json"))["id"]
    task = out(team("task", "add", "call", "--json"))["id"]
    as_reader = {"CRM_USER": "rea"}
    assert team("contact", "show", key, **as_reader).stdout
    for command in (
        ("contact", "add", "Per Lund"),
        ("contact", "edit", key, "--note", "x"),
        ("contact", "remove", key),
        ("contact", "move", key, "--to", "Vest AS"),
        ("customer", "add", "Vest AS"),
        ("interaction", "add", "called", "--contact", key),
        ("task", "add", "call"),
        ("task", "done", task),
        ("consent", "deny", key),
        ("user", "add", "dan"),
    ):
        assert "may read but not write" in team(*command, code=1, **as_reader).stderr
    assert len(out(team("contact", "list", "--json"))) == 1


def test_a_rep_changes_only_own_records(team):
    key = out(team("customer", "add", "Vest AS", "--owner", "bob", "--json"))["id"]
    contact = out(team("contact", "add", "Ida Holm", "--owner", "bob", "--json"))["id"]
    for command in (
        ("customer", "edit", key, "--note", "x"),
        ("customer", "edit", key, "--add-phone", "13800138000"),
        ("customer", "role", key, "add", "supplier"),
        ("customer", "remove", key),
        ("contact", "edit", contact, "--owner", "cai"),
        ("contact", "move", contact, "--to", "Vest AS"),
        ("consent", "deny", contact),
    ):
        assert "belongs to somebody else" in team(*command, code=1, CRM_USER="cai").stderr
    team("customer", "edit", key, "--note", "mine", CRM_USER="bob")
    team("customer", "edit", key, "--note", "managers may", CRM_USER="mia")


def test_only_an_administrator_changes_users_and_plugins(team):
    for login in ("mia", "bob"):
        assert "Only an administrator" in team("user", "add", "dan", code=1, CRM_USER=login).stderr
        assert "Only an administrator" in team("user", "deactivate", "cai", code=1, CRM_USER=login).stderr
        assert "Only an administrator" in team("plugin", "enable", "sales", code=1, CRM_USER=login).stderr


def test_who_is_no_user_is_refused(team):
    assert "not an active user" in team("contact", "list", code=1, CRM_USER="eve").stderr
    team("user", "deactivate", "cai")
    assert "not an active user" in team("contact", "list", code=1, CRM_USER="cai").stderr
