"""What becomes of answers: threaded, asked about, tried again, settled; to a real server of mail."""

from datetime import timedelta

import pytest
from crmcore_service.model.queue import TicketQueue
from crmcore_service.model.ticket import Ticket
from crmcore_service.replying.queueing import reply
from crmcore_service.tables import outgoing, post, ticket
from crmcore_service.tickets.receiving import Request, receive
from sqlalchemy import select, update

from crmcore.api import Consent, ContactPoint, Preference, run_job, tables
from crmcore.testing.statements import Statements

OUTLOOK = (
    "SN6PR12MB2637B4C1D2E3F4A5B6C7D8E9F0A1B2C3D4E5F6@SN6PR12MB26371234567890123456789.namprd12.prod.outlook.example"
)


def read(mail):
    return mail.get_content().replace("\r\n", "\n")


class Desk:
    """An office whose tickets are answered by mail."""

    def __init__(self, office, server):
        self.office, self.server = office, server
        for name, value in (("mail.smtp", server.url), ("service.from", "Support <support@huaxin.example>")):
            office.crm("setting", "set", name, value, user="ann")

    def crm(self, *said, **more):
        return self.office.crm("service", *said, **{"user": "sam", **more})

    def json(self, *said):
        return self.crm(*said, "--json").json

    def send(self):
        return run_job(self.office.app, "service", "replies", seconds=20)

    def came(self, place=0, *, channel="email", text="The pump leaks.", subject="Pump", **more):
        """Let a contact write, as the intake of mail does it; return the ticket."""
        person = self.office.contacts[place] if isinstance(place, int) else place
        with self.office.app.transaction(cause="a test") as tx:
            message_id = more.pop("message_id", "")
            external = {"external_id": message_id, "message_id": message_id} if message_id else {}
            done = receive(
                tx,
                Request(
                    channel=channel, at=more.pop("at", tx.now), text=text, subject=subject, contact_id=person,
                    **external, **more,
                ),
            )  # fmt: skip
        return done.ticket_id

    def address(self, place, value, status=""):
        """Let a contact have this address alone."""
        p = tables.contact_point
        with self.office.app.engine.begin() as connection:
            mine = (p.c.contact_id == self.office.contacts[place], p.c.kind == "email")
            connection.execute(update(p).where(*mine).values(value=value, normal=value.lower(), status=status))

    def answered(self, ticket_id, *said):
        return self.json("ticket", "reply", f"T{ticket_id}", *(said or ("We are on it.",)))

    def states(self):
        c = outgoing.c
        with self.office.app.read() as reader:
            return {row.id: (row.status, row.reason) for row in reader.rows(select(c.id, c.status, c.reason))}

    def rows(self, statement):
        with self.office.app.read() as reader:
            return reader.rows(statement)


@pytest.fixture
def desk(office, mail_server):
    return Desk(office, mail_server)


