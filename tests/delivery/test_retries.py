"""Retries: later and later, set aside at last, told of, retried and dropped by hand."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from crmcore.api import deliver
from crmcore.delivery import listing
from crmcore.delivery.rules import wait
from crmcore.engine import tables
from crmcore.errors import Denied, InvalidInput, NotFound

from .conftest import contacts, count, plugin, rename, rows, setting

delivery = tables.delivery


@pytest.fixture
def broken(opened, at):
    """A plugin that fails until it is mended, and what it heard since."""
    heard: list[tuple[int, str]] = []
    state = {"broken": True}

    def handle(event, tx):
        if state["broken"]:
            raise OSError("the other side does not answer")
        heard.append((event.subject_id, event.type))

    at("2026-11-22T09:00:00+00:00")
    return opened(plugin("a", handle, ("contact.*",))), heard, state


def test_waits_grow_to_six_hours():
    assert [wait(n).total_seconds() for n in range(1, 10)] == [5, 20, 80, 320, 1280, 5120, 20480, 21600, 21600]


def test_tries_again_at_its_time_and_not_before(broken, at):
    app, heard, state = broken
    (ann,) = contacts(app, "Ann")
    assert deliver(app).failed == 1
    assert deliver(app).failed == 0
    at(later=4.9)
    assert deliver(app).failed == 0
    at(later=0.1)
    assert deliver(app).failed == 1
    assert rows(app, delivery, "attempts", "next_at") == [(2, datetime(2026, 11, 22, 9, 0, 25, tzinfo=UTC))]
    state["broken"] = False
    at(later=19)
    assert not deliver(app).handled
    at(later=1)
    assert deliver(app).handled == 1
    assert heard == [(ann, "contact.created")]
    assert not count(app, delivery)


def test_is_set_aside_after_its_attempts_and_named(broken, at):
    app, heard, state = broken
    setting(app, "delivery.attempts", 3)
    ann, _bob = contacts(app, "Ann", "Bob")
    rename(app, ann, "Anna")
    for _attempt in range(5):
        deliver(app)
        at(later=7 * 3600)
    assert rows(app, delivery, "state", "attempts") == [("parked", 3), ("parked", 3), ("waiting", 0)]
    with app.read() as reader:
        found = reader.connection.execute(select(tables.finding).where(tables.finding.c.kind == "parked")).one()
    assert (found.plugin, found.hook, found.count, found.severity) == ("a", "crm_on_event", 2, "error")
    assert "the other side does not answer" in found.message
    assert "crm delivery retry a:" in found.message
    state["broken"] = False
    with app.transaction() as tx:
        assert listing.retry_all(tx) == 3
    assert deliver(app).handled == 3
    assert [kind for subject, kind in heard if subject == ann] == ["contact.created", "contact.changed"]


def test_dropping_lets_go_on_what_waited_and_is_journalled(broken, at):
    app, heard, state = broken
    (ann,) = contacts(app, "Ann")
    rename(app, ann, "Anna")
    deliver(app)
    with app.read() as reader:
        first, second = listing.page(reader.connection, limit=10)
        assert listing.page(reader.connection, limit=10, after=first.id) == [second]
        assert listing.page(reader.connection, limit=10, state="parked") == []
    assert (first.attempts, second.attempts, second.next_at) == (1, 0, None)
    state["broken"] = False
    with app.transaction() as tx:
        listing.drop(tx, [first.id])
    deliver(app)
    assert heard == [(ann, "contact.changed")]
    with app.read() as reader:
        told = reader.connection.execute(
            select(tables.journal.c.subject_id, tables.journal.c.data).where(
                tables.journal.c.type == "delivery.dropped"
            )
        ).one()
    assert (told.subject_id, told.data["delivery"]) == (ann, first.id)


def test_only_administrators_decide_and_mistakes_are_named(broken):
    app, _heard, _state = broken
    contacts(app, "Ann")
    deliver(app)
    with app.engine.begin() as connection:
        connection.execute(tables.user_account.update().values(role="rep"))
    for attempt in (lambda tx: listing.retry_all(tx), lambda tx: listing.drop(tx, ["a:1"])):
        with pytest.raises(Denied), app.transaction(app.actor("ann")) as tx:
            attempt(tx)
    with pytest.raises(NotFound, match="a:77"), app.transaction() as tx:
        listing.drop(tx, ["a:77"])
    with pytest.raises(InvalidInput, match="PLUGIN:EVENT"), app.transaction() as tx:
        listing.retry(tx, "nonsense")
    assert count(app, delivery) == 1
