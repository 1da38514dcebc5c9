"""Own fields before every save, whoever writes: required, unique, joined key by key, in few statements."""

import json
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, Text, select, text

from crmcore.api import App, Conflict, EntityType, InvalidInput, Refused, impl
from crmcore.engine.tables import customer, journal
from crmcore.model.party import Contact, Customer
from tests.fields.conftest import Counted, custom, define

REQUIRED = "[field.customer.region]\nlabel = 'Region'\nrequired = true\n"


def test_a_field_that_becomes_required_is_asked_of_new_records_and_of_edits_of_it(crm, tmp_path):
    crm("customer", "add", "Old")
    done = json.loads(define(crm, tmp_path, REQUIRED).stdout)
    assert [(one["count"], one["refused"]) for one in done["effects"]] == [(1, False)]
    assert "1 record has no value" in done["effects"][0]["text"]
    crm("customer", "edit", "Old", "--note", "unrelated")
    assert "Region (region) is required" in crm("customer", "add", "New", code=1).stderr
    crm("customer", "add", "New", "--set", "region=north")
    assert "Region (region) is required" in crm("customer", "edit", "New", "--set", "region=", code=1).stderr
    assert "Region (region) is required" in crm("contact", "add", "Ann", "--customer", "Unknown Ltd", code=1).stderr
    crm("contact", "add", "Ann", "--customer", "New")


def test_programs_are_held_to_the_same_and_told_everything_at_once(crm, tmp_path, workspace):
    define(crm, tmp_path, REQUIRED + "[field.customer.staff]\ntype = 'number'\n[field.customer.code]\nunique = true\n")
    app = App(workspace)
    with pytest.raises(Refused) as caught, app.transaction() as tx:
        tx.add(Customer(name="A", custom={"staff": "many", "region": "n", "code": "x"}))
        tx.add(Customer(name="B", custom={"colour": "red", "code": "x"}))
    told = "\n".join(caught.value.reasons)
    for expected in (
        "customer A: staff: “many” is not a number.", "customer B: There is no field “colour”.",
        "customer B: Region (region) is required.", "code: “x” is that of customer",
    ):  # fmt: skip
        assert expected in told
    with app.transaction() as tx:
        added = tx.add(Customer(name="C", custom={"staff": "1,200", "region": "n"}))
    assert added.custom == {"staff": 1200, "region": "n"}
    app.close()


def test_edits_of_two_fields_of_one_record_are_joined_and_of_the_same_shown(own, workspace):
    key = json.loads(own("customer", "add", "Acme", "--set", "revenue=100", "--set", "staff=10", "--json").stdout)["id"]
    first, second = App(workspace), App(workspace)
    ann, bob = first.transaction(), second.transaction()
    mine, theirs = ann.get(Customer, key), bob.get(Customer, key)
    theirs.custom = {**theirs.custom, "staff": 50}
    bob.commit()
    mine.custom = {**mine.custom, "revenue": "1000"}
    ann.commit()
    assert mine.custom["staff"] == 50
    found = custom(own, "customer", key)
    assert (found["revenue"], found["staff"], found["score"]) == ("1000", 50, 20)
    ann, bob = first.transaction(), second.transaction()
    mine, theirs = ann.get(Customer, key), bob.get(Customer, key)
    theirs.custom = {**theirs.custom, "tier": "gold"}
    bob.commit()
    mine.custom = {**mine.custom, "tier": "silver", "vip": True}
    with pytest.raises(Conflict) as caught:
        ann.commit()
    assert caught.value.fields == {"custom.tier": ("bronze", "gold", "silver")}
    assert "custom.tier is now “gold”, you want “silver”" in str(caught.value)
    ann.abandon()
    for one in (ann, bob):
        one.connection.close()
    first.close()
    second.close()


def test_an_edit_at_a_version_conflicts_only_in_the_same_field(own):
    key = json.loads(own("customer", "add", "Acme", "--json").stdout)["id"]
    own("customer", "edit", key, "--set", "tier=gold")
    own("customer", "edit", key, "--set", "staff=3", "--version", "1")
    refused = own("customer", "edit", key, "--set", "tier=silver", "--version", "1", code=1).stderr
    assert "custom.tier is now “gold”, you want “silver” (it was “bronze”)" in refused
    assert custom(own, "customer", key) == {"tier": "gold", "staff": 3}


def test_the_journal_tells_the_keys_that_changed(own, workspace):
    key = json.loads(own("customer", "add", "Acme", "--set", "staff=1", "--set", "vip=yes", "--json").stdout)["id"]
    own("customer", "edit", key, "--set", "staff=2")
    app = App(workspace)
    with app.read() as reader:
        rows = reader.rows(select(journal.c.data).where(journal.c.type == "customer.changed"))
    app.close()
    assert [row.data for row in rows] == [{"custom.staff": [1, 2]}]


def test_two_who_claim_a_value_at_once_do_not_both_get_it(own, workspace):
    apps = [App(workspace) for _ in range(4)]

    def claim(number: int) -> bool:
        try:
            with apps[number].transaction() as tx:
                tx.add(Customer(name=f"Claim {number}", custom={"code": "ZZ999"}))
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(claim, range(4))) == [False, False, False, True]
    for app in apps:
        app.close()


def test_fields_cost_no_statement_but_one_for_all_unique_values(crm, tmp_path, workspace):
    def statements(**values):
        app = App(workspace)
        with app.transaction() as tx:
            tx.add(Customer(name="Warm"))
        with Counted(app.engine) as counted, app.transaction() as tx:
            for number in range(20):
                tx.add(Customer(name=f"C{number}", custom={name: f"{value}{number}" for name, value in values.items()}))
        app.close()
        return len(counted.statements)

    bare = statements()
    define(crm, tmp_path, "[field.contact.x]\n[field.customer.a]\n[field.customer.b]\ncompute = 'a + \"!\"'\n")
    assert statements() == bare
    assert statements(a="word") == bare + 1  # the words of the text index
    define(crm, tmp_path, "[field.customer.c]\nunique = true\n[field.customer.d]\nunique = true\n")
    locks = 1 if workspace.startswith("postgresql") else 0
    assert statements(c="one", d="two") == bare + 2 + locks


