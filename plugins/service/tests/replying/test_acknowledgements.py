"""New tickets are acknowledged in the customer's language, machines are not; what answers by itself comes to an end."""

import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from crmcore_service.replying.acknowledging import unanswerable
from crmcore_service.tables import outgoing, post, ticket
from sqlalchemy import func, select, update

from crmcore.api import tables

RESPONDER = Path(__file__).parent / "responder.py"
ROUNDS = {"honest": 5, "thread": 5, "matter": 13}


class House:
    """An office with a mailbox that acknowledges."""

    def __init__(self, office, tmp_path, smtp):
        self.office, self.maildir, self.count = office, tmp_path / "mail", 0
        for name in ("tmp", "new", "cur"):
            (self.maildir / name).mkdir(parents=True)
        for name, value in (
            ("mail.smtp", smtp), ("service.from", "Support <support@huaxin.example>"), ("service.acknowledge", "yes"),
        ):  # fmt: skip
            office.crm("setting", "set", name, value, user="ann")
        office.crm("service", "mailbox", "add", "help", "--address", f"maildir:{self.maildir}", user="ann")

    def write(self, sender, subject, text, **headers):
        self.count += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "support@huaxin.example", subject
        mail["Message-ID"] = f"<{self.count}@firm.example>"
        mail["Date"] = "Tue, 24 Nov 2026 09:59:00 +0800"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        (self.maildir / "new" / f"{self.count}.test").write_bytes(mail.as_bytes())

    def work(self):
        self.office.clock.advance(minutes=1)
        self.office.crm("worker", "--once", user="ann")

    def counted(self, *conditions):
        with self.office.app.read() as reader:
            return reader.value(select(func.count()).select_from(outgoing).where(*conditions))


def test_who_wrote_is_told_the_number_and_when_we_answer_and_machines_are_told_nothing(office, mail_server, tmp_path):
    house = House(office, tmp_path, mail_server.url)
    key = tmp_path / "web.key"
    office.crm("web", "key", key, user="ann")
    office.crm("setting", "set", "web.url", "https://crm.huaxin.example", user="ann")
    level = ("service", "level", "add", "Gold", "--calendar", "always", "--target", "response=4h")
    office.crm(*level, user="ann")
    office.crm("setting", "set", "service.level", "Gold", user="ann")
    p = tables.contact_point.c
    with office.app.engine.begin() as connection:  # a bounced address is told nothing, and that is told
        connection.execute(update(tables.contact_point).where(p.value == "p6@firm6.example").values(status="bounced"))
    house.write("p0@firm0.example", "Pump", "It leaks.")
    house.write("p1@firm1.example", "水泵", "水泵漏水，请尽快处理。")
    house.write("p2@firm2.example", "Away", "I am away.", Auto_Submitted="auto-replied")
    house.write("p3@firm3.example", "Offer", "Read our news.", Precedence="bulk", List_Id="<news.example>")
    house.write("support@huaxin.example", "Us", "It is us.")
    house.write("p6@firm6.example", "Gasket", "It is torn.")
    house.work()
    house.work()
    mails = {one["envelope_to"]: one for one in mail_server.received()}
    assert mails.keys() - {"p6@firm6.example"} == {"p0@firm0.example", "p1@firm1.example"}
    english, chinese = mails["p0@firm0.example"], mails["p1@firm1.example"]
    (number,) = [
        one["number"] for one in office.json("service", "ticket", "list", user="sam") if one["subject"] == "Pump"
    ]
    assert english["Subject"] == f"Re: Pump [{number}]"
    assert english["In-Reply-To"] == "<1@firm.example>"
    assert (english["Auto-Submitted"], english["envelope_from"]) == ("auto-replied", "<>"), "it comes from nobody"
    text = english.get_content()
    assert f"Your request has the number {number}" in text
    assert "We answer by 2026-11-24 14:" in text or "We answer by 2026-11-24 13:59" in text
    assert "How it stands: https://crm.huaxin.example/s/" in text
    assert "来信已收到" in chinese.get_content()
    with office.app.read() as reader:
        said = reader.rows(
            select(post.c.automatic, ticket.c.responded_at)
            .join(ticket, ticket.c.id == post.c.ticket_id)
            .where(post.c.direction == "out")
        )
    assert {(row.automatic, row.responded_at) for row in said} == {(True, None)}, "the clock of our answer runs on"

    own = "We have it, {name}\nYour number is {number}."
    assert (
        "Nobody fills in nmber"
        in office.crm("setting", "set", "service.acknowledge_en", "We have it\n{nmber}", user="ann", code=1).err
    )
    office.crm("setting", "set", "service.acknowledge_en", own, user="ann")
    mail_server.forget()
    house.write("p4@firm4.example", "Motor", "It hums.")
    house.work()
    house.work()
    (mail,) = mail_server.received()
    assert mail["Subject"].startswith("We have it, ")
    assert "Your number is T" in mail.get_content()


@pytest.mark.parametrize("kind", ["honest", "thread", "matter"])
def test_a_machine_that_answers_everything_comes_to_an_end_and_is_told(office, tmp_path, kind):
    maildir = tmp_path / "mail"
    process = subprocess.Popen([sys.executable, str(RESPONDER), str(maildir), kind], stdout=subprocess.PIPE, text=True)
    try:
        house = House(office, tmp_path, f"smtp://127.0.0.1:{process.stdout.readline().strip()}")
        house.write("p0@firm0.example", "Pump", "It leaks.")
        counts = []
        for _round in range(ROUNDS[kind]):
            house.work()
            counts.append(house.counted(outgoing.c.status == "sent"))
    finally:
        process.kill()
        process.communicate()
    most = {"honest": 1, "thread": 1, "matter": 5}[kind]
    assert counts[-1] == counts[-4] == most, "it has come to an end"
    answers = len(list(maildir.rglob("*.machine*")))
    assert answers == most, "and the machine is silent, too"
    withheld = house.counted(outgoing.c.status == "withheld")
    told = [one for one in office.crm("doctor", "--json", user="ann").json if one["hook"] == "loop"]
    if kind == "matter":
        assert withheld == 1
        (line,) = told
        assert "1 automatic mails to p0@firm0.example were withheld" in line["message"]
        (held,) = office.json("service", "outgoing", "list", "--status", "withheld", user="sam")
        assert "is it a machine that answers?" in held["reason"]
    else:
        assert (withheld, told) == (0, [])
    if kind == "honest":
        listed = office.json("service", "inbox", "list", user="sam")
        assert [one["kind"] for one in listed] == ["automatic"]


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"Auto-Submitted": "auto-generated"}, "a@b.example"),
        ({"X-Autoreply": "yes"}, "a@b.example"),
        ({"Precedence": "bulk"}, "a@b.example"),
        ({"Precedence": "list"}, "a@b.example"),
        ({"List-Id": "<x.example>"}, "a@b.example"),
        ({"Return-Path": "<>"}, "a@b.example"),
        ({}, "mailer-daemon@b.example"),
        ({}, "no-reply@b.example"),
    ],
)
def test_what_no_machine_may_answer(headers, sender):
    assert unanswerable(headers, "Pump", sender)


def test_what_a_machine_may_answer():
    said = {"Auto-Submitted": "no", "X-Auto-Response-Suppress": "All", "Return-Path": "<a@b.example>", "size": 3}
    assert unanswerable(said, "Pump", "a@b.example") == ""
