"""The clocks of tickets: due in working hours, standing still while the customer is asked, reckoned anew on a change.

And the steps on their way: who is told, once, and what a pause moves.
"""

from datetime import UTC, datetime

import pytest
from crmcore_service import tables
from crmcore_service.levels import clocks
from crmcore_service.model.level import EscalationStep, Level, LevelTarget
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.queue import TicketQueue
from crmcore_service.model.ticket import Ticket
from sqlalchemy import select

from crmcore.api import deliver, run_job
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


def test_a_change_of_the_level_or_its_calendar_is_reckoned_by_the_worker(office, gold, tmp_path):
    one = opened(office, "2026-11-25T17:45+08:00", level_id=gold, priority="P1")
    office.clock.set("2026-11-25T17:46+08:00")
    told = office.crm("service", "level", "edit", "gold", "--target", "P1:response=20m", user="mei").err
    assert "1 open tickets" in told
    run_job(office.app, "service", "escalations")
    assert row(office, one).response_due == local("2026-11-27T09:05")
    file = tmp_path / "office.toml"
    file.write_text(OFFICE.replace('"2026-11-26"', '"2026-11-27"'), encoding="utf-8")
    office.crm("config", "apply", file, user="ann")
    deliver(office.app)
    run_job(office.app, "service", "escalations")
    found = row(office, one)
    assert (found.response_due, found.next_step_at) == (local("2026-11-26T09:05"), local("2026-11-26T09:05"))
    file.write_text("[calendar.office]\nremove = true\n", encoding="utf-8")
    office.crm("config", "apply", file, user="ann")
    deliver(office.app)
    run_job(office.app, "service", "escalations")
    assert row(office, one).response_due == local("2026-11-26T09:05"), "by the workspace's own hours"
    assert "no longer defined" in office.crm("service", "ticket", "clock", one, user="sam").out


def escalated(office, ticket):
    e, u = tables.escalation.c, core.user_account.c
    with office.app.read() as reader:
        found = select(e.clock, e.round, u.login).join(core.user_account, u.id == e.told_id)
        return [tuple(each) for each in reader.rows(found.where(e.ticket_id == ticket).order_by(e.id))]


def escalate(office, at):
    office.clock.set(at)
    run_job(office.app, "service", "escalations")


def test_what_is_reopened_goes_on_with_what_was_left_and_no_step_is_taken_twice(office, gold):
    edit = (
        "service",
        "level",
        "edit",
        "gold",
        "--step",
        "resolution before 1h owner",
        "--step",
        "resolution due manager",
    )
    office.crm(*edit, user="mei")
    sam = office.users["sam"]
    one = opened(office, "2026-11-24T09:00+08:00", level_id=gold, owner_id=sam)
    assert row(office, one).next_step_at == local("2026-11-24T17:30")

    def resolve(at, *, again=False):
        with office.at(at, user="sam") as tx:
            ticket = tx.get(Ticket, one)
            ticket.status = "open" if again else "resolved"
            (clocks.reopened if again else clocks.resolved)(tx, ticket, tx.now)

    resolve("2026-11-24T17:00+08:00")
    found = row(office, one)
    assert (found.resolution_due, found.next_step_at) == (local("2026-11-25T09:30"), None)
    resolve("2026-11-25T10:00+08:00", again=True)
    assert row(office, one).resolution_due == local("2026-11-25T11:30"), "an hour and a half was left"
    escalate(office, "2026-11-25T10:29+08:00")
    assert escalated(office, one) == []
    escalate(office, "2026-11-25T10:30+08:00")
    escalate(office, "2026-11-25T11:30+08:00")
    taken = [("resolution", 1, "sam"), ("resolution", 1, "mei")]
    assert escalated(office, one) == taken
    resolve("2026-11-25T11:40+08:00")
    resolve("2026-11-25T15:00+08:00", again=True)
    escalate(office, "2026-11-25T15:10+08:00")
    assert escalated(office, one) == taken, "they were taken for the time before it was reopened"
    why = office.json("service", "ticket", "clock", one, "--clock", "resolution", user="sam")["clocks"][0]
    assert (why["state"], why["used"]) == ("overdue", 390 + 100 + 10)
    assert [each["why"] for each in why["stretches"] if not each["counts"]][-1] == "resolved until reopened"


