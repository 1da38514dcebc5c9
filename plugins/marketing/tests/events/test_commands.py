"""The commands of events and programmes: what they refuse, what they show, and what else asks for their figures."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from crmcore_marketing.events.seats import register
from crmcore_marketing.tables import registration
from sqlalchemy import func, select

from crmcore.api import selection

EVENT, PROGRAMME = ("marketing", "event"), ("marketing", "programme")


@pytest.fixture
def event(office):
    """The id of an event of two seats, in a week."""
    return office.json(*EVENT, "add", "Lecture", "--starts", "2026-12-01T14:00", "--capacity", 2)["id"]


def test_an_event_is_changed_listed_and_called_off(office, event):
    a, b, c = office.contacts[:3]
    assert office.json(*EVENT, "register", "lecture", a, b, "--contact", c)["waiting"] == [c]
    moved = office.json(*EVENT, "edit", event, "--starts", "2026-12-02T09:00", "--ends", "2026-12-02T11:00")
    assert (moved["starts_at"], moved["told"]) == ("2026-12-02T01:00:00+00:00", 2)
    more = office.json(*EVENT, "edit", event, "--capacity", 3)
    assert (more["moved_up"], more["free"]) == ([c], 0)
    (listed,) = office.json(*EVENT, "list", "--upcoming")
    assert (listed["registered"], listed["waiting"]) == (3, 0)
    assert "2026-12-02 09:00" in office.crm(*EVENT, "list", COLUMNS="160").out
    brief = office.json("brief", a)
    (block,) = [one for one in brief["blocks"] if one["title"] == "Events"]
    assert block["data"][0]["name"] == "Lecture"
    assert office.json(*EVENT, "cancel", event)["told"] == 3
    assert office.json(*EVENT, "list", "--upcoming") == []
    (row,) = office.json("marketing", "registration", "list", "--contact", a)
    assert [one["kind"] for one in row["messages"]] == ["confirmation", "change", "cancellation"]
    assert "Lecture: cancelled" in office.crm("brief", a, COLUMNS="160").out


def test_what_makes_no_sense_is_refused_in_a_sentence(office, event):
    office.crm(*PROGRAMME, "add", "Telecom", "--play", "keep:Review", "--play", "keep:Visits")
    for said, why in (
        ((*EVENT, "add", "X", "--starts", "2026-12-01T14:00", "--zone", "Mars"), "“Mars” is no time zone"),
        ((*EVENT, "add", "X", "--starts", "someday"), "--starts: “someday” is not a point in time"),
        ((*EVENT, "edit", event, "--ends", "2026-12-01T13:00"), "ends after it begins"),
        ((*EVENT, "edit", event), "Say what to change"),
        ((*EVENT, "register", "Concert", office.contacts[0]), "no event “Concert”"),
        ((*EVENT, "register", event), "Say whom"),
        ((*EVENT, "attend", event, office.contacts[0]), "too early"),
        ((*EVENT, "close", event), "too early"),
        ((*PROGRAMME, "add", "telecom"), "a programme telecom already"),
        ((*PROGRAMME, "place", "Telecom", "win", office.customers[0]), "no play “win”; it has: Review (keep), Visits"),
        ((*PROGRAMME, "place", "Telecom", "keep", office.customers[0]), "the goal of several plays"),
        ((*PROGRAMME, "report", "Telecom", "--month", "2026-13"), "“2026-13” is no month"),
        ((*PROGRAMME, "edit", "Telecom", "--from", "2026-02-01", "--to", "2026-01-01"), "does not end before"),
    ):
        assert why in office.crm(*said, code=1).err, said


def test_seats_are_given_once_to_however_many_ask_at_once(office, event):
    def ask(place):
        with office.app.transaction(office.app.actor("wang"), cause="a form") as tx:
            register(tx, event, office.contacts[place * 3 : place * 3 + 3])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    r = registration.c
    with office.app.read() as reader:
        counted = select(r.status, func.count()).where(r.event_id == event).group_by(r.status)
        assert dict(tuple(row) for row in reader.rows(counted)) == {"registered": 2, "waiting": 10}


def test_audiences_and_figures_ask_for_them(office, event):
    a, b, c = office.contacts[:3]
    office.crm(*EVENT, "register", event, a, b)
    office.clock.set("2026-12-01T15:00+08:00")
    office.crm(*EVENT, "attend", event, a, c)
    office.crm(*EVENT, "close", event)
    office.crm(*PROGRAMME, "add", "Telecom")
    office.crm(*PROGRAMME, "place", "Telecom", "win", office.customers[7])
    with office.app.read() as reader:

        def chosen(expression, of="contact"):
            return sorted(row[0] for row in reader.rows(selection(reader, expression, of=of).statement))

        assert chosen("marketing.events_attended == 1") == [a, c]
        assert chosen("marketing.no_shows > 0") == [b]
        assert chosen('marketing.programme("telecom") == "win"', "customer") == [office.customers[7]]
    assert office.json("metric", "show", "marketing.attendance")["rows"][0]["value"] == 66.7
    rows = office.json("metric", "show", "marketing.registrations", "--by", "event")["rows"]
    assert [(one["event"], one["value"]) for one in rows] == [("Lecture", 3)]


def test_two_who_are_one_have_one_seat_and_are_in_one_play(office, event):
    a, b, c = office.contacts[:3]
    office.crm(*EVENT, "register", event, a, c)
    office.crm(*EVENT, "register", event, b)
    office.crm("contact", "merge", b, a, user="ann")
    rows = {one["contact_id"]: one["status"] for one in office.json("marketing", "registration", "list")}
    assert rows == {a: "cancelled", b: "registered", c: "registered"}
    office.crm(*PROGRAMME, "add", "Telecom", user="ann")
    office.crm(*PROGRAMME, "place", "Telecom", "win", office.customers[7], "--on", "2026-10-01", user="ann")
    office.crm(*PROGRAMME, "place", "Telecom", "keep", office.customers[8], "--on", "2026-11-01", user="ann")
    office.crm("customer", "merge", office.customers[7], office.customers[8], user="ann")
    stays = office.json(*PROGRAMME, "customers", "Telecom", "--all", user="ann")
    assert [(one["customer_id"], one["goal"], one["until"], one["result"]) for one in stays] == [
        (office.customers[7], "win", "2026-11-24", "moved"), (office.customers[7], "keep", None, ""),
    ]  # fmt: skip


def test_a_customer_is_moved_on_the_day_it_was_placed_or_developed(office):
    office.crm(*PROGRAMME, "add", "Telecom")
    one = office.customers[7]
    office.crm(*PROGRAMME, "place", "Telecom", "win", one)
    office.crm(*PROGRAMME, "place", "Telecom", "develop", one)
    office.crm(*PROGRAMME, "result", "Telecom", "developed", one)
    office.crm(*PROGRAMME, "place", "Telecom", "keep", one)
    stays = office.json(*PROGRAMME, "customers", "Telecom", "--all")
    assert [(each["goal"], each["since"], each["until"], each["result"]) for each in stays] == [
        ("develop", "2026-11-24", "2026-11-25", "developed"), ("keep", "2026-11-25", None, ""),
    ]  # fmt: skip