def test_an_entity_of_a_plugin_takes_fields_too(crm, tmp_path, workspace):
    table = Table(
        "zoo_animal", MetaData(), Column("id", Integer, primary_key=True), Column("version", Integer),
        Column("name", Text), Column("custom", JSON, nullable=False),
    )  # fmt: skip

    @attrs.define(kw_only=True, eq=False)
    class Animal:
        name: str
        custom: dict[str, object] = attrs.field(factory=dict)
        id: int = 0
        version: int = 0

    class Zoo:
        @staticmethod
        @impl
        def crm_entities():
            return [EntityType(cls=Animal, table=table)]

    app = App(workspace, plugins=[("zoo", Zoo)])
    with app.engine.begin() as connection:
        connection.execute(text("CREATE TABLE zoo_animal (id bigint, version int, name text, custom json NOT NULL)"))
    from crmcore.configuring.apply import apply
    from crmcore.definitions.reading import read_text

    legs = "[field.zoo_animal.legs]\ntype = 'number'\nrequired = true\n[field.zoo_animal.pairs]\ntype = 'number'\n"
    with app.transaction() as tx:
        apply(tx, read_text(legs + "compute = 'legs / 2'\n", "zoo.toml"))
    with app.transaction() as tx:
        ant = tx.add(Animal(name="Ant", custom={"legs": "6"}))
    assert ant.custom == {"legs": 6, "pairs": 3}
    with pytest.raises(Refused, match="legs is required"), app.transaction() as tx:
        tx.add(Animal(name="Snake"))
    app.close()


def test_a_required_field_and_mail_keep_each_other_company(crm, tmp_path):
    """People met in mail lack what is required of a contact: they are counted as met, the mail is kept."""
    define(crm, tmp_path, "[field.contact.badge]\nrequired = true\n")
    mail = "From: Zoe <zoe@x.com>\nTo: ann@y.com\nSubject: Hello\nMessage-ID: <1@x>\n"
    (tmp_path / "one.eml").write_text(mail + "Date: Fri, 20 Nov 2026 10:00:00 +0000\n\nHi\n")
    done = json.loads(crm("import", tmp_path / "one.eml", "--people", "all", "--json").stdout)
    assert (done["created"], done["rejected"]) == (1, 0)
    assert done["met"] >= 1
    assert json.loads(crm("contact", "list", "--json").stdout) == []


def test_columns_are_typed_in_sql_on_both_databases(own, workspace):
    from sqlalchemy import func

    from crmcore.fields.columns import column, where

    for name, revenue, vip in (("A", "100.25", "yes"), ("B", "200.50", "no"), ("C", "", "")):
        own("customer", "add", name, "--set", f"revenue={revenue}", "--set", f"vip={vip}")
    app = App(workspace)
    with app.read() as reader:
        fields = {one.name: one for one in reader.definitions.fields_of("customer")}
        total = select(func.sum(column(customer, fields["revenue"])))
        assert float(reader.value(total)) == 300.75
        vip = column(customer, fields["vip"])
        groups = reader.rows(select(vip, func.count()).group_by(vip).order_by(func.count()))
        assert sorted((row[0], row[1]) for row in groups if row[0] is not None) == [(False, 1), (True, 1)]
        with pytest.raises(InvalidInput):
            where(customer, tuple(fields.values()), "revenue=abc", reader.definitions)
    app.close()


def test_contacts_without_fields_are_left_alone(own, app):
    with app.transaction() as tx:
        record = tx.add(Contact(name="Plain"))
    assert record.custom == {}


def test_a_unique_field_is_looked_up_in_an_index(own, workspace):
    from crmcore.fields.columns import words

    statement = select(customer.c.id).where(words(customer, "code").in_(["AB123"]))
    app = App(workspace)
    with app.read() as reader:
        sqlite = reader.connection.dialect.name == "sqlite"
        if not sqlite:
            reader.connection.execute(text("SET enable_seqscan = off"))  # so few rows are read faster one by one
        compiled = statement.compile(reader.connection, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
        plan = str(reader.connection.exec_driver_sql(f"{explain} {compiled}").all())
    app.close()
    assert "ix_own_customer_code" in plan


def test_taking_a_merge_or_an_import_back_may_empty_what_became_required(crm, tmp_path):
    define(crm, tmp_path, "[field.customer.region]\n")
    winner = json.loads(crm("customer", "add", "Acme", "--json").stdout)["id"]
    loser = json.loads(crm("customer", "add", "Acme Ltd", "--set", "region=north", "--json").stdout)["id"]
    (tmp_path / "a.csv").write_text("Company name,Website,Region\nBolt,https://bolt.com,south\n", encoding="utf-8")
    bolt = json.loads(crm("customer", "add", "Bolt", "--json").stdout)["id"]
    batch = json.loads(crm("import", tmp_path / "a.csv", "--json").stdout)["batch"]
    merge = json.loads(crm("customer", "merge", winner, loser, "--json").stdout)["merge"]
    assert [custom(crm, "customer", one) for one in (winner, bolt)] == [{"region": "north"}, {"region": "south"}]
    define(crm, tmp_path, REQUIRED)
    crm("customer", "unmerge", merge)
    crm("import", "--undo", batch)
    assert [custom(crm, "customer", one) for one in (winner, loser, bolt)] == [{}, {"region": "north"}, {}]
