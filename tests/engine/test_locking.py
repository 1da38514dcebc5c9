"""Two who edit at once: different fields are joined, the same field is shown, a removed record is named."""

import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from crmcore.engine.tables import contact, task
from crmcore.errors import Conflict, NotFound
from crmcore.model.interaction import Task
from crmcore.model.party import Contact

EDITOR = """
import sys
from crmcore.app import App
from crmcore.errors import CrmError
from crmcore.model.party import Contact
app = App(sys.argv[1])
try:
    with app.transaction() as tx:
        record = tx.get(Contact, int(sys.argv[2]))
        tx.connection.rollback()  # what was read stays read; the database is free meanwhile
        print("read", flush=True)
        sys.stdin.readline()
        field, value = sys.argv[3:5]
        if field == "remove":
            tx.remove(record)
        else:
            setattr(record, field, value)
except CrmError as error:
    print(type(error).__name__, error)
else:
    print("saved")
"""


def editor(url, record_id, field, value=""):
    process = subprocess.Popen(
        [sys.executable, "-c", EDITOR, url, str(record_id), field, value],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "read\n"
    return process


@pytest.fixture
def ida(app):
    with app.transaction() as tx:
        return tx.add(Contact(name="Ida", note="old")).id


def stored(app):
    with app.read() as reader:
        return reader.first(select(contact))


def test_of_two_processes_that_edit_a_field_the_second_is_shown_both_values(app, workspace, ida):
    first, second = editor(workspace, ida, "note", "mine"), editor(workspace, ida, "note", "yours")
    assert first.communicate("go\n")[0] == "saved\n"
    said = second.communicate("go\n")[0]
    assert said.startswith(f"Conflict contact {ida} was changed by somebody else meanwhile: note")
    assert "“mine”" in said
    assert "“yours”" in said
    assert stored(app).note == "mine"


def test_of_two_processes_that_edit_different_fields_both_are_joined(app, workspace, ida):
    first, second = editor(workspace, ida, "note", "mine"), editor(workspace, ida, "given", "Ida")
    assert first.communicate("go\n")[0] == second.communicate("go\n")[0] == "saved\n"
    row = stored(app)
    assert (row.note, row.given, row.version) == ("mine", "Ida", 3)


def test_an_edit_of_what_another_process_removed_says_so(app, workspace, ida):
    first, second = editor(workspace, ida, "remove"), editor(workspace, ida, "note", "yours")
    assert first.communicate("go\n")[0] == "saved\n"
    assert second.communicate("go\n")[0] == f"NotFound contact {ida} was removed meanwhile.\n"


def test_a_record_somebody_changed_is_not_removed_unseen(app, ida):
    with pytest.raises(Conflict, match="is not removed") as refused, app.transaction() as tx:
        record = tx.get(Contact, ida)
        tx.connection.rollback()
        with app.transaction() as other:
            other.get(Contact, ida).note = "important"
        tx.remove(record)
    assert refused.value.fields == {"note": ("old", "important", None)}
    assert stored(app).note == "important"


def test_a_record_removed_twice_is_told_once(app, ida):
    with pytest.raises(NotFound, match="removed meanwhile"), app.transaction() as tx:
        record = tx.get(Contact, ida)
        tx.connection.rollback()
        with app.transaction() as other:
            other.remove(other.get(Contact, ida))
        tx.remove(record)


def test_the_same_value_from_two_is_no_conflict(app, ida):
    with app.transaction() as tx:
        record = tx.get(Contact, ida)
        tx.connection.rollback()
        with app.transaction() as other:
            other.get(Contact, ida).note = "agreed"
        record.note = "agreed"
    assert stored(app).note == "agreed"


def test_a_second_writer_waits_for_the_first(app, workspace, ida):
    waiting = editor(workspace, ida, "given", "Ida")
    with app.transaction() as tx:
        tx.get(Contact, ida).note = "slow"
        tx.flush()
        waiting.stdin.write("go\n")
        waiting.stdin.flush()
        time.sleep(1.5)
        assert waiting.poll() is None
    assert waiting.communicate()[0] == "saved\n"
    assert (stored(app).note, stored(app).given) == ("slow", "Ida")


COUNTER = """
import sys
from sqlalchemy import func, select
from crmcore.app import App
from crmcore.engine.tables import task
from crmcore.model.interaction import Task
from crmcore.model.party import Contact
app = App(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _each in range(25):
    with app.transaction() as tx:
        tx.lock(Contact, int(sys.argv[2]))
        seen = tx.value(select(func.count()).select_from(task))
        tx.add(Task(subject=str(seen), contact_id=int(sys.argv[2])))
"""


def test_who_locks_a_record_sees_all_that_was_written_under_the_lock_before(app, workspace, ida):
    both = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTER, workspace, str(ida)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _each in range(2)
    ]  # fmt: skip
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in both:
        one.communicate()
        assert one.returncode == 0
    with app.read() as reader:
        subjects = [int(row.subject) for row in reader.rows(select(task.c.subject).order_by(task.c.id))]
    assert sorted(subjects) == list(range(50)), "no number twice: each read after the other's commit"


def test_a_locked_record_can_be_read_and_referred_to(app, workspace, ida):
    with app.transaction() as tx:
        tx.lock(Contact, ida)
        with app.read() as reader:
            assert reader.value(select(contact.c.note)) == "old"
        if not workspace.startswith("sqlite"):
            with app.transaction() as other:
                other.add(Task(subject="call", contact_id=ida))
