"""An interaction that is known before its words, such as a call, joins its ticket once they are written; cheaply."""

from datetime import UTC, datetime

import pytest
from crmcore_service.tickets.hearing import noticed

from crmcore.api import Event, Interaction, deliver


@pytest.mark.parametrize(
    "data",
    [{"status": ["ringing", "answered"]}, {"body": ["It leaks.", "It leaks still."]}, {"body": ["It leaks.", ""]},
     {"contact_id": [7, 8]}, {"contact_id": [7, None]}],
)  # fmt: skip
def test_other_changes_cost_no_statement(data):
    event = Event(
        at=datetime.now(UTC), actor="ann", cause="a test", type="interaction.changed", entity="interaction",
        subject_id=1, data=data,
    )  # fmt: skip
    noticed(event, None)  # which would fail if it asked for anything


def test_what_a_machine_wrote_is_nothing_said_and_who_was_not_reached_is_not_answered(office):
    person = office.contacts[0]
    opened = office.json("service", "ticket", "open", "The compressor leaks", "--contact", person, user="sam")
    talk = {"channel": "call", "contact_id": person, "customer_id": office.customers[0], "user_id": office.users["sam"]}
    subject = "Compressor repairs: Sam"
    with office.at("2026-11-24T10:30+08:00", user="sam") as tx:
        now = office.clock.now
        rung, away = (
            tx.add(
                Interaction(direction=way, at=now, subject=subject, details={"told": subject}, status=status, **talk)
            )
            for way, status in (("in", "answered"), ("out", "no-answer"))
        )
    deliver(office.app)

    def thread():
        return office.json("service", "ticket", "show", opened["number"], user="sam")["interactions"]

    assert thread() == [opened["interaction"]]
    with office.at("2026-11-24T10:40+08:00", user="sam") as tx:
        for one in (rung, away):
            tx.get(Interaction, one.id).body = "The compressor leaks, not reached"
    deliver(office.app)
    assert thread() == [opened["interaction"], rung.id]