def test_a_step_finds_somebody_raises_the_priority_and_gives_the_ticket_away_and_a_pause_moves_it(office, gold):
    with office.at("2026-11-24T08:00+08:00", user="ann") as tx:
        line = tx.add(TicketQueue(name="pumps", manager_id=office.users["zhang"])).id
    for step in ("owner after 1h manager", "response after 2h team:south raise:P1 assign", "response late 1h user:mei"):
        office.crm("service", "level", "edit", "gold", "--step", step, user="mei")
    one = opened(office, "2026-11-24T09:00+08:00", level_id=gold, queue_id=line, priority="P2")
    escalate(office, "2026-11-24T10:00+08:00")
    assert escalated(office, one) == [("owner", 0, "zhang")], "who answers for the queue"
    with office.at("2026-11-24T10:30+08:00", user="sam") as tx:
        ticket = tx.get(Ticket, one)
        ticket.status = "on_hold"
        clocks.paused(tx, ticket, tx.now)
    escalate(office, "2026-11-24T17:00+08:00")
    assert len(escalated(office, one)) == 1
    with office.at("2026-11-25T09:00+08:00", user="sam") as tx:
        ticket = tx.get(Ticket, one)
        ticket.status = "open"
        clocks.resumed(tx, ticket, tx.now)
    assert row(office, one).next_step_at == local("2026-11-25T09:30")
    office.crm("user", "edit", "chen", "--team", "north", user="ann")
    escalate(office, "2026-11-25T09:30+08:00")
    found = row(office, one)
    first = office.users["zhao"]
    assert (found.priority, found.owner_id) == ("P1", first), "of the team who is there, and has the fewest"
    assert found.response_due == local("2026-11-24T09:30"), "as P1 it would have been due before it stood still"
    escalate(office, "2026-11-25T09:31+08:00")
    said = [each[2] for each in escalated(office, one)]
    assert said == ["zhang", "zhao", "zhang", "mei"], "what is due for P1, and an hour late"
    assert (
        len([each for each in office.json("task", "list", user="mei") if f"T{one} is overdue" in each["subject"]]) == 2
    )


def test_a_visit_that_is_late_is_told_once(office, gold):
    office.crm("service", "level", "edit", "gold", "--target", "visit=2d", "--step", "visit due user:mei", user="mei")
    office.crm("setting", "set", "service.level", "gold", user="ann")
    with office.at("2026-11-24T10:00+08:00", user="sam") as tx:
        due = clocks.visit_due(tx, level_id=None, start=tx.now)
        order = tx.add(WorkOrder(subject="Change the seal", opened_at=tx.now, due_at=due)).id
    assert due == local("2026-11-27T10:00"), "the second working day behind the holiday"
    escalate(office, "2026-11-27T09:59+08:00")
    assert office.json("service", "breach", "list", "--late", user="mei") == []
    for minute in ("00", "30"):
        escalate(office, f"2026-11-27T10:{minute}+08:00")
    tasks = [each["subject"] for each in office.json("task", "list", user="mei")]
    assert tasks == [f"W{order} is overdue (visit): Change the seal"]
    late = office.json("service", "breach", "list", "--late", user="mei")
    assert [(each["number"], each["clock"], each["minutes"]) for each in late] == [(f"W{order}", "visit", 30)]


def test_without_a_level_the_usual_is_promised_and_the_owner_is_told(office):
    office.crm("setting", "set", "service.response_minutes", "60", user="ann")
    one = opened(office, "2026-11-24T16:30+08:00")
    found = row(office, one)
    assert found.level_id is None
    assert (found.owner_due, found.response_due) == (local("2026-11-24T16:45"), local("2026-11-24T17:30"))
    assert found.resolution_due == local("2026-12-01T16:30"), "five working days"
    with office.at("2026-11-24T16:40+08:00", user="sam") as tx:
        ticket = tx.get(Ticket, one)
        ticket.owner_id, ticket.assigned_at = office.users["sam"], tx.now
    for minute in (31, 40):
        escalate(office, f"2026-11-24T17:{minute}+08:00")
    assert escalated(office, one) == [("response", 0, "sam")]
    assert "usual" in office.crm("service", "ticket", "clock", one, user="sam").out
    office.crm("setting", "set", "service.escalate", "no", user="ann")
    old = opened(office, "2026-11-20T16:30+08:00")
    escalate(office, "2026-11-24T18:00+08:00")
    assert escalated(office, old) == []


def test_the_list_of_what_ran_out_is_read_page_by_page(office, gold):
    office.crm("setting", "set", "service.level", "gold", user="ann")
    with office.at("2026-11-23T09:00+08:00", user="ann") as tx:
        for n in range(6):
            tx.add(Ticket(subject=f"Pump {n}", opened_at=tx.now, priority="P1" if n % 2 else "P2"))
    office.clock.set("2026-11-24T17:00+08:00")
    every = ("service", "breach", "list", "--until", "2026-11-30")
    whole = [one["key"] for one in office.json(*every, user="mei")]
    assert len(whole) == 12, "a response and a resolution of each"
    paged = []
    while found := office.json(*every, "--limit", 5, "--after", paged[-1] if paged else "", user="mei"):
        paged += [one["key"] for one in found]
    assert paged == whole
    late = office.json("service", "breach", "list", "--late", "--clock", "response", "--priority", "P1", user="mei")
    assert [one["subject"] for one in late] == ["Pump 1", "Pump 3", "Pump 5"]
    assert "no clock that runs" in office.crm(*every, "--after", "lunch:1", user="mei", code=1).err


def test_hours_are_those_of_where_the_customer_is_when_the_level_says_so(office, gold):
    office.crm("service", "level", "edit", "gold", "--calendar", "office@customer", user="mei")
    berlin, here = office.customers[:2]
    office.crm("customer", "edit", berlin, "--zone", "Europe/Berlin", user="ann")
    found = [
        row(office, opened(office, "2026-11-24T15:00+08:00", level_id=gold, priority="P1", customer_id=each))
        for each in (berlin, here)
    ]
    assert [one.calendar for one in found] == ["office@Europe/Berlin", "office"]
    assert [one.response_due for one in found] == [local("2026-11-24T16:30"), local("2026-11-24T15:30")], (
        "nine in Berlin"
    )