def test_an_answer_is_in_the_thread_of_what_the_customer_wrote(desk):
    office = desk.office
    office.clock.set("2026-11-24T10:00+08:00")
    first = desk.came(
        message_id=OUTLOOK, text="Our pump\nleaks since Monday.", details={"references": ["a@old.example", "not one"]}
    )
    office.clock.set("2026-11-24T10:12+08:00")
    told = desk.answered(first, "Dear customer,\n\nplease close valve {3}.", "--wait")
    assert (told["status"], told["ticket"], told["kind"]) == ("queued", f"T{first}", "reply")
    assert desk.rows(select(post.c.id).where(post.c.direction == "out")) == [], "nothing was said before it left"
    assert f"mail {told['id']}: queued" in desk.crm("ticket", "show", f"T{first}").out
    office.clock.set("2026-11-24T10:20+08:00")
    desk.send()
    (mail,) = desk.server.received()
    assert mail["From"] == "Support <support@huaxin.example>"
    assert mail["envelope_from"] == "support@huaxin.example"
    assert mail["Subject"] == f"Re: Pump [T{first}]"
    assert mail["In-Reply-To"] == f"<{OUTLOOK}>", "a name too long for a line is written as it is"
    assert mail["References"].split() == ["<a@old.example>", f"<{OUTLOOK}>"]
    assert mail["Message-ID"].startswith("<crm-")
    assert mail["Auto-Submitted"] is None, "a person wrote it"
    text = read(mail)
    assert text.startswith("Dear customer,\n\nplease close valve {3}.\n\n"), "what a person writes stays as it is"
    assert "On 2026-11-24 10:00, " in text, "in the language he wrote"
    assert "> Our pump\n> leaks since Monday." in text

    (said,) = desk.rows(select(post.c.message_id, post.c.interaction_id, post.c.at).where(post.c.direction == "out"))
    assert f"<{said.message_id}>" == mail["Message-ID"]
    shown = desk.json("ticket", "show", f"T{first}")
    assert shown["status"] == "waiting"
    card, name = desk.crm("ticket", "show", f"T{first}").out, shown["contact"]["name"]
    assert (f"sam → {name}" in card, f"sam ← {name}" in card, f"mail {told['id']}" in card) == (True, False, False)
    (row,) = desk.rows(select(ticket.c.responded_at).where(ticket.c.id == first))
    assert row.responded_at == office.clock.now, "the clock of the first answer ends when it leaves"
    i = tables.interaction.c
    (kept,) = desk.rows(select(i.body, i.quoted, i.direction, i.user_id, i.thread).where(i.id == said.interaction_id))
    assert (kept.direction, kept.user_id, kept.thread) == ("out", office.users["sam"], "a@old.example")
    assert kept.body == "Dear customer,\n\nplease close valve {3}."

    second = desk.came(text="Closed. Thank you, but it still drips.", message_id="2@firm0.example", ticket_id=first)
    assert second == first
    desk.answered(first, "A technician comes.", "--no-quote")
    desk.send()
    again = desk.server.received()[1]
    assert again["In-Reply-To"] == "<2@firm0.example>"
    assert again["References"].split()[-3:] == [f"<{OUTLOOK}>", mail["Message-ID"], "<2@firm0.example>"]
    assert read(again) == "A technician comes.\n"


def test_each_answer_is_accounted_for_and_a_person_settles_what_nobody_knows(desk):
    for place, value in enumerate(("good", "nobody", "full", "vanish")):
        desk.address(place, f"{value}@firm{place}.example")
    desk.address(4, "gone@firm4.example", status="bounced")
    desk.address(5, "support@huaxin.example")
    tickets = [desk.came(place, subject=f"Matter {place}") for place in range(6)]
    ids = [desk.answered(one)["id"] for one in tickets]
    said = desk.crm("ticket", "reply", f"T{tickets[4]}", "Hello").err
    assert "nothing is sent, the address gone@firm4.example is bounced" in said
    desk.send()
    states = desk.states()
    assert [states[one] for one in ids[:3]] == [
        ("sent", ""), ("failed", "550 5.1.1 no such mailbox"), ("deferred", "452 4.2.2 mailbox full"),
    ]  # fmt: skip
    assert states[ids[3]][0] == "unknown"
    assert states[ids[5]] == ("skipped", "support@huaxin.example is our own")
    k = tables.task.c
    told = {row.subject: row.owner_id for row in desk.rows(select(k.subject, k.owner_id))}
    sam = desk.office.users["sam"]
    assert told == {
        f"T{tickets[1]}: the mail to nobody@firm1.example cannot be delivered": sam,
        f"T{tickets[3]}: nobody knows whether the mail to vanish@firm3.example arrived": sam,
    }
    doctor = desk.office.crm("doctor", "--json", user="ann").json
    (line,) = [one for one in doctor if one["hook"] == "outgoing"]
    assert (line["plugin"], line["severity"]) == ("service", "warning")
    assert f"mail {ids[3]} may have arrived at vanish@firm3.example or not" in line["message"]
    assert [one["id"] for one in desk.json("outgoing", "list", "--status", "unknown")] == [ids[3]]

    desk.send()
    assert desk.server.recipients().count("vanish@firm3.example") == 1, "never sent again by itself"
    desk.crm("outgoing", "settle", ids[3], "--sent")
    (row,) = desk.rows(select(post.c.automatic).where(post.c.ticket_id == tickets[3], post.c.direction == "out"))
    assert row.automatic is False
    assert "there is nothing to settle" in desk.crm("outgoing", "settle", ids[0], "--again", code=1).err
    assert "cannot leave" in desk.crm("outgoing", "retry", ids[5], code=1).err
    desk.address(1, "better@firm1.example")
    desk.crm("outgoing", "retry", ids[1])
    desk.office.clock.advance(minutes=6)
    desk.address(2, "empty@firm2.example")
    desk.crm("outgoing", "cancel", ids[2])
    desk.send()
    assert desk.server.recipients()[-1] == "better@firm1.example"
    assert {one["status"]: one["count"] for one in desk.json("outgoing", "status")} == {
        "sent": 3, "skipped": 3, "cancelled": 1,
    }  # fmt: skip


