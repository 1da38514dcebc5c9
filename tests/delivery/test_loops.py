"""Effects that lead to effects without end are cut, and the chain is explained."""

import re

from sqlalchemy import select

from crmcore.api import deliver
from crmcore.delivery import listing
from crmcore.engine import tables
from crmcore.model.interaction import Task
from crmcore.model.party import Contact

from .conftest import contacts, count, plugin, rows, setting


def ping(event, tx):
    tx.add(Task(subject="pong", contact_id=event.subject_id))


def pong(event, tx):
    task = tx.get(Task, event.subject_id)
    contact = tx.get(Contact, task.contact_id)
    contact.note += "!"


def test_a_loop_between_two_plugins_is_cut_and_explained(opened):
    app = opened(plugin("ping", ping, ("contact.*",)), plugin("pong", pong, ("task.created",)))
    contacts(app, "Ann")
    report = deliver(app)
    assert (report.handled, report.cut, report.is_idle) == (8, 1, True)
    with app.read() as reader:
        (cut,) = listing.page(reader.connection, limit=10)
        found = reader.connection.execute(select(tables.finding).where(tables.finding.c.kind == "loop")).one()
    assert cut.state == "cut"
    assert re.sub(r"#\d+", "#", cut.error).startswith(
        "a loop, cut after 8 deliveries: contact.created # → plugin ping on contact.created # → task.created #"
        " → plugin pong on task.created # → contact.changed # → plugin ping on contact.changed # → task.created #"
    )
    assert found.plugin == "ping"
    assert cut.error in found.message
    depths = [depth for (depth,) in rows(app, tables.journal, "depth")]
    assert depths == list(range(9))
    assert count(app, tables.task) == 4
    assert deliver(app).handled == 0
    contacts(app, "Bob")
    assert deliver(app).cut == 1  # nothing waits behind what is cut


def test_what_is_cut_goes_one_step_further_when_told_to(opened):
    app = opened(plugin("self", lambda event, tx: tx.add(Task(subject="again"))))
    setting(app, "delivery.depth", 3)
    contacts(app, "Ann")
    assert deliver(app).cut == 1
    with app.transaction() as tx:
        assert listing.retry_all(tx) == 0
        (cut,) = listing.page(tx.connection, limit=10)
        listing.retry(tx, cut.id)
    report = deliver(app)
    assert (report.handled, report.cut) == (1, 1)
    assert count(app, tables.task) == 4


def test_fanning_out_is_cut_too(opened):
    def two(event, tx):
        tx.add(Task(subject="one"))
        tx.add(Task(subject="two"))

    app = opened(plugin("fan", two, ("*.created",)))
    setting(app, "delivery.depth", 5)
    contacts(app, "Ann")
    report = deliver(app)
    assert (report.handled, report.cut) == (31, 32)
    with app.read() as reader:
        found = reader.connection.execute(select(tables.finding.c.count)).scalar_one()
        assert len(listing.page(reader.connection, limit=50, state="cut")) == 32
    assert found == 32
