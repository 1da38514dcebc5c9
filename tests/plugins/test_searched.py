"""Records of plugins are found by any part of a word, by who may see them, for as long as the plugin is there."""

import importlib
import json

import pytest
from sqlalchemy import delete, text

from crmcore.app import App
from crmcore.configuring.apply import apply
from crmcore.definitions.reading import read_text
from crmcore.model.party import Customer
from crmcore.model.user import User
from crmcore.search.query import search


@pytest.fixture
def deals(here, workspace):
    here.environment["CRM_DATABASE_URL"] = workspace
    here.install("shared_deals")
    here.crm("plugin", "enable", "shared_deals")
    module = importlib.import_module("crmcore_shared_deals.plugin")
    app = App(workspace, strict=True)
    with app.transaction() as tx:
        apply(tx, read_text("[role.own]\nread = 'own'\nwrite = 'own'\n", "roles.toml"))
    with app.transaction() as tx:
        bob, dee = (tx.add(User(login=name, role="own")) for name in ("bob", "dee"))
        customer = tx.add(Customer(name="Nordlicht", owner_id=bob.id))
        for title, owner in (("Kesselpumpen 锅炉泵", bob), ("Ventile", dee)):
            tx.add(module.Deal(title=title, customer_id=customer.id, owner_id=owner.id))
    yield here, app, module
    app.close()


def found(app, sought, login="ann"):
    with app.read(app.actor(login)) as reader:
        return [(one.entity, one.title, one.context) for one in search(reader, sought, limit=9)]


def test_they_are_found_changed_and_gone(deals):
    here, app, module = deals
    pumps = ("shared_deals_deal", "Kesselpumpen 锅炉泵", "Nordlicht")
    for sought in ("kesselp", "PUMPEN", "炉泵", "ssel 锅"):
        assert found(app, sought) == [pumps], sought
    assert found(app, "pumpen", "bob") == [pumps]
    assert found(app, "pumpen", "dee") == []  # it is Bob's
    with app.transaction() as tx:
        (deal,) = tx.load(module.Deal, module.deal.c.title.contains("pumpen"))
        deal.title = "Turbinen"
    assert found(app, "pumpen") == []
    assert [title for _entity, title, _of in found(app, "turb")] == ["Turbinen"]
    with app.transaction() as tx:
        tx.remove(tx.get(module.Deal, deal.id))
    assert found(app, "turb") == []
    here.crm("plugin", "disable", "shared_deals")
    assert found(app, "ventil") == []
    assert _doctor(here) == ["info"] * 2
    here.crm("plugin", "enable", "shared_deals")
    assert len(found(app, "ventil")) == 1
    here.crm("plugin", "disable", "shared_deals")
    here.crm("plugin", "purge", "shared_deals", "--yes")
    assert _doctor(here) == ["info"] * 2
    with app.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM text_index")).scalar_one() == 0


def _doctor(here):
    told = json.loads(here.crm("doctor", "--json").stdout)
    return [one["severity"] for one in told if "search index" in one["hook"]]


def test_a_plugin_enabled_again_and_a_backup_bring_their_words(deals, tmp_path):
    here, app, _module = deals
    with app.engine.begin() as connection:  # as if an earlier version of the plugin had not been searched
        connection.execute(delete(_index(connection)))
    assert found(app, "ventil") == []
    here.crm("plugin", "disable", "shared_deals")
    here.crm("plugin", "enable", "shared_deals")
    assert len(found(app, "ventil")) == 1
    here.crm("backup", tmp_path / "all.zip")
    here.crm("restore", tmp_path / "all.zip", "--into", f"sqlite:///{tmp_path}/again.db")
    again = App(f"sqlite:///{tmp_path}/again.db")
    assert len(found(again, "ventil")) == 1
    again.close()


def _index(connection):
    from sqlalchemy import Integer, column, table

    return table("text_index", column("rowid" if connection.dialect.name == "sqlite" else "id", Integer))
