"""Every event has its effect exactly once, however often the handler fails, and in order for each record."""

import random
from collections import Counter

import pytest
from sqlalchemy import select

from crmcore.api import deliver
from crmcore.delivery.listing import page
from crmcore.engine import tables
from crmcore.model.interaction import Task
from crmcore.model.party import Contact

from .conftest import contacts, count, plugin, rename, rows, statements

task, journal = tables.task, tables.journal


def effect(event, tx):
    tx.add(Task(subject=f"{event.type} {event.id}", contact_id=event.subject_id))


def effects(app):
    """Return the effects in the order in which they came about, as (contact, event)."""
    with app.read() as reader:
        found = reader.connection.execute(select(task.c.contact_id, task.c.subject).order_by(task.c.id))
        return [(row.contact_id, int(row.subject.split()[1])) for row in found]


def test_every_event_has_its_effect_once(opened):
    app = opened(plugin("a", effect, ("contact.*",)), plugin("b", lambda event, tx: None))
    made = contacts(app, "Ann", "Bob", "Carol")
    for name in ("Anna", "Anne"):
        rename(app, made[0], name)
    report = deliver(app)
    assert (report.handled, report.failed, report.is_idle) == (5 + 5 + 5, 0, True)  # b hears of a's tasks, too
    told = [(subject, event) for event, subject in rows(app, journal, "id", "subject_id") if subject in made]
    assert effects(app) == told
    assert deliver(app).handled == 0


def test_effects_know_what_led_to_them(opened):
    app = opened(plugin("a", effect, ("contact.created",)))
    contacts(app, "Ann")
    deliver(app)
    told = rows(app, journal, "id", "type", "cause", "cause_id", "depth")
    assert [row[1:] for row in told] == [
        ("contact.created", "", None, 0),
        ("task.created", f"plugin a on contact.created #{told[0][0]}", told[0][0], 1),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_failures_neither_lose_nor_double_nor_disorder(opened, at, seed):
    chance = random.Random(seed)  # noqa: S311 # chance, not secrecy

    def flaky(event, tx):
        effect(event, tx)
        if chance.random() < 0.3:
            tx.flush()
        if chance.random() < 0.3:
            raise RuntimeError("not now")

    app = opened(plugin("a", flaky, ("contact.*",)), plugin("b", effect, ("contact.created",)))
    at("2026-11-22T09:00+00:00")
    made: list[int] = []
    for step in range(60):
        made += contacts(app, f"contact {step}") if not made or chance.random() < 0.4 else []
        rename(app, chance.choice(made), f"name {step}")
        if chance.random() < 0.3:
            deliver(app)
        at(later=chance.choice([1, 30, 600]))
    for _round in range(100):
        deliver(app)
        if not count(app, tables.delivery):
            break
        at(later=6 * 3600)
        with app.engine.begin() as connection:  # what was set aside is retried by hand
            connection.execute(tables.delivery.update().values(state="waiting", attempts=0))
    assert not count(app, tables.delivery)
    with app.read() as reader:
        told = reader.connection.execute(
            select(journal.c.subject_id, journal.c.id, journal.c.type)
            .where(journal.c.type.like("contact.%")).order_by(journal.c.id)
        ).all()  # fmt: skip
    expected = Counter((row.subject_id, row.id) for row in told)
    expected += Counter((row.subject_id, row.id) for row in told if row.type == "contact.created")
    assert Counter(effects(app)) == expected
    for contact in made:
        of_a = [event for subject, event in effects(app) if subject == contact]
        created = next(event for event in of_a)
        rest = [event for event in of_a if event != created]
        assert rest == sorted(rest)


def test_a_failing_event_holds_up_its_own_record_only(opened, at):
    broken = set()

    def picky(event, tx):
        if event.subject_id in broken:
            raise ValueError("I cannot bear this contact")
        effect(event, tx)

    app = opened(plugin("a", picky, ("contact.*",)))
    at("2026-11-22T09:00+00:00")
    ann, bob = contacts(app, "Ann", "Bob")
    broken.add(ann)
    rename(app, ann, "Anna")
    rename(app, bob, "Rob")
    report = deliver(app)
    assert (report.handled, report.failed, report.behind) == (2, 1, 1)
    assert [subject for subject, _event in effects(app)] == [bob, bob]
    rename(app, ann, "Anne")
    assert deliver(app).behind == 1
    assert [row[:3] for row in rows(app, tables.delivery, "subject_id", "attempts", "state")] == [
        (ann, 0, "waiting"), (ann, 0, "waiting"), (ann, 1, "waiting"),
    ]  # fmt: skip
    broken.clear()
    at(later=5)
    assert deliver(app).handled == 3
    of_ann = [event for subject, event in effects(app) if subject == ann]
    assert of_ann == sorted(of_ann)
    assert len(of_ann) == 3


def test_what_the_database_refuses_is_put_down_to_its_event(opened, at):
    def breaks(event, tx):
        if "bad" in tx.get(Contact, event.subject_id).name:
            tx.add(Task(subject="for nobody", contact_id=987654321))
        else:
            effect(event, tx)

    app = opened(plugin("a", breaks, ("contact.created",)))
    contacts(app, "Ann", "Bob", "bad Carol", "Dan")
    report = deliver(app)
    assert (report.handled, report.failed) == (3, 1)
    with app.read() as reader:
        (waiting,) = page(reader.connection, limit=10)
    assert "foreign key" in waiting.error.lower()
    assert waiting.type == "contact.created"


def test_a_batch_costs_as_many_statements_as_one_event(opened):
    app = opened(plugin("a", lambda event, tx: None))
    contacts(app, "Ann")
    one = statements(app, lambda: deliver(app))
    contacts(app, *[f"contact {n}" for n in range(150)])
    many = statements(app, lambda: deliver(app))
    assert len(many) == len(one) <= 16
    idle = statements(app, lambda: deliver(app))
    assert len(idle) <= 6


def test_a_hundred_who_do_not_care_cost_two_statements(opened):
    app = opened(*[plugin(f"p{n}", effect, ("ticket.*",)) for n in range(100)])
    contacts(app, "Ann")
    assert len(statements(app, lambda: deliver(app))) <= 10
    assert len(set(rows(app, tables.subscription, "xid", "until", "event_id"))) == 1
    assert not deliver(app).handled
