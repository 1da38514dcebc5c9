"""Leads and visits below the command line: clocks that stop at weekends, distances, what a refusal says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from crmcore_sales.guiding.places import Place, km, nearest
from crmcore_sales.leads.clocks import Clocks
from hypothesis import given
from hypothesis import strategies as st

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORK = Clocks(zone=SHANGHAI, days="12345")


def at(text):
    return datetime.fromisoformat(text)


def test_the_clock_stands_still_at_weekends():
    friday = at("2026-11-20T18:00+08:00")
    assert WORK.due(friday, 24) == at("2026-11-23T18:00+08:00")
    assert WORK.due(at("2026-11-21T09:00+08:00"), 1) == at("2026-11-23T01:00+08:00")  # it came on a Saturday
    assert WORK.before(at("2026-11-23T18:00+08:00"), 24) == friday
    assert Clocks(zone=SHANGHAI).due(friday, 24) == at("2026-11-21T18:00+08:00")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 # given a zone
    st.integers(1, 400),
    st.sets(st.sampled_from("1234567"), min_size=1),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)
def test_what_is_late_by_one_instant_is_late_by_its_own_clock(now, hours, days, zone):
    clock = Clocks(zone=ZoneInfo(zone), days="".join(sorted(days)))
    limit = clock.before(now, hours)
    assert clock.due(limit, hours) <= now
    assert clock.due(limit + timedelta(seconds=1), hours) > now
    assert now - limit >= timedelta(hours=hours)


def test_distances_are_those_of_the_earth():
    shanghai, beijing = Place(latitude=31.2304, longitude=121.4737), Place(latitude=39.9042, longitude=116.4074)
    assert km(shanghai, beijing) == pytest.approx(1068, abs=5)
    assert nearest(shanghai, []) is None
    assert nearest(shanghai, [beijing, shanghai]) == (0.0, shanghai)


def test_who_may_set_clocks_and_what_is_refused(office):
    refused = office.crm("sales", "lead", "clocks", "--owner-hours", "2", user="wang", code=1)
    assert "who may change all" in refused.err
    office.crm("sales", "lead", "clocks", "--days", "12345", "--contact-hours", "8", user="mei")
    assert office.json("sales", "lead", "clocks") == {"owner_hours": 1.0, "contact_hours": 8.0, "days": "12345"}
    assert "Monday" in office.crm("sales", "lead", "clocks", "--days", "89", user="mei", code=1).err
    lead = office.json("sales", "lead", "add", "pumps of somebody", user="ann")
    assert "about nobody yet" in office.crm("sales", "lead", "accept", lead["id"], user="mei", code=1).err
    other = office.json("sales", "lead", "add", "mine", "--mine", user="liu")
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
