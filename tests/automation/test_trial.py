"""A dry run over history: what an automation would have done, judged by the records as they were, nothing written."""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

import pytest
from sqlalchemy import MetaData, event, select

from crmcore.api import App, Contact, Task
from crmcore.engine.tables import contact

CONTACTS, CHANGES = 1000, 9

RULE = """
[field.contact.tier]
type = "choice"
choices = ["gold", "tin"]

[automation.escalate]
on = "contact.changed"
when = 'before.note != note && note.contains("7") && name.startsWith("C1")'
actions = [{ do = "create_task", subject = "Look at {name}: {note}", due = 1 }, { do = "set_field", field = "tier", value = "gold" }]
"""  # noqa: E501 # one line of TOML


def everything(app: App) -> str:
    """Return a hash of every row of every table."""
    found = hashlib.sha256()
    with app.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found.update(repr((table.name, rows)).encode())
    return found.hexdigest()


@pytest.fixture
def history(app: App) -> App:
    """A journal of 10,000 entries: contacts made, and each changed nine times."""
    fill(app, CONTACTS, range(CHANGES))
    return app


def fill(app: App, contacts: int, changes: Iterable[int]) -> None:
    with app.transaction(app.actor("ann"), cause="import 1") as tx:
        ids = [tx.add(Contact(name=f"C{n}")).id for n in range(contacts)]
    for change in changes:
        with app.transaction(app.actor("ann"), cause="crm contact edit") as tx:
            for each in tx.load(Contact, contact.c.id.in_(ids)):
                each.note = f"seen {change}"


def test_ten_thousand_entries_in_under_a_minute_and_nothing_written(
    history: App, crm: Callable, tmp_path: Path
) -> None:
    (tmp_path / "rule.toml").write_text(RULE)
    before = everything(history)
    began = process_time()
    found = json.loads(crm("automation", "test", "rule.toml", "--since", "2020-01-01", "--limit", 3, "--json").stdout)
    taken = process_time() - began
    assert everything(history) == before
    assert taken < 60, taken
    assert (found["entries"], found["heard"]) == (CONTACTS * (CHANGES + 1), CONTACTS * CHANGES)
    expected = sum(1 for n in range(CONTACTS) if f"C{n}".startswith("C1"))
    assert (found["runs"], found["records"], found["again"], found["failed"]) == (expected, expected, 0, 0)
    assert found["matches"][0]["would"] == [
        {"do": "create_task", "subject": "Look at C1: seen 7", "due": 1},
        {"do": "set_field", "field": "tier", "value": "gold"},
    ]
    assert len(found["matches"]) == 3


def test_the_statements_do_not_grow_with_the_entries(app: App, crm: Callable, tmp_path: Path) -> None:
    from crmcore.automation.trial import trial
    from crmcore.engine.clock import now
    from crmcore.model.definitions import Automation

    rule = Automation(
        name="x", on="*.created", when="contact.name != '' && actor.role == 'admin'",
        actions=({"do": "create_task", "subject": "{contact.name}"},),
    )  # fmt: skip
    counted = []
    for many in (20, 700):
        with app.transaction(app.actor("ann")) as tx:
            since = tx.now
            for n in range(many):
                made = tx.add(Contact(name=f"{many} {n}"))
                tx.add(Task(subject="x", contact_id=made.id))
        statements: list[str] = []
        with app.read(app.actor("ann")) as reader:

            def note(_c, _u, statement: str, *_rest, seen: list[str] = statements) -> None:
                seen.append(statement)

            event.listen(app.engine, "before_cursor_execute", note)
            done = trial(reader, app.assembly.definitions, app.assembly.entities, rule, since, limit=5)
            event.remove(app.engine, "before_cursor_execute", note)
        assert done.runs == many * 2
        assert now() > since
        counted.append(len(statements))
    assert counted[1] - counted[0] <= 10, "two statements for each 500 records and kind"


def test_one_in_force_and_one_that_is_missing(app: App, crm: Callable, tmp_path: Path) -> None:
    fill(app, 20, (7,))
    (tmp_path / "rule.toml").write_text(RULE)
    crm("config", "apply", "rule.toml")
    told = crm("automation", "test", "escalate", "--since", "2020-01-01", "--limit", 1)
    assert "create_task (due: 1, subject: Look at C1: seen 7)" in told.stdout
    assert "11 runs for 11 records" in told.stderr
    assert "no automation" in crm("automation", "test", "escalte", "--since", "2020-01-01", code=1).output
    (tmp_path / "wrong.toml").write_text('[automation.x]\non = "contact.changed"\nwhen = "nmae == 1"\nactions = []\n')
    assert "nmae" in crm("automation", "test", "wrong.toml", "--since", "2020-01-01", code=1).output
