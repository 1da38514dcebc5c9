"""S1-18, faster service response: P1 answered in 30 business minutes, escalated at 30, 94% of a month met."""

from datetime import timedelta

import pytest
from crmcore_service.model.ticket import Ticket

from crmcore.api import run_job

OFFICE = """
[calendar.office]
zone = "Asia/Shanghai"
hours = { mon-fri = "09:00-12:00 13:30-18:00" }
holidays = ["2026-10-01/2026-10-07"]
workdays = { 2026-10-10 = "09:00-18:00" }
"""


@pytest.fixture
def gold(office, tmp_path):
    """A queue's level: P1 is answered in 30 business minutes, and mei hears of it when it is not."""
    file = tmp_path / "office.toml"
    file.write_text(OFFICE, encoding="utf-8")
    office.crm("config", "apply", file, user="ann")
    office.crm(
        "service", "level", "add", "gold", "--calendar", "office", "--target", "P1:response=30m", "--target",
        "response=4h", "--step", "P1 response after 30m user:mei raise:P1", user="mei",
    )  # fmt: skip
    office.crm("setting", "set", "service.level", "gold", user="ann")
    return office.json("service", "level", "show", "gold", user="mei")["id"]


@pytest.mark.row("S1-18")
def test_p1_is_due_in_30_business_minutes_a_breach_escalates_and_the_month_is_94_per_cent_met(office, gold):
    office.clock.set("2026-09-30T17:50+08:00")
    crm, told = office.crm, office.json
    opened = ("service", "ticket", "open", "--customer", office.customers[3], "--priority", "P1", "--channel", "call")
    one = told(*opened, "--subject", "The pump stands still", "It stands still since noon.", user="sam")
    number = f"T{one['id']}"
    found = told("service", "ticket", "show", number, user="sam")
    assert found["first_response_due"] == "2026-10-08T01:20:00+00:00", "10 minutes before the holidays, 20 behind them"

    office.clock.set("2026-10-08T09:19+08:00")
    assert not run_job(office.app, "service", "escalations")
    assert [each["breached"] for each in told("service", "breach", "list", user="mei")] == [False]
    assert told("task", "list", user="mei") == []
    office.clock.set("2026-10-08T09:20+08:00")
    for _n in range(3):
        run_job(office.app, "service", "escalations")
    tasks = told("task", "list", user="mei")
    assert [number in task["subject"] for task in tasks] == [True], "the manager is told, once"
    late = told("service", "breach", "list", "--late", user="mei")
    assert [(each["number"], each["clock"], each["breached"]) for each in late] == [(number, "response", True)]

    why = told("service", "ticket", "clock", number, "--clock", "response", user="sam")
    stretches = why["clocks"][0]["stretches"]
    assert [(each["minutes"], each["counts"]) for each in stretches] == [(10, True), (0, False), (20, True)]
    assert "2026-10-01, 2026-10-02" in stretches[1]["why"]
    assert [each["told"] for each in why["taken"]] == ["mei"]
    assert "closed: holiday" in crm("service", "ticket", "clock", number, user="sam").out


@pytest.mark.row("S1-18")
def test_the_month_is_94_per_cent_met_and_every_figure_opens_its_tickets(office, gold):
    begun = office.clock.now.replace(month=10, day=12, hour=10, minute=0)
    with office.at("2026-10-12T09:00+08:00", user="ann") as tx:
        for n in range(50):
            at = begun + timedelta(days=n % 5, minutes=n)
            answered = at + timedelta(minutes=31 if n % 17 == 0 else 29)
            tx.add(Ticket(subject=f"Pump {n}", priority="P1", opened_at=at, responded_at=answered))
    office.clock.set("2026-11-02T09:00+08:00")
    month = ("service", "level", "report", "--month", "2026-10", "--priority", "P1")
    figure = next(one for one in office.json(*month, user="mei") if one["clock"] == "response")
    assert (figure["decided"], figure["met"], figure["missed"], figure["share"]) == (50, 47, 3, 94.0)
    missed = office.json(*month, "--clock", "response", "--show", "missed", user="mei")
    assert [one["subject"] for one in missed] == ["Pump 0", "Pump 17", "Pump 34"]
    assert len(office.json(*month, "--clock", "response", "--show", "met", "--limit", 100, user="mei")) == 47
    office.clock.set("2026-10-30T09:00+08:00")
    assert office.json("service", "level", "report", "--priority", "P1", user="mei")[0]["met"] == 47, "of this month"
    by_priority = office.json("metric", "show", "service.response_met", "--by", "priority", user="mei")
    assert "94.0" in str(by_priority)
    assert "94.0%" in office.crm(*month, user="mei").out
