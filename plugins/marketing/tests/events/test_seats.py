"""Seats: the line of those who wait, who moves up, answers from calendars, moving and calling off an event."""

from datetime import UTC, datetime, timedelta

import pytest
from crmcore_marketing.events.attending import attend, close
from crmcore_marketing.events.keeping import add, cancel, edit
from crmcore_marketing.events.people import registrations
from crmcore_marketing.events.reminding import remind
from crmcore_marketing.events.replying import replied
from crmcore_marketing.events.seats import register, unregister
from crmcore_marketing.events.views import page
from crmcore_marketing.model.campaign import Campaign
from crmcore_marketing.model.event import EventRegistration
from crmcore_marketing.tables import member, message, registration, touch
from icalendar import Calendar
from sqlalchemy import select

from crmcore.api import InvalidInput
from crmcore.settings.changing import change

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
STARTS = NOW + timedelta(days=10)


@pytest.fixture
def seminar(office):
    """An event of two seats in a campaign, and the address answers go to."""
    with office.at(NOW, user="ann") as tx:
        change(tx, "marketing.reply_to", "events@example.com")
        campaign = tx.add(Campaign(name="Road show", code="RS", owner_id=office.users["wang"]))
    with office.at(NOW) as tx:
        fields = {"name": "Pumps, live", "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=3), "capacity": 2}
        made = add(tx, {**fields, "place": "Hall 2", "campaign_id": campaign.id})
    return made


def states(office, event_id):
    r = registration.c
    with office.app.read() as reader:
        return {
            row.contact_id: row.status
            for row in reader.rows(select(r.contact_id, r.status).where(r.event_id == event_id))
        }


def messages(office, *kinds):
    m = message.c
    with office.app.read() as reader:
        wanted = select(m.contact_id, m.kind, m.status, m.details, m.purpose).where(m.kind.in_(kinds)).order_by(m.id)
        return reader.rows(wanted)


def test_beyond_the_capacity_people_wait_in_line_and_move_up(office, seminar):
    a, b, c, d, gone = *office.contacts[:4], 9_999_999_999
    with office.at(NOW) as tx:
        done = register(tx, seminar.id, [a, b, c, a, gone])
        assert (done.seated, done.waiting, done.unknown) == ((a, b), (c,), (gone,))
    with office.at(NOW + timedelta(hours=1)) as tx:
        done = register(tx, seminar.id, [a, d])
        assert (done.already, done.waiting, done.seated) == ((a,), (d,), ())
    said = [row.details["fields"]["event"]["number"] for row in messages(office, "waiting")]
    assert said == [1, 2]
    with office.at(NOW + timedelta(hours=2)) as tx:
        done = unregister(tx, seminar.id, [a, gone])
        assert (done.cancelled, done.moved_up, done.not_registered) == ((a,), (c,), (gone,))
    assert states(office, seminar.id) == {a: "cancelled", b: "registered", c: "registered", d: "waiting"}
    with office.app.read() as reader:
        m, t = member.c, touch.c
        stand = {row.contact_id: row.status for row in reader.rows(select(m.contact_id, m.status))}
        kinds = [tuple(row) for row in reader.rows(select(t.contact_id, t.kind, t.engaging).order_by(t.id))]
    assert stand == {a: "responded", b: "registered", c: "registered", d: "responded"}
    assert kinds == [(one, "registered", True) for one in (a, b, c, d)]
    confirmed = messages(office, "confirmation")
    assert [(row.contact_id, row.status, row.purpose) for row in confirmed] == [
        (a, "cancelled", "transactional"), (b, "queued", "transactional"), (c, "queued", "transactional"),
    ]  # fmt: skip
    with office.at(NOW + timedelta(hours=3)) as tx:
        assert edit(tx, seminar.id, {"capacity": 3}).moved_up == (d,)
    with office.at(NOW + timedelta(hours=4)) as tx:
        assert register(tx, seminar.id, [a]).waiting == (a,)  # at the end of the line


def test_the_invitation_is_what_calendars_read_and_its_answer_is_taken(office, seminar):
    a, b, c = office.contacts[:3]
    with office.at(NOW) as tx:
        register(tx, seminar.id, [a, b, c])
    row = messages(office, "confirmation")[0]
    calendar = Calendar.from_ical(row.details["calendar"])
    (meeting,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], row.details["calendar_method"]) == ("REQUEST", "REQUEST")
    assert calendar.walk("VTIMEZONE")
    assert meeting["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert meeting.decoded("DTSTART") == STARTS
    assert (meeting["UID"], meeting["SEQUENCE"]) == (seminar.uid, 0)
    assert (meeting["ATTENDEE"], meeting["ORGANIZER"]) == ("mailto:p0@firm0.example", "mailto:events@example.com")
    with office.at(NOW) as tx:
        assert replied(tx, seminar.uid, "nobody@example.com", "DECLINED") is None
        assert replied(tx, "other", "p0@firm0.example", "DECLINED") is None
        assert replied(tx, seminar.uid, "p1@firm1.example", "ACCEPTED")
        assert replied(tx, seminar.uid, "P0@Firm0.example", "declined")
    assert states(office, seminar.id) == {a: "cancelled", b: "registered", c: "registered"}
    assert not messages(office, "cancellation")  # who declined knows
    with office.at(NOW + timedelta(days=1)) as tx:
        done = edit(tx, seminar.id, {"place": "Hall 7"})
        assert done.told == 2
        assert edit(tx, seminar.id, {"note": "bring cables"}).told == 0
    (first, _second) = messages(office, "change")
    (meeting,) = Calendar.from_ical(first.details["calendar"]).walk("VEVENT")
    assert (meeting["UID"], meeting["SEQUENCE"], meeting["LOCATION"]) == (seminar.uid, 1, "Hall 7")
    with office.at(NOW + timedelta(days=2)) as tx:
        assert cancel(tx, seminar.id).told == 2
    told = Calendar.from_ical(messages(office, "cancellation")[0].details["calendar"])
    (meeting,) = told.walk("VEVENT")
    assert (told["METHOD"], meeting["STATUS"], meeting["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    with office.at(NOW + timedelta(days=2)) as tx, pytest.raises(InvalidInput, match="called off"):
        register(tx, seminar.id, [a])


def test_each_reminder_goes_once_to_who_had_a_seat_by_then(office, seminar):
    a, b, c = office.contacts[:3]
    with office.at(NOW) as tx:
        register(tx, seminar.id, [a])

    def run(before):
        with office.at(STARTS - before, user="ann") as tx:
            return remind(tx)

    assert run(timedelta(days=3, minutes=1)) == 0
    assert run(timedelta(days=3)) == 1
    assert run(timedelta(days=2, hours=23)) == 0
    with office.at(STARTS - timedelta(days=2)) as tx:
        register(tx, seminar.id, [b, c])  # c waits, and is reminded of nothing
    assert run(timedelta(days=1, hours=23)) == 0
    assert run(timedelta(hours=23)) == 2
    assert run(timedelta(minutes=5)) == 0
    assert run(-timedelta(minutes=5)) == 0
    assert [(row.contact_id, row.details["fields"]["event"]["days"]) for row in messages(office, "reminder")] == [
        (a, 3), (a, 1), (b, 1),
    ]  # fmt: skip


def test_a_reminder_that_was_missed_is_not_sent_beside_the_next(office, seminar):
    with office.at(NOW) as tx:
        register(tx, seminar.id, office.contacts[:1])
    with office.at(STARTS - timedelta(hours=20), user="ann") as tx:
        assert remind(tx) == 1
        assert remind(tx) == 0
    assert [row.details["fields"]["event"]["days"] for row in messages(office, "reminder")] == [1]


def test_who_came_and_who_stayed_away(office, seminar):
    a, b, c = office.contacts[:3]
    with office.at(NOW) as tx:
        register(tx, seminar.id, [a, b])
        with pytest.raises(InvalidInput, match="too early"):
            attend(tx, seminar.id, [a])
    with office.at(STARTS + timedelta(hours=1)) as tx:
        done = attend(tx, seminar.id, [a, c, a])
        assert (done.noted, done.walked_in) == ((a, c), (c,))
        assert close(tx, seminar.id) == (b,)
    assert states(office, seminar.id) == {a: "attended", b: "no_show", c: "attended"}
    with office.at(STARTS + timedelta(days=1)) as tx:
        assert attend(tx, seminar.id, [a, b]).noted == (b,)  # the list of the door came late
        assert [one.attended_at for one in tx.load(EventRegistration, registration.c.contact_id == b)] == [
            STARTS + timedelta(hours=3)
        ]
    with office.app.read() as reader:
        m = member.c
        assert {row.status for row in reader.rows(select(m.status))} == {"attended"}
        with pytest.raises(InvalidInput, match="is over"), office.at(STARTS + timedelta(days=1)) as tx:
            register(tx, seminar.id, [office.contacts[5]])


def test_many_cost_as_many_statements_as_few(office, seminar, crm_statements):
    with office.at(NOW) as tx:
        edit(tx, seminar.id, {"capacity": 1000})
    counts = {}
    for few, people in ((True, office.contacts[:3]), (False, office.contacts[3:303])):
        with crm_statements(office.app) as registering, office.at(NOW) as tx:
            register(tx, seminar.id, people)
        with crm_statements(office.app) as reminding, office.at(STARTS - timedelta(days=3 if few else 1)) as tx:
            remind(tx)
        with crm_statements(office.app) as listing, office.app.read(office.app.actor("wang")) as reader:
            page(reader, limit=10)
            registrations(reader, limit=1000, event_id=seminar.id)
        with crm_statements(office.app) as noting, office.at(STARTS) as tx:
            attend(tx, seminar.id, people)
        counts[few] = [len(each) for each in (registering, reminding, listing, noting)]
    few, many = counts[True], counts[False]
    assert all(more <= less + 6 for less, more in zip(few, many, strict=True)), counts  # ids come in portions
    assert max(many) <= 40, counts
