"""Leads and visits below the command line: clocks by a calendar, distances, what a refusal says."""

from datetime import datetime

import pytest
from crmcore_sales.guiding.places import Place, km, nearest

OFFICE = """
[calendar.office]
zone = "Asia/Shanghai"
hours = { mon-fri = "09:00-18:00" }
holidays = ["2026-11-26"]
"""


def at(text):
    return datetime.fromisoformat(text)


def test_the_clocks_of_leads_run_by_a_business_calendar(office, tmp_path):
    file = tmp_path / "office.toml"
    file.write_text(OFFICE, encoding="utf-8")
    office.crm("config", "apply", file, user="ann")
    office.crm("sales", "lead", "clocks", "--calendar", "office", "--contact-hours", "9", user="mei")
    office.clock.set("2026-11-25T17:30+08:00")
    lead = office.json("sales", "lead", "add", "pumps", "--mine", user="liu")["id"]
    due = at(office.json("sales", "lead", "show", lead)["contact_due"])
    assert due == at("2026-11-27T17:30+08:00"), "half an hour on Wednesday, none on the holiday"
    office.clock.set("2026-11-27T17:29+08:00")
    assert office.json("sales", "lead", "leaks")["without_contact"] == 0, "two nights and a holiday later"
    office.clock.set("2026-11-27T17:30+08:00")
    assert office.json("sales", "lead", "leaks")["without_contact"] == 1


def test_distances_are_those_of_the_earth():
    shanghai, beijing = Place(latitude=31.2304, longitude=121.4737), Place(latitude=39.9042, longitude=116.4074)
    assert km(shanghai, beijing) == pytest.approx(1068, abs=5)
    assert nearest(shanghai, []) is None
    assert nearest(shanghai, [beijing, shanghai]) == (0.0, shanghai)


def test_who_may_set_clocks_and_what_is_refused(office):
    refused = office.crm("sales", "lead", "clocks", "--owner-hours", "2", user="wang", code=1)
    assert "who may change all" in refused.err
    office.crm("sales", "lead", "clocks", "--contact-hours", "8", user="mei")
    assert office.json("sales", "lead", "clocks") == {"owner_hours": 1.0, "contact_hours": 8.0, "calendar": "always"}
    assert "no calendar “home”" in office.crm("sales", "lead", "clocks", "--calendar", "home", user="mei", code=1).err
    lead = office.json("sales", "lead", "add", "pumps of somebody", user="ann")
    assert "about nobody yet" in office.crm("sales", "lead", "accept", lead["id"], user="mei", code=1).err
    other = office.json("sales", "lead", "add", "mine", "--mine", user="liu")
    assert office.json("sales", "lead", "show", "Mine", user="liu")["id"] == other["id"]  # by what it is called, too
    assert "no lead “yours”" in office.crm("sales", "lead", "accept", "yours", code=1).err
    assert "belongs to somebody else" in office.crm("sales", "lead", "assign", other["id"], code=1).err
    office.crm("sales", "lead", "edit", other["id"], "--customer", office.customers[3], user="liu")
    assert "belongs to somebody else" in office.crm("sales", "lead", "accept", other["id"], code=1).err
    assert office.json("sales", "opportunity", "list", "--status", "all") == []  # nothing is left of what was refused
    assert "Say who" in office.crm("sales", "lead", "add", code=1).err
    assert (
        "is over"
        not in office.crm("sales", "visit", "add", "X", "--until", "2026-11-01", "--owner", "wang", code=1).err
    )
    assert "Nobody knows where" in office.crm("sales", "today", "--from", office.customers[3], code=1).err


def test_an_interaction_becomes_a_lead_with_nothing_typed(office):
    person = office.staff[1300][0]
    office.crm("log", "wants 20 pumps", "--contact", person)
    talk = office.json("interaction", "list", "--contact", person, "--limit", 1)[0]
    made = office.json("sales", "lead", "add", "--interaction", talk["id"], "--mine")
    assert (made["title"], made["contact"]["id"], made["customer"]["id"], made["interaction_id"]) == (
        "wants 20 pumps", person, office.customers[1300], talk["id"],
    )  # fmt: skip
    assert "wants 20 pumps" in office.crm("brief", office.customers[1300]).out
