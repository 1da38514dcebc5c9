"""Loops are cut off and explained: an automation with itself, two automations, an automation and a plugin."""

from types import ModuleType
from typing import Any

from sqlalchemy import select

from crmcore.api import App, Contact, Event, Plugin, Task, impl
from crmcore.automation.why import named, of_event
from crmcore.engine.tables import automation_run, contact, journal, task

PING_PONG = """
[automation.ping]
on = "contact.changed"
when = "note != 'stop'"
actions = [{ do = "set_field", field = "note", value = "{note}a" }]
[automation.pong]
on = "contact.changed"
actions = [{ do = "set_field", field = "zone", value = "{zone}b" }]
"""


def _contact(app: App) -> Contact:
    with app.transaction(app.actor("ann")) as tx:
        return tx.add(Contact(name="Loop"))


def _change(app: App, record: Contact) -> None:
    with app.transaction(app.actor("ann"), cause="crm contact edit") as tx:
        tx.get(Contact, record.id).language = "zh"


def _rows(app: App, table, *conditions) -> list:
    with app.read() as reader:
        return list(reader.connection.execute(select(table).where(*conditions)))


def _run_out(automated) -> int:
    handled = 0
    for _round in range(30):
        report = automated.deliver()
        handled += report.handled
        if report.is_idle and not report.handled:
            return handled
    raise AssertionError("it never came to an end")


def test_two_automations_that_answer_each_other_run_once_each(automated) -> None:
    app: App = automated.app
    automated.apply(PING_PONG)
    record = _contact(app)
    _change(app, record)
    _run_out(automated)
    (row,) = _rows(app, contact)
    assert (row.note, row.zone) == ("a", "b"), "each ran once for what ann did, and for nothing that followed from it"
    cut = _rows(app, automation_run, automation_run.c.outcome == "cut")
    assert {one.automation for one in cut} == {"ping", "pong"}
    first = min(one.id for one in _rows(app, journal, journal.c.type == "contact.changed"))
    for one in cut:
        assert f"it ran on contact.changed #{first} already, which led here: contact.changed #{first} → " in one.reason
        assert one.reason.endswith(f"contact.changed #{one.event_id}")
    with app.read() as reader:
        definitions, entities = app.assembly.definitions, app.assembly.entities
        told = of_event(reader, definitions, entities, named(definitions, reader, cut[0].automation), cut[0].event_id)
    assert (told.outcome, told.reason) == ("cut", cut[0].reason)


def test_an_automation_that_changes_its_own_record_runs_once(automated) -> None:
    app: App = automated.app
    automated.apply(PING_PONG.partition("[automation.pong]")[0])
    record = _contact(app)
    for again in (1, 2):
        with app.transaction(app.actor("ann")) as tx:
            tx.get(Contact, record.id).language = f"x{again}"
        _run_out(automated)
        assert _rows(app, contact)[0].note == "a" * again, "a new act of ann's is a new chain"


class Toggling:
    """A plugin that answers every change of a contact by another one."""

    @staticmethod
    def module() -> ModuleType:
        module = ModuleType("toggling")
        module.PLUGIN = Plugin(name="toggling", title="Toggling", hears=("contact.changed",))

        @impl
        def crm_on_event(event: Event, tx: Any) -> None:
            record = tx.get(Contact, event.subject_id)
            record.zone = "off" if record.zone == "on" else "on"

        module.crm_on_event = crm_on_event
        return module


def test_an_automation_and_a_plugin_that_answer_each_other_are_cut(automated_with) -> None:
    automated = automated_with(("toggling", Toggling.module()))
    app: App = automated.app
    automated.apply(PING_PONG.partition("[automation.pong]")[0])
    record = _contact(app)
    _change(app, record)
    handled = _run_out(automated)
    assert handled < 40
    (row,) = _rows(app, contact)
    assert row.note == "a", "the automation ran once"
    cut = _rows(app, automation_run, automation_run.c.outcome == "cut")
    assert cut
    assert any("plugin toggling on contact.changed" in one.reason for one in cut), "the plugin is named in the chain"


def test_a_chain_that_makes_ever_new_records_ends_by_its_length(automated) -> None:
    app: App = automated.app
    automated.apply("""
[automation.more]
on = "task.created"
actions = [{ do = "create_task", subject = "after {subject}" }]
""")
    with app.transaction(app.actor("ann")) as tx:
        tx.add(Task(subject="one"))
    _run_out(automated)
    made = _rows(app, task)
    assert 2 <= len(made) <= 10
    last = max(_rows(app, journal, journal.c.type == "task.created"), key=lambda row: row.id)
    with app.read() as reader:
        definitions, entities = app.assembly.definitions, app.assembly.entities
        told = of_event(reader, definitions, entities, named(definitions, reader, "more"), last.id)
    assert told.outcome == "cut"
    assert told.reason.startswith("a loop, cut after 8 deliveries: task.created #")
