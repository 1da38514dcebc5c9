"""Automations run once for each event whose condition holds; each core action does what it says."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crmcore.api import App, Contact, Customer, Interaction, InvalidInput, Refused, Task, User
from crmcore.engine.tables import automation_run, contact, customer, interaction, journal, process_item, task

GREET = """
[automation.greet]
on = "contact.created"
when = 'language == "zh" && record.name != ""'
actions = [{ do = "create_task", subject = "Call {name} ({language})", due = 3, owner = "actor", note = "{zone}" }]
"""


def _rows(app: App, table, *conditions) -> list:
    with app.read() as reader:
        return list(reader.connection.execute(select(table).where(*conditions).order_by(table.c.id)))


def _runs(app: App) -> list[tuple]:
    with app.read() as reader:
        r = automation_run.c
        return [tuple(row) for row in reader.connection.execute(select(r.automation, r.outcome).order_by(r.event_id))]


def test_a_condition_decides_and_the_effect_is_exactly_one(automated) -> None:
    app: App = automated.app
    automated.apply(GREET)
    with app.transaction(app.actor("ann")) as tx:
        wang = tx.add(Contact(name="王琳", language="zh", owner_id=tx.actor.user_id))
        tx.add(Contact(name="Ann Lee", language="en"))
        today = tx.now.date()
    for _again in range(3):
        automated.deliver()
    tasks = _rows(app, task)
    assert [(one.subject, one.contact_id, one.owner_id, one.note) for one in tasks] == [
        ("Call 王琳 (zh)", wang.id, app.actor("ann").user_id, "")
    ]
    assert abs(tasks[0].due - today) in (timedelta(days=3), timedelta(days=4)), "three days in the workspace's zone"
    assert _runs(app) == [("greet", "done")]
    told = _rows(app, journal, journal.c.type == "task.created")
    event = _rows(app, journal, journal.c.type == "contact.created")[0]
    assert (told[0].cause, told[0].cause_id, told[0].depth, told[0].actor) == (
        f"automation greet on contact.created #{event.id}", event.id, 1, "system",
    )  # fmt: skip


def test_the_condition_sees_the_record_as_it_was_when_it_happened(automated) -> None:
    app: App = automated.app
    automated.apply("""
[automation.noted]
on = "contact.changed"
when = 'before.language == "en" && language == "zh" && data.language != null'
actions = [{ do = "log_interaction", text = "{name} now wants {language}, no longer {before.language}" }]
""")
    with app.transaction() as tx:
        one = tx.add(Contact(name="One", language="en"))
    for language in ("zh", "de"):
        with app.transaction() as tx:
            tx.get(Contact, one.id).language = language
    automated.deliver()
    assert [row.body for row in _rows(app, interaction)] == ["One now wants zh, no longer en"]


def test_an_automation_hears_only_of_what_happens_after_it_was_applied(automated) -> None:
    app: App = automated.app
    with app.transaction() as tx:
        tx.add(Contact(name="Early", language="zh"))
    automated.apply(GREET)
    with app.transaction() as tx:
        tx.add(Contact(name="Late", language="zh"))
    automated.deliver()
    assert [one.subject for one in _rows(app, task)] == ["Call Late (zh)"]


def test_the_core_actions(automated) -> None:
    app: App = automated.app
    automated.apply("""
