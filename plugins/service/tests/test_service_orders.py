"""Work orders beside the rows: the mail with the appointment, who may plan, when technicians are free, promises."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.queue import Absence
from crmcore_service.model.spots import Spot, km
from crmcore_service.orders.freeing import free
from crmcore_service.orders.planning import plan
from crmcore_service.orders.views import Asked, first_name, page
from icalendar import Calendar

from crmcore.api import InvalidInput, deliver, run_job

CLIENT = 7


def ask(office, *said, user="sam"):
    return office.json("service", *said, user=user)


@pytest.fixture
def tom(office):
    office.crm("user", "add", "tom", "--name", "Tom Weber", "--role", "service", user="ann")
    return ask(office, "technician", "add", "tom", "--base", "31.3,120.6", "--radius", "50", user="ann")["user_id"]


def order(office, *more):
    return ask(office, "order", "add", "The pump leaks", "--contact", office.staff[CLIENT][0], *more)["number"]


def test_the_customer_gets_the_appointment_by_mail_and_hears_when_it_is_called_off(office, tom, mail_server):
    for name, value in (("service.from", "Service <service@huaxin.example>"), ("mail.smtp", mail_server.url)):
        office.crm("setting", "set", name, value, user="ann")
    mine = order(office, "--place", "Plant 2")
    said = ("service", "order", "plan", mine, "--technician", "tom")
    office.crm(*said, "--at", "2026-11-26T09:00", "--minutes", "90", user="sam")
    office.crm(*said, "--at", "2026-11-27T09:00", user="sam")
    office.crm("service", "order", "cancel", mine, "--reason", "It runs again", user="sam")
    run_job(office.app, "service", "replies", seconds=20)
    mails = mail_server.received()
    assert len(mails) == 3
    texts, meetings = [], []
    for mail in mails:
        assert mail["To"].addresses[0].addr_spec == f"p{CLIENT}@firm{CLIENT}.example"
        texts.append(mail.get_body(("plain",)).get_content())
        [part] = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
        meetings.append(Calendar.from_ical(part.get_payload(decode=True)))
    assert [str(one["method"]) for one in meetings] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [one.walk("VEVENT")[0] for one in meetings]
    assert len({str(one["uid"]) for one in events}) == 1  # one entry in the customer's calendar
    assert [int(one["sequence"]) for one in events] == [1, 2, 3]
    begin = datetime(2026, 11, 26, 1, tzinfo=UTC)
    assert (events[0]["dtstart"].dt, events[0]["dtend"].dt) == (begin, begin + timedelta(minutes=90))
    assert ("Tom" in texts[0], "Weber" in texts[0], "Plant 2" in texts[0]) == (True, False, True)
    assert "2026-11-27" in texts[2]


def test_only_whose_order_it_is_plans_it_and_a_promise_ends_with_it(office, tom):
    mine = order(office)
    said = ("service", "order", "plan", mine, "--technician", "tom", "--at", "2026-11-26T09:00")
    assert "belongs to somebody else" in office.crm(*said, user="liu", code=1).err
    office.crm(*said, user="sam")
    early = office.crm(*said, "--promise", "2026-11-25", user="sam", code=1)
    assert "the appointment is on 2026-11-26" in early.err
    office.crm("service", "order", "start", mine, user="tom")  # the technician's own, though sam planned it
    office.crm("service", "order", "cancel", mine, "--reason", "Wrong address", user="tom")
    deliver(office.app)
    [promise] = office.json("promise", "list", "--customer", office.customers[CLIENT], "--status", "all", user="sam")
    assert promise["status"] == "done"  # somebody came
    other = order(office)
    office.crm("service", "order", "plan", other, *said[4:], user="sam")
    office.crm("service", "order", "cancel", other, "--reason", "It runs again", user="sam")
    deliver(office.app)
    found = office.json("promise", "list", "--customer", office.customers[CLIENT], "--status", "all", user="sam")
    assert [one["status"] for one in found] == ["done", "cancelled"]


def test_free_time_is_what_calendar_appointments_and_meetings_leave(office, tom):
    day = date(2026, 11, 26)
    for at, minutes in (("08:00", 90), ("10:00", 60)):
        planned = order(office, "--place", "31.4,120.7")
        office.crm(
            "service", "order", "plan", planned, "--technician", "tom", "--at", f"{day}T{at}", "--minutes", minutes,
            user="sam",
        )  # fmt: skip

    def begins(minutes, on=day):
        with office.app.read(office.app.actor("mei")) as reader:
            base = Spot(latitude=31.3, longitude=120.6, name="base")
            return free(reader, {tom: ""}, on, timedelta(minutes=minutes), bases={tom: base})[tom]

    # the workspace works from 9 to 18 o'clock, eight hours earlier in UTC
    assert begins(30).starts_at == datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    assert begins(31).starts_at == datetime(2026, 11, 26, 3, tzinfo=UTC)
    assert begins(31).coming_from == Spot(latitude=31.4, longitude=120.7, name="31.4,120.7")
    assert begins(420).starts_at == datetime(2026, 11, 26, 3, tzinfo=UTC)
    assert begins(421).starts_at is None
    saturday = begins(30, date(2026, 11, 28))
    assert (saturday.works, saturday.starts_at) == (False, None)
    assert begins(30, date(2026, 11, 23)).starts_at is None  # that is over
    with office.at(office.clock.now, user="ann") as tx:
        tx.add(Absence(user_id=tom, starts_on=day, ends_on=day))
    assert (begins(30).away, begins(30).starts_at) == (True, None)


def test_a_workspace_keeps_more_of_an_order_and_its_calendar_counts(office, tom, tmp_path):
    file = tmp_path / "more.toml"
    file.write_text(
        '[field.service_work_order.gate]\ntype = "text"\n[calendar.week]\nzone = "Asia/Shanghai"\n'
        'hours = { mon-sat = "08:00-12:00" }\nholidays = ["2026-11-26"]\n'
    )
    office.crm("config", "apply", file, user="ann")
    mine = order(office, "--set", "gate=North 3")
    assert ask(office, "order", "edit", mine, "--set", "gate=South")["custom"] == {"gate": "South"}
    assert "South" in office.crm("service", "order", "show", mine, user="sam").out
    ask(office, "technician", "edit", "tom", "--calendar", "week", user="ann")
    ask(office, "technician", "skill", "tom", "Pumps=2", user="ann")
    said = ("technician", "find", "--skill", "Pumps", "--near", "31.3,121.6", "--on")
    holiday = ask(office, *said, "2026-11-26")["candidates"][0]
    assert holiday["against"] == ["does not work on that day", "95 km away, more than 50"]
    assert (
        ask(office, *said, "2026-11-28", "--within", "100")["candidates"][0]["starts_at"] == "2026-11-28T00:00:00+00:00"
    )
    missing = office.crm("service", "technician", "edit", "tom", "--base", "Atlantis", user="ann", code=1)
    assert "Nobody knows where “Atlantis” is" in missing.err


def test_distances_and_first_names():
    beijing, shanghai = Spot(latitude=39.9042, longitude=116.4074), Spot(latitude=31.2304, longitude=121.4737)
    assert km(beijing, shanghai) == pytest.approx(1067, abs=6)  # 1,067 km on the ellipsoid
    assert km(beijing, beijing) == 0
    assert km(Spot(latitude=0, longitude=-179.5), Spot(latitude=0, longitude=179.5)) == pytest.approx(111.2, abs=0.1)
    assert [first_name(one) for one in ("Tom Weber", "王小明", "李明", "欧阳娜娜", "", None)] == [
        "Tom", "小明", "明", "娜娜", "", ""
    ]  # fmt: skip


def test_a_list_of_many_costs_as_many_statements_as_one_of_few(office, tom, crm_statements):
    at = datetime(2026, 11, 2, tzinfo=UTC)
    with office.app.transaction(office.app.actor("ann"), cause="a test") as tx:
        ids = [tx.new_id() for _each in range(300)]
    office.insert(
        *(
            WorkOrder(id=key, subject="Repair", opened_at=at, due_at=at, customer_id=office.customers[n], status="new")
            for n, key in enumerate(ids)
        )
    )
    counts = []
    for limit in (3, 300):
        with office.app.read(office.app.actor("wang")) as reader, crm_statements(office.app) as asked:
            assert len(page(reader, Asked(late=True), limit=limit)) == limit
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 11
    following = ask(office, "order", "late", "--limit", "2", "--after", ids[0])
    assert [one["id"] for one in following] == ids[1:3]


def test_who_plans_the_same_technician_at_the_same_moment_waits_and_is_refused(office, tom):
    keys = [int(order(office)[1:]) for _each in range(2)]
    at, both, told = datetime(2026, 11, 26, 1, tzinfo=UTC), Barrier(2), []

    def book(key):
        both.wait()
        try:
            with office.app.transaction(office.app.actor("ann"), cause="a test") as tx:
                plan(tx, key, tom, at)
            told.append("planned")
        except InvalidInput as error:
            told.append(str(error))

    threads = [Thread(target=book, args=(key,)) for key in keys]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    told.sort()
    assert (told[0], told[1][:11]) == ("planned", "tom is at W"), told
