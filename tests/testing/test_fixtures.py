"""The fixtures for authors, used as an author uses them."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crmcore.api import Block, Contact, Plugin, Task, impl, tables


def test_one_workspace_for_commands_programs_and_records(crm_run, crm_app, make_customer, make_contact):
    customer = make_customer("东方机械", email="info@dongfang.example.cn")
    contact = make_contact("李伟", customer=customer, title="采购经理", phone="138 0000 0101")
    (listed,) = crm_run("contact", "list", "--json").json
    assert (listed["id"], listed["name"], listed["customers"]) == (contact.id, "李伟", ["东方机械"])
    with crm_app().read() as reader:
        assert reader.value(select(func.count()).select_from(tables.contact)) == 1
        assert "+8613800000101" in [row.normal for row in reader.rows(select(tables.contact_point.c.normal))]


def test_records_look_real_and_come_in_both_languages(crm_app, make_contact, make_customer, make_interaction):
    names = [make_contact().name for _each in range(4)] + [make_customer().name for _each in range(2)]
    assert len(set(names)) == 6
    assert {name.isascii() for name in names} == {True, False}
    contact = make_contact(family="Müller", note="by phone")
    assert (contact.family, contact.note) == ("Müller", "by phone")
    told = make_interaction(contact, "wants delivery in two weeks", at=datetime(2026, 11, 2, 1, tzinfo=UTC))
    assert (told.contact_id, told.at.month) == (contact.id, 11)
    with crm_app().read() as reader:
        assert reader.value(select(func.count()).select_from(tables.participant)) == 2


def test_plugins_are_enabled_by_name_or_given_as_modules(crm_app, crm_run, make_contact):
    class Greeting:
        PLUGIN = Plugin(name="greeting", title="It greets")

        @staticmethod
        @impl
        def crm_brief(subject):
            return [Block(title="Greeting", weight=1, rows=((f"hello {subject.name}",),))]

    app = crm_app("sales", ("greeting", Greeting))
    assert app.dispatcher.is_enabled("greeting")
    with app.read():
        assert app.dispatcher.is_enabled("sales")
    assert {one["name"]: one["state"] for one in crm_run("plugin", "list", "--json").json}["sales"] == "enabled"


def test_failures_of_plugins_are_raised_unless_said_otherwise(crm_app):
    class Broken:
        @staticmethod
        @impl
        def crm_quality():
            raise RuntimeError("boom")

    strict, calm = crm_app(("broken", Broken)), crm_app(("broken", Broken), strict=False)
    with pytest.raises(RuntimeError, match="boom"), strict.read() as reader:
        strict.dispatcher.collect("crm_quality", reader=reader)
    with calm.read() as reader:
        assert calm.dispatcher.collect("crm_quality", reader=reader)
    assert [one.plugin for one in calm.dispatcher.failures] == ["broken"]


def test_a_command_that_ends_otherwise_than_expected_is_shown(crm_run):
    assert "no contact" in crm_run("contact", "show", "77", code=1).err.lower()
    with pytest.raises(AssertionError, match=r"crm contact show 77: exit code 1\n.*[Nn]o contact"):
        crm_run("contact", "show", 77)


def test_the_clock_stands_still_until_it_is_moved(crm_app, crm_clock, crm_run, make_contact):
    assert make_contact("李伟").created_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    crm_run("task", "add", "call back", "--contact", "李伟", "--due", "2026-11-25")
    assert crm_run("due", "--json").json[0]["when"] == "this week"
    assert crm_clock.advance(days=2) == crm_clock.now
    assert crm_run("due", "--json").json[0]["when"] == "overdue"
    crm_clock.set("2027-01-01T00:00+00:00")
    with crm_app().transaction() as tx:
        assert tx.now == datetime(2027, 1, 1, tzinfo=UTC)


def test_actors_have_roles(crm_app, crm_actor, crm_run):
    app = crm_app()
    rep, reader = crm_actor(), crm_actor("reader", login="rea")
    with app.transaction(rep) as tx:
        tx.add(Contact(name="Ida", owner_id=rep.user_id))
    assert "reader" in crm_run("contact", "add", "Bob", user=reader.login, code=1).err


def test_statements_are_counted(crm_app, crm_statements):
    app = crm_app()
    with crm_statements(app) as statements, app.transaction() as tx:
        tx.add(Task(subject="one"))
    assert sum(each.startswith("INSERT INTO task") for each in statements) == 1
    before = len(statements)
    with app.transaction() as tx:
        tx.add(Task(subject="two"))
    assert len(statements) == before


def test_deliveries_are_made_when_they_are_asked_for(crm_app, crm_deliveries):
    class Listening:
        PLUGIN = Plugin(name="listening", title="It listens", hears=("contact.created",))

        @staticmethod
        @impl
        def crm_on_event(event, tx):
            tx.add(Task(subject="say hello", contact_id=event.subject_id))

    app = crm_app(("listening", Listening))
    with app.transaction() as tx:
        tx.add(Contact(name="李伟"))
    assert crm_deliveries().handled == 1
    assert crm_deliveries().handled == 0
    with app.read() as reader:
        assert [row.subject for row in reader.rows(select(tables.task.c.subject))] == ["say hello"]


def test_on_both_databases(tmp_path: Path):
    (tmp_path / "test_mine.py").write_text(
        "def test_where(crm_app):\n    print(crm_app().engine.dialect.name)\n", encoding="utf-8"
    )
    for kind, wanted in (("both", ["postgresql", "sqlite"]), ("postgresql", ["postgresql"]), ("sqlite", ["sqlite"])):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "--crm-database", kind, tmp_path],
            capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert sorted(word.strip(".") for word in done.stdout.split() if word.strip(".") in wanted) == wanted