[field.contact.tier]
type = "choice"
choices = ["gold", "tin"]
[field.customer.visits]
type = "number"
[process.visit]
title = "Visit"
states = ["planned", { name = "made", kind = "done" }]
transitions = [{ from = "planned", to = "made", requires = ["result"] }]
fields = ["result"]
[automation.begin]
on = "interaction.created"
when = 'channel == "visit"'
[[automation.begin.actions]]
do = "start_process"
process = "visit"
title = "Visit of {contact.name}"
set = { result = "{subject}" }
[[automation.begin.actions]]
do = "set_field"
field = "visits"
value = 1
of = "customer"
[automation.finish]
on = "process.moved"
when = 'process == "visit" && state == "planned" && data.from == ""'
actions = [{ do = "move", to = "made" }, { do = "set_field", field = "note", value = "by itself" }]
[automation.tier]
on = "contact.created"
actions = [{ do = "set_field", field = "tier", value = "gold" }]
""")
    with app.transaction(app.actor("ann")) as tx:
        aster = tx.add(Customer(name="Aster", kind="organisation"))
        wang = tx.add(Contact(name="Wang Lin"))
        tx.add(Interaction(channel="visit", subject="went well", contact_id=wang.id, customer_id=aster.id,
                           user_id=tx.actor.user_id))  # fmt: skip
    automated.deliver()
    (item,) = _rows(app, process_item)
    assert (item.title, item.state, item.custom, item.note) == (
        "Visit of Wang Lin", "made", {"result": "went well"}, "by itself",
    )  # fmt: skip
    assert (item.owner_id, item.customer_id, item.contact_id) == (app.actor("ann").user_id, aster.id, wang.id)
    assert item.closed_at is not None
    assert _rows(app, contact)[0].custom == {"tier": "gold"}
    assert _rows(app, customer)[0].custom == {"visits": 1}


def test_one_that_fails_holds_up_no_other_and_is_tried_again(automated) -> None:
    app: App = automated.app
    automated.apply(
        GREET
        + """
[automation.broken]
on = "contact.created"
actions = [{ do = "log_interaction", text = "half" }, { do = "create_task", subject = "x", owner = "{name}" }]
"""
    )
    with app.transaction() as tx:
        tx.add(Contact(name="Li", language="zh"))
    automated.deliver()
    assert [one.subject for one in _rows(app, task)] == ["Call Li (zh)"]
    assert _rows(app, interaction) == [], "what it did before it failed is undone"


def test_what_cannot_be_is_refused_when_it_is_applied(automated) -> None:
    for text, said in (
        ('on = "contact.created"\nwhen = "nmae == \'x\'"\nactions = [{ do = "move", to = "x" }]', "nmae"),
        ('on = "contact.created"\nactions = [{ do = "create_tsak" }]', "create_task"),
        ('on = "contact.created"\nactions = [{ do = "create_task", subjcet = "x" }]', "subject"),
        (
            'on = "contact.created"\nactions = [{ do = "create_task", due = "soon" }]',
            "needs subject(.|\n)*no number of days",
        ),
        ('on = "contact.created"\nactions = [{ do = "create_task", subject = "Call {nmae}" }]', "unknown name “nmae”"),
        (
            'on = "contact.created"\nactions = [{ do = "create_task", subject = "x", owner = "nobody" }]',
            "no user nobody",
        ),
        (
            'on = "contact.created"\nactions = [{ do = "set_field", field = "title", value = 1 }]',
            "contact has no field title",
        ),
        (
            'on = "contact.created"\nactions = [{ do = "set_field", field = "x", of = "task" }]',
            "“customer” or “contact”",
        ),
        ('on = "contact.created"\nactions = [{ do = "move", to = "won" }]', "no process is defined for contact"),
        ('on = "contact.created"\nactions = [{ do = "start_process", process = "visit" }]', "no process visit"),
        ('on = "contract.created"\nactions = [{ do = "create_task", subject = "x" }]', "contact"),
    ):
        with pytest.raises((Refused, InvalidInput), match=said):
            automated.apply(f"[automation.x]\n{text}\n")


def test_an_event_without_interest_costs_no_row(automated) -> None:
    app: App = automated.app
    automated.apply(GREET)
    with app.transaction() as tx:
        for n in range(50):
            tx.add(Contact(name=f"C{n}", language="en"))
        tx.add(User(login="ben", name="Ben"))
    automated.deliver()
    with app.read() as reader:
        assert reader.connection.execute(select(func.count()).select_from(automation_run)).scalar() == 0


def test_a_due_date_can_be_a_field_of_the_record(automated) -> None:
    app: App = automated.app
    automated.apply("""
[automation.before]
on = "task.created"
when = 'subject.startsWith("Fair") && due != null'
actions = [{ do = "create_task", subject = "Book a stand", due = "{due}" }]
""")
    with app.transaction() as tx:
        tx.add(Task(subject="Fair in spring", due=date(2027, 4, 15)))
        tx.add(Task(subject="Fair without a date"))
    automated.deliver()
    assert [(one.subject, one.due) for one in _rows(app, task)][2:] == [("Book a stand", date(2027, 4, 15))]