def test_policy_is_asked_and_the_person_is_answered_where_he_wrote_from(desk):
    office = desk.office
    quiet, denied, other, asked = 0, 1, 2, 3
    with office.app.transaction(office.app.actor("ann")) as tx:
        now = tx.now - timedelta(minutes=1)
        tx.add(
            Preference(
                contact_id=office.contacts[quiet], kind="quiet_hours", allow=False, starts="09:00", ends="11:00",
                text="not in the morning",
            )
        )  # fmt: skip
        for place in (denied, asked):
            for purpose in ("*", "service"):
                tx.add(
                    Consent(
                        contact_id=office.contacts[place], state="denied", channel="email", purpose=purpose, at=now,
                        evidence="a reply",
                    )
                )  # fmt: skip
        home = {"kind": "email", "value": "Home@me.example", "normal": "home@me.example"}
        tx.add(ContactPoint(contact_id=office.contacts[other], **home))
    tickets = {place: desk.came(place) for place in (quiet, other, asked)}
    with office.app.transaction(cause="a test") as tx:
        tickets[denied] = tx.add(Ticket(subject="Recall", opened_at=tx.now, contact_id=office.contacts[denied])).id
    i = select(post.c.interaction_id).where(post.c.ticket_id == tickets[other]).scalar_subquery()
    with office.app.engine.begin() as connection:
        came = update(tables.participant).where(tables.participant.c.interaction_id == i)
        assert connection.execute(came.values(address="home@me.example", role="from")).rowcount == 1
    ids = {place: desk.answered(one)["id"] for place, one in tickets.items()}
    desk.send()
    states = desk.states()
    assert states[ids[quiet]][0] == "deferred"
    assert "asked for quiet at 10:00" in states[ids[quiet]][1]
    assert states[ids[asked]][0] == "sent", "who asks gets an answer, whatever he opted out of"
    assert desk.server.recipients() == ["Home@me.example", f"p{asked}@firm{asked}.example"]
    office.clock.set("2026-11-24T11:00+08:00")
    desk.send()
    assert desk.states()[ids[quiet]][0] == "sent"


def test_automatic_mail_is_filled_in_and_an_appointment_goes_along(desk):
    office = desk.office
    key = desk.came(2, subject="Motor")
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    with office.app.transaction(cause="a test") as tx:
        assert reply(tx, key, "How was {what}, {name}? {nothing}", kind="survey", fields={"what": "it"})
        assert reply(
            tx, key, "We come.", subject="Visit", kind="appointment", fields={"calendar": calendar, "method": "REQUEST"}
        )
        assert reply(tx, None, "We come.", subject="Visit", kind="appointment", to=office.contacts[3])
    desk.send()
    survey, visit, other = desk.server.received()
    (name,) = desk.rows(select(tables.contact.c.name).where(tables.contact.c.id == office.contacts[2]))
    assert f"How was it, {name.name}? {{nothing}}" in read(survey)
    assert (survey["Auto-Submitted"], survey["X-Auto-Response-Suppress"]) == (
        "auto-generated", "OOF, AutoReply, DR, RN, NRN",
    )  # fmt: skip
    types = {part.get_content_type(): part for part in visit.walk()}
    assert types["text/calendar"].get_param("method") == "REQUEST"
    assert types["application/ics"].get_filename() == "appointment.ics"
    assert (visit["Subject"], other["Subject"]) == (f"Visit [T{key}]", "Visit")
    (row,) = desk.rows(select(ticket.c.responded_at).where(ticket.c.id == key))
    assert row.responded_at is None, "what a machine writes is no answer"
    office.crm("setting", "unset", "service.from", user="ann")
    with office.app.transaction(cause="a test") as tx:
        assert reply(tx, key, "How was it?", kind="survey") is None
    assert "Nobody is named" in desk.crm("ticket", "reply", f"T{key}", "Hello", code=1).err
    office.insert(TicketQueue(name="Pumps", address="not an address"))
    office.crm("setting", "set", "service.acknowledge", "yes", user="ann")
    told = [one for one in office.crm("doctor", "--json", user="ann", code=1).json if one["hook"] == "sender"]
    assert [one["severity"] for one in told] == ["error", "warning"]
    assert "no mail can be from the queue Pumps: “not an address” is no e-mail address" in told[0]["message"]


