"""What becomes of messages: asked about, waited with, tried again, settled, paced; in a small workspace."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from crmcore_marketing.sending.queueing import Letter, cancel_waiting, queue_messages
from crmcore_marketing.tables import message
from crmcore_marketing.web.messages import follow
from sqlalchemy import select, update

from crmcore.api import Consent, ContactPoint, Interaction, Preference, run_job, tables
from crmcore.delivery import jobs

TEXT = "Dear {{ contact.name }}, read https://huaxin.example/a. {{ unsubscribe_url }}"


class Small:
    """A small workspace that sends."""

    def __init__(self, app, run, make_contact, clock, server):
        self.app, self.run, self.make_contact, self.clock, self.server = app, run, make_contact, clock, server
        for name, value in (
            ("mail.smtp", server.url),
            ("marketing.from", "news@huaxin.example"),
            ("marketing.rate", 1_000_000),
        ):
            run("setting", "set", name, value)

    def marketing(self, *said, **more):
        return self.run("marketing", *said, **more)

    def send(self):
        return run_job(self.app, "marketing", "send", seconds=20)

    def write(self):
        return self.app.transaction(self.app.actor("ann"))

    def people(self, *addresses):
        return [self.make_contact(email=one).id for one in addresses]

    def queue(self, *people, **said):
        given = {"subject": "Hello", "text": "Hello {{ contact.name }}", **said}
        with self.write() as tx:
            return queue_messages(tx, [Letter(contact_id=one, **given) for one in people])

    def states(self):
        c = message.c
        with self.app.read() as reader:
            return {row.id: (row.status, row.reason) for row in reader.rows(select(c.id, c.status, c.reason))}

    def mailing(self, people, *options, text=TEXT):
        if not self.run("marketing", "campaign", "list", "--json").json:
            self.marketing("campaign", "add", "Lecture", "--code", "L")
            self.marketing("template", "add", "t", "--subject", "Lecture", "--text", text)
        self.marketing("member", "add", *people, "--campaign", "L")
        add = ("mailing", "add", "M", "--template", "t", "--campaign", "L", "--json", *options)
        return self.marketing(*add).json["id"]

    def shown(self, mailing):
        return self.marketing("mailing", "show", mailing, "--json").json


@pytest.fixture
def small(crm_app, crm_run, make_contact, crm_clock, mail_server):
    return Small(crm_app("marketing"), crm_run, make_contact, crm_clock, mail_server)


def test_each_message_is_answered_for_and_a_person_settles_what_nobody_knows(small):
    good, refused, full, vanished = small.people(
        "li@a.example", "nobody@a.example", "full@a.example", "vanish@a.example"
    )
    (without,) = small.people("")
    strange = small.make_contact().id
    with small.write() as tx:
        tx.add(ContactPoint(contact_id=strange, kind="email", value="not an address"))
    ids = small.queue(good, refused, full, vanished, without, strange)
    assert small.states()[ids[4]] == ("skipped", "no e-mail address")
    small.send()
    states = small.states()
    assert [states[one] for one in ids[:3]] == [
        ("sent", ""), ("failed", "550 5.1.1 no such mailbox"), ("deferred", "452 4.2.2 mailbox full"),
    ]  # fmt: skip
    assert states[ids[3]][0] == "unknown"
    assert states[ids[5]] == ("skipped", "“not an address” is no e-mail address.")
    mail = small.server.received()[0]
    with small.app.read() as reader:
        token = reader.value(select(message.c.token).where(message.c.id == ids[0]))
    assert mail["envelope_from"] == f"bounce+{token}@huaxin.example"
    assert mail["Message-ID"] == f"<crm-{token}@huaxin.example>"

    # One that was put off is tried again later and later; one that is unknown is not.
    for minutes in (5, 15, 45):
        small.clock.advance(minutes=minutes, seconds=-1)
        small.send()
        assert small.states()[ids[2]][0] == "deferred"
        small.clock.advance(seconds=1)
        small.send()
    (shown,) = small.marketing("message", "list", "--status", "deferred", "--json").json
    assert (shown["id"], shown["attempts"]) == (ids[2], 4)
    assert small.server.recipients().count("vanish@a.example") == 1
    figures = small.run("quality", "--json").json["figures"]
    (wanting,) = [one for one in figures if "nobody knows" in one["title"]]
    assert (wanting["total"], wanting["bad"]) == (2, 1)
    said = small.marketing("message", "settle", ids[0], "--again", code=1).err
    assert f"Message {ids[0]} is sent; there is nothing to settle." in said
    small.marketing("message", "settle", ids[3], "--sent")
    assert small.states()[ids[3]] == ("sent", "said to have arrived")
    small.marketing("message", "settle", ids[1], "--again")
    assert small.states()[ids[1]][0] == "queued"
    with small.app.read() as reader:
        found = reader.rows(select(tables.interaction.c.contact_id, tables.interaction.c.direction))
    assert sorted((row.contact_id, row.direction) for row in found) == sorted([(good, "out"), (vanished, "out")])
    with small.write() as tx:
        assert cancel_waiting(tx, message.c.id.in_(ids)) == 2


def test_a_server_that_is_gone_costs_no_message_an_attempt(small):
    ids = small.queue(*small.people("li@a.example"))
    small.run("setting", "set", "mail.smtp", "smtp://127.0.0.1:1")
    assert jobs.work(small.app, seconds=5).failed == 1
    assert small.states()[ids[0]][0] == "queued"
    doctor = small.run("doctor", "--json", code=1).json
    said = [one["message"] for one in doctor if one["plugin"] == "marketing"]
    assert any("The mail server 127.0.0.1:1 takes nothing" in one for one in said)
    small.run("setting", "set", "mail.smtp", small.server.url)
    small.clock.advance(seconds=5)
    assert jobs.work(small.app, seconds=5).failed == 0
    assert small.states()[ids[0]][0] == "sent"


def test_who_is_not_to_be_reached_now_is_waited_for_or_left_out(small):
    quiet, often, short = small.people("quiet@a.example", "often@a.example", "short@a.example")
    small.run("setting", "set", "marketing.cap", "2")
    with small.write() as tx:
        tx.add(
            Preference(kind="quiet_hours", contact_id=quiet, starts="09:00", ends="11:30", allow=False, text="not now")
        )
        for contact, days in ((often, 1), (often, 3), (short, 6.5), (short, 5)):
            at = tx.now - timedelta(days=days)
            tx.add(Interaction(channel="call", direction="out", contact_id=contact, at=at))
    mailing = small.mailing([quiet, often, short])
    before = small.marketing("mailing", "queue", mailing, "--dry-run", "--json").json
    assert (before["queued"], before["objected"]) == (3, 3)
    assert before["reasons"] == {"reached 2 times in 7 days": 2, "asked for quiet at 10:00: “not now”": 1}
    small.marketing("mailing", "queue", mailing)
    small.send()
    shown = small.shown(mailing)
    assert shown["counts"] == {"deferred": 2, "skipped": 1}
    assert shown["status"] == "queued"
    (left,) = small.marketing("message", "list", "--status", "skipped", "--json").json
    assert (left["contact_id"], left["reason"]) == (often, "reached 2 times in 7 days")
    small.clock.advance(hours=1, minutes=31)
    small.send()
    assert small.server.recipients() == ["quiet@a.example"]
    small.clock.advance(hours=11)
    small.send()
    assert small.server.recipients() == ["quiet@a.example", "short@a.example"]
    assert small.shown(mailing)["status"] == "queued"
    small.send()
    assert (small.shown(mailing)["status"], small.shown(mailing)["counts"]) == ("sent", {"sent": 2, "skipped": 1})


def test_a_mailing_is_paused_paced_and_cancelled(small):
    people = small.people(*[f"p{n}@a.example" for n in range(8)], "P0@A.example")
    mailing = small.mailing(people, "--starts", "2026-11-24T11:00", "--rate", 300)
    done = small.marketing("mailing", "queue", mailing, "--json").json
    assert (done["queued"], done["skipped"]) == (8, 1)
    assert done["left_out"][0]["reason"] == f"contact {people[0]} has the same address"
    again = small.marketing("mailing", "queue", mailing, "--again", "--json").json
    assert (again["queued"], again["already"], again["skipped"]) == (0, 9, 1)
    small.send()
    assert small.server.recipients() == [], "it has not begun"
    small.clock.set("2026-11-24T11:00+08:00")
    small.marketing("mailing", "pause", mailing)
    small.send()
    assert small.server.recipients() == []
    small.marketing("mailing", "resume", mailing)
    begun = time.monotonic()
    run_job(small.app, "marketing", "send", seconds=60, stop=lambda: len(small.server.recipients()) >= 5)
    took = time.monotonic() - begun
    assert took >= 4 * 0.2, "five in a minute's 300: four times a fifth of a second lies between"
    assert "2 messages do not leave" not in small.marketing("mailing", "cancel", mailing).err
    assert small.shown(mailing)["counts"] == {"sent": 5, "skipped": 1, "cancelled": 3}
    small.send()
    assert len(small.server.recipients()) == 5
    assert "is cancelled" in small.marketing("mailing", "queue", mailing, code=1).err


def test_only_who_agreed_is_followed_by_links_of_ours(small):
    agrees, said_nothing = small.people("yes@a.example", "no@a.example")
    small.run("setting", "set", "web.url", "https://crm.huaxin.example")
    with small.write() as tx:
        tx.add(Consent(contact_id=agrees, state="granted", channel="email", purpose="marketing", at=tx.now))
    mailing = small.mailing([agrees, said_nothing])
    small.marketing("mailing", "queue", mailing)
    small.send()
    texts = {mail["envelope_to"]: mail for mail in small.server.received()}
    plain = texts["no@a.example"].get_content()
    assert "read https://huaxin.example/a." in plain
    followed = texts["yes@a.example"].get_content()
    token = texts["yes@a.example"]["Message-ID"].removeprefix("<crm-").partition("@")[0]
    assert f"read https://crm.huaxin.example/c/{token}/0." in followed
    assert f"https://crm.huaxin.example/u/{token}" in followed, "unsubscribing is no link that is followed"
    assert texts["yes@a.example"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with small.write() as tx:
        assert follow(tx, token, 0) == "https://huaxin.example/a"
        assert follow(tx, token, 1) is None
    with small.app.read() as reader:
        body = reader.value(select(tables.interaction.c.body).where(tables.interaction.c.contact_id == agrees))
    assert "https://huaxin.example/a" in body, "colleagues see what was said"


def test_a_template_is_checked_and_tried_before_it_leaves(small):
    wang, li = (
        small.make_contact("王芳", email="wang@a.example").id,
        small.make_contact("Li", given="", email="li@a.example").id,
    )
    (nowhere,) = small.people("")
    add = ("template", "add", "greeting", "--subject", "Hello", "--text")
    assert "contact has no “nme”" in small.marketing(*add, "{{ contact.nme }}", code=1).err
    small.marketing(*add, "Dear {{ contact.given }} of {{ customer.name or 'yours' }}")
    assert (
        "There is a template “GREETING” already."
        in small.marketing("template", "add", "GREETING", "--subject", "x", "--text", "y", code=1).err
    )
    shown = small.marketing("template", "preview", "greeting", wang)
    assert "Dear 芳 of yours" in shown.out
    told = small.marketing("template", "check", "greeting", wang, li, nowhere, "--json").json
    assert told["asked"] == 3
    assert {one["contact_id"]: one["reason"] for one in told["lacking"]} == {
        li: "not known: contact.given", nowhere: "no e-mail address",
    }  # fmt: skip
    small.marketing("campaign", "add", "X", "--code", "X")
    small.marketing("member", "add", wang, "--campaign", "X")
    mailing = small.marketing("mailing", "add", "M", "--template", "greeting", "--campaign", "X", "--json").json["id"]
    said = small.marketing("mailing", "queue", mailing, code=1).err
    assert "does not say how to hear no more from us; write {{ unsubscribe_url }} into its text" in said
    small.marketing("template", "edit", "greeting", "--text", "Dear {{ contact.given }}. {{ unsubscribe_url }}")
    small.marketing("mailing", "queue", mailing)
    small.marketing("template", "edit", "greeting", "--subject", "Good day, {{ contact.family }}")
    small.send()
    assert small.server.received()[0]["Subject"] == "Good day, 王"


def test_the_core_answers_who_else_sends(small):
    ids = small.queue(*small.people("li@a.example"))
    with small.app.engine.begin() as connection:  # on another machine, by its own clock: a moment ago, and long ago
        values = {"status": "sending", "worker": "elsewhere:7", "taken_at": datetime.now(UTC)}
        connection.execute(update(message).where(message.c.id == ids[0]).values(**values))
    small.send()
    assert small.states()[ids[0]][0] == "sending"
    with small.app.engine.begin() as connection:
        connection.execute(update(message).values(taken_at=datetime.now(UTC) - timedelta(days=30)))
    small.send()
    assert small.states()[ids[0]][0] == "unknown"
    assert small.server.recipients() == []


def test_a_brochure_goes_to_an_audience_and_to_nobody_twice(small):
    wang, _li, nobody = small.people("wang@a.example", "li@a.example", "nobody@a.example")
    small.marketing("audience", "add", "all", "contact.has_email")
    small.marketing("material", "add", "B", "--name", "Pumps 2026")
    small.marketing("template", "add", "t", "--subject", "{{ material.name }}", "--text", "{{ unsubscribe_url }}")
    add = ("mailing", "add", "Brochure", "--template", "t", "--audience", "all", "--material", "B", "--json")
    first = small.marketing(*add).json["id"]
    assert small.marketing("mailing", "queue", first, "--json").json["queued"] == 3
    small.send()
    assert sorted(mail["Subject"] for mail in small.server.received()) == ["Pumps 2026", "Pumps 2026"]
    (shown,) = small.marketing("material", "list", "--json").json
    assert (shown["people"], shown["given"]) == (2, 2), "who was refused has not got it"
    small.clock.advance(days=20)
    second = small.marketing(*add).json["id"]
    before = small.marketing("mailing", "queue", second, "--json").json
    assert (before["queued"], before["objected"]) == (3, 2)
    small.send()
    assert small.shown(second)["counts"] == {"skipped": 2, "failed": 1}
    found = small.marketing("message", "list", "--contact", wang, "--status", "skipped", "--json").json
    assert found[0]["reason"] == "got B on 2026-11-24 from ann"
    assert nobody not in [one["contact_id"] for one in found]
