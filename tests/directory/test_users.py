import json

import pytest

from crmcore.directory.handover import deactivate
from crmcore.errors import Refused
from crmcore.model.interaction import Task
from crmcore.model.party import Contact, Customer


def out(result):
    return json.loads(result.stdout)


def test_a_user_is_added_listed_shown_and_edited(crm):
    added = out(
        crm(
            "user", "add", "bob", "--name", "Bob", "--role", "service", "--team", "north", "--department", "support",
            "--email", "bob@us.example", "--zone", "Europe/Berlin", "--skill", "db", "--manager", "ann", "--json",
        )
    )  # fmt: skip
    assert (added["role"], added["team"], added["manager"], added["skills"]) == ("service", "north", "ann", ["db"])
    assert [one["login"] for one in out(crm("user", "list", "--json"))] == ["ann", "bob"]
    assert [one["login"] for one in out(crm("user", "list", "--team", "north", "--json"))] == ["bob"]
    edited = out(crm("user", "edit", "bob", "--role", "manager", "--json"))
    assert (edited["role"], edited["name"]) == ("manager", "Bob")
    assert out(crm("user", "show", "bob", "--json"))["owned"] == {}
    assert "already" in crm("user", "add", "bob", code=1).stderr
    assert "not a zone" in crm("user", "edit", "bob", "--zone", "Nowhere", code=1).stderr


def test_somebody_always_administers(crm):
    for command in (("edit", "ann", "--role", "rep"), ("deactivate", "ann"), ("remove", "ann")):
        assert "only administrator" in crm("user", *command, code=1).stderr
    crm("user", "add", "bob", "--role", "admin")
    crm("user", "edit", "ann", "--role", "rep", CRM_USER="bob")


def test_who_leaves_owns_nothing(app, team, counted):
    """As in S0-14: 42 accounts and 8 open promises find a successor, private records too, and none is left behind."""
    bob = app.actor("bob")
    with app.transaction(bob) as tx:
        for each in range(42):
            tx.add(Customer(name=f"Account {each:02}", owner_id=bob.user_id))
        tx.add(Contact(name="Zelda Secret", owner_id=bob.user_id, private=True))
        for each in range(8):
            tx.add(Task(subject=f"promise {each}", kind="promise", owner_id=bob.user_id))
        tx.add(Task(subject="done long ago", status="done", owner_id=bob.user_id))

    refused = team("user", "deactivate", "bob", code=1).stderr
    assert "customer 42, contact 1, task 8" in refused
    assert "not active" in team("user", "deactivate", "bob", "--successor", "bob", code=1).stderr
    assert out(team("user", "show", "bob", "--json"))["active"] is True

    done = out(team("user", "deactivate", "bob", "--successor", "cai", "--json"))

    assert done["owned"] == {"customer": 42, "contact": 1, "task": 8}
    assert out(team("user", "show", "bob", "--json"))["owned"] == {}
    assert len(out(team("customer", "list", "--owner", "cai", "--json"))) == 42
    (task,) = out(team("task", "list", "--status", "done", "--json"))
    assert task["owner"] == "bob"
    assert [one["name"] for one in out(team("contact", "list", "--json", CRM_USER="cai"))] == ["Zelda Secret"]
    assert out(team("contact", "list", "--json")) == []
    assert "bob" not in [one["login"] for one in out(team("user", "list", "--json"))]
    assert "bob" in [one["login"] for one in out(team("user", "list", "--all", "--json"))]
    assert "handed_over" in team("history", bob.user_id).stdout
    team("doctor")


@pytest.mark.parametrize("number", [5, 400])
def test_a_handover_costs_the_same_number_of_statements(app, team, counted, number):
    bob = app.actor("bob")
    with app.transaction(bob) as tx:
        for each in range(number):
            tx.add(Customer(name=f"Account {each}", owner_id=bob.user_id))
    with counted(app) as statements, app.transaction(app.actor("ann")) as tx:
        deactivate(tx, "bob", "cai")
    assert len(statements) <= 25


def test_who_left_owns_nothing_new(app, team):
    key = out(team("customer", "add", "Vest AS", "--json"))["id"]
    cai = app.actor("cai").user_id
    team("user", "deactivate", "cai")
    for command in (
        ("customer", "add", "Nord AS", "--owner", "cai"),
        ("customer", "edit", key, "--owner", "cai"),
        ("task", "add", "call", "--owner", "cai"),
    ):
        assert "owns nothing new" in team(*command, code=1).stderr
    with pytest.raises(Refused, match="cai is deactivated"), app.transaction(app.actor("ann")) as tx:
        tx.get(Customer, key).owner_id = cai
    with pytest.raises(Refused, match="cai is deactivated"), app.transaction() as tx:
        tx.add(Task(subject="call", owner_id=cai))
    team("user", "edit", "cai", "--active")
    team("customer", "edit", key, "--owner", "cai")


def test_only_who_never_worked_is_removed(team):
    team("contact", "add", "Ida Holm", CRM_USER="bob")
    assert "has worked here" in team("user", "remove", "bob", code=1).stderr
    team("user", "remove", "cai")
    assert "no user “cai”" in team("user", "show", "cai", code=1).stderr