def test_an_answer_comes_from_a_file_or_from_what_helped_before_and_only_from_whom_it_may(desk, tmp_path):
    office = desk.office
    earlier, later, third = (desk.came(place, subject=f"Matter {place}") for place in range(3))
    office.clock.advance(minutes=1)
    file = tmp_path / "answer.txt"
    file.write_text("请关闭阀门。\n", encoding="utf-8")
    told = desk.answered(earlier, "--file", file, "--resolve", "Close the valve.", "--cause", "worn valve")
    assert (told["text"], told["status"]) == ("请关闭阀门。\n", "queued")
    assert desk.json("ticket", "show", f"T{earlier}")["status"] == "resolved"
    again = desk.answered(later, "--from-answer", f"T{earlier}", "--subject", "Valve")
    assert (again["text"], again["subject"]) == ("Close the valve.", f"Valve [T{later}]")
    assert "Nobody wrote down" in desk.crm("ticket", "reply", f"T{third}", "--from-answer", f"T{later}", code=1).err
    assert "Say what to answer" in desk.crm("ticket", "reply", f"T{third}", code=1).err
    both = ("ticket", "reply", f"T{third}", "Hello", "--wait", "--resolve", "Well")
    assert "not both" in desk.crm(*both, code=1).err
    desk.crm("ticket", "assign", f"T{third}", "--to", "sam")
    refused = desk.crm("ticket", "reply", f"T{third}", "Hello", user="liu", code=1)
    assert "belongs to somebody else" in refused.err
    assert desk.json("outgoing", "list", "--ticket", f"T{third}") == []
    shown = desk.crm("outgoing", "show", again["id"])
    assert "Close the valve." in shown.out
    listed = desk.crm("outgoing", "list", COLUMNS="80").out
    assert max(map(len, listed.splitlines())) <= 80
    j = tables.journal.c
    wrote = [row.actor for row in desk.rows(select(j.actor).where(j.subject_id == later, j.type.contains("changed")))]
    assert "sam" in wrote, "the journal has who answered"
    office.clock.set("2026-11-24T11:00+08:00")
    desk.send()
    assert [mail.get_content_charset() for mail in desk.server.received()] == ["utf-8", "utf-8"]


def test_what_a_mail_costs_and_that_looking_is_one_statement_by_its_index(desk):
    def counted(work):
        with Statements(desk.office.app) as statements:
            work()
        return [one for one in statements if not one.startswith(("PRAGMA", "SAVEPOINT", "RELEASE"))]

    def send():
        return run_job(desk.office.app, "service", "replies", seconds=20)

    send()
    looked = [one for one in counted(send) if "service_outgoing" in one]
    assert len(looked) == 1
    assert "IN ('queued', 'deferred', 'sending')" in looked[0], "as the index has it; a parameter would not meet it"
    keys = [desk.came(place, message_id=f"{place}@firm{place}.example") for place in range(3)]

    def queue(*some):
        with desk.office.app.transaction(desk.office.app.actor("sam"), cause="a test") as tx:
            for one in some:
                reply(tx, one, "Hello")

    first = len(counted(lambda: queue(keys[0])))
    second = len(counted(lambda: queue(*keys[1:])))
    three = len(counted(send))
    for one in keys[:1]:
        queue(one)
    single = len(counted(send))
    a_mail = (three - single) / 2
    assert len(desk.server.received()) == 4
    assert second - first <= 16, "queueing one more"
    assert a_mail <= 40, "sending one more"
