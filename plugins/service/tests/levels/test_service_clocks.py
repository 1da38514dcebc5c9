"""The clocks of tickets: due in working hours, standing still while the customer is asked, reckoned anew on a change."""

from datetime import UTC, datetime, timedelta

import pytest
from crmcore_service import tables
from crmcore_service.levels import clocks
from crmcore_service.model.level import EscalationStep, Level, LevelTarget
from crmcore_service.model.ticket import Ticket
from sqlalchemy import select

from crmcore.api import run_job
from crmcore.api import tables as core

OFFICE = """
[calendar.office]
zone = "Asia/Shanghai"
hours = { mon-fri = "09:00-12:00 13:30-18:00" }
holidays = ["2026-11-26"]
"""


@pytest.fixture
def gold(office, tmp_path):
    """The id of a level by the calendar office: answers in 30 minutes for P1, in a day for the others."""
    file = tmp_path / "office.toml"
    file.write_text(OFFICE, encoding="utf-8")
    office.crm("config", "apply", file, user="ann")
    with office.at("2026-11-24T08:00+08:00", user="ann") as tx:
        level = tx.add(Level(name="gold", calendar="office")).id
        tx.add(LevelTarget(level_id=level, clock="response", priority="P1", minutes=30))
        tx.add(LevelTarget(level_id=level, clock="response", days=1))
        tx.add(LevelTarget(level_id=level, clock="resolution", minutes=8 * 60))
        tx.add(EscalationStep(level_id=level, clock="response", priority="P1", counted="due", minutes=0))
    return level


def row(office, ticket):
    with office.app.read() as reader:
        return reader.first(select(tables.ticket).where(tables.ticket.c.id == ticket))


def opened(office, at, **more):
    with office.at(at, user="sam") as tx:
        return tx.add(Ticket(subject="It leaks", opened_at=tx.now, **more)).id


def local(text):
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def test_dues_are_reckoned_in_working_hours_and_stand_still_while_waiting(office, gold):
    one = opened(office, "2026-11-25T17:45+08:00", level_id=gold, priority="P1")
    found = row(office, one)
    assert found.response_due == local("2026-11-27T09:15"), "15 minutes on Wednesday, none on the holiday"
    assert found.resolution_due == local("2026-11-30T09:15")
    assert found.next_step_at == found.response_due
    with office.at("2026-11-27T09:05+08:00", user="sam") as tx:
        ticket = tx.get(Ticket, one)
        ticket.status = "waiting"
        clocks.paused(tx, ticket, tx.now)
    found = row(office, one)
    assert (found.response_due, found.resolution_due, found.next_step_at) == (None, None, None)
    assert found.remaining == {"response": 10 * 60, "resolution": (7 * 60 + 40) * 60}
    with office.at("2026-11-30T17:55+08:00", user="sam") as tx:
        ticket = tx.get(Ticket, one)
        ticket.status = "open"
        clocks.resumed(tx, ticket, tx.now)
        clocks.responded(tx, ticket, tx.now)
    found = row(office, one)
    assert found.response_due == local("2026-12-01T09:05")
    assert found.responded_at < found.response_due
    assert (found.next_step_at, found.remaining) == (None, {})
    with office.at("2026-12-01T10:00+08:00", user="sam") as tx:
        tx.get(Ticket, one).priority = "P2"
    assert row(office, one).response_due > found.response_due, "one day from the beginning, without the pause"
