"""Who hears when: from enabling on, not while disabled, in every process, and others not at all."""

import json

import pytest

from crmcore.api import deliver
from crmcore.app import App
from crmcore.delivery.consumers import Consumer
from crmcore.engine import clock, tables

from .conftest import contacts, plugin


@pytest.mark.parametrize(
    ("hears", "yes", "no"),
    [
        ((), ("contact.created", "x.y"), ()),
        (("contact.created",), ("contact.created",), ("contact.changed", "contactxcreated")),
        (("contact.*", "task.created"), ("contact.a", "task.created"), ("contact_point.created", "task.changed")),
        (("*.created",), ("contact.created",), ("contact.created.x", "created")),
        (("process_item.*",), ("process_item.moved",), ("processXitem.moved", "process_items.moved")),
    ],
)
def test_patterns_mean_the_same_in_python_and_in_sql(app: App, hears, yes, no):
    consumer = Consumer(name="a", plugin="a", cause="plugin a", hears=hears, handle=lambda tx, event: None)
    with app.engine.begin() as connection:
        for kind in (*yes, *no):
            connection.execute(
                tables.journal.insert().values(
                    at=clock.now(), actor="", cause="", type=kind, entity="", subject_id=1, data={}
                )
            )
        found = connection.execute(tables.journal.select().where(consumer.interest())).all()
    assert {row.type for row in found} == set(yes)
    assert [kind for kind in (*yes, *no) if consumer.wants(kind)] == list(yes)


def test_hears_from_its_first_moment_on(opened):
    heard: list[int] = []
    contacts(opened(), "before")
    app = opened(plugin("a", lambda event, tx: heard.append(event.subject_id), ("contact.*",)))
    assert deliver(app).handled == 0
    made = contacts(opened(), "after")
    deliver(app)
    assert heard == made


def test_disabled_hears_nothing_and_goes_on_from_the_end(site, workspace):
    site.install("tally")
    site.crm("plugin", "enable", "tally")
    site.crm("contact", "add", "Ann")
    site.crm("plugin", "disable", "tally")
    site.crm("contact", "add", "Bob")
    site.crm("plugin", "enable", "tally")
    site.crm("contact", "add", "Carol")
    names = {one["name"]: one["id"] for one in json.loads(site.crm("contact", "list", "--json").stdout)}
    app = App(workspace)
    with app.read() as reader:
        heard = [
            row.subject_id
            for row in reader.connection.exec_driver_sql("SELECT subject_id FROM tally_heard ORDER BY id")
        ]
    app.close()
    assert heard == [names["Ann"], names["Ann"], names["Carol"], names["Carol"]]  # created, and changed by itself
