import json
from datetime import UTC, date, datetime, timedelta

import pytest

from crmcore.model.interaction import Interaction, Participant, Task
from crmcore.model.party import Contact, ContactPoint

CLIENTS = 320


@pytest.fixture
def book(app):
    """A broker's book: individuals without a company, each with a phone, a renewal to come and a note."""
    with app.transaction(app.actor("ann")) as tx:
        me = tx.actor.user_id
        for each in range(CLIENTS):
            client = tx.add(Contact(name=f"Client {each:03}", family=f"Client {each:03}", owner_id=me))
            number = f"1380013{each:04}"
            tx.add(ContactPoint(contact_id=client.id, kind="phone", value=number, normal=f"+86{number}"))
            due = date(2027, 1, 1) + timedelta(days=each)
            tx.add(Task(subject="renewal", due=due, contact_id=client.id, owner_id=me))
            for note in range(3):
                at = datetime(2026, 1 + note * 4, 1, 9, tzinfo=UTC)
                passed = tx.add(
                    Interaction(channel="note", at=at, contact_id=client.id, user_id=me, body=f"note {note} on {each}")
                )
                tx.add(Participant(interaction_id=passed.id, role="present", contact_id=client.id))
    return app


@pytest.mark.row("S0-02")
def test_a_broker_sees_a_client_on_one_screen_and_adds_a_note_with_two_fields(book, crm):
    """A broker with 320 clients sees contact, renewal date, last note on one screen; a note needs two fields.

    The renewal date is a task with a due date. The two fields are the note and whom it is about; no customer, the
    record of a company, exists or is asked for.
    """
    listed = json.loads(crm("contact", "list", "--limit", CLIENTS + 1, "--json").stdout)
    assert len(listed) == CLIENTS

    screen = crm("contact", "show", "Client 217").stdout
    assert len(screen.splitlines()) <= 24
    assert all(len(line) <= 100 for line in screen.splitlines())
    for seen in ("Client 217", "13800130217", "renewal", "2027-08-06", "note 2 on 217"):
        assert seen in screen

    crm("interaction", "add", "wants the policy to start in May", "--contact", "Client 217")

    screen = crm("contact", "show", "Client 217").stdout
    last = screen[screen.index("\nlast") :].splitlines()
    assert "wants the policy to start in May" in last[2]
    assert json.loads(crm("customer", "list", "--json").stdout) == []
    (note, *_older) = json.loads(crm("interaction", "list", "--contact", "Client 217", "--json").stdout)
    assert (note["channel"], note["customer_id"]) == ("note", None)
