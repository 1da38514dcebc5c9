"""A mailbox read: real bounces and replies tied to the messages they are about, and all that follows, once."""

import mailbox
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from crmcore_marketing.campaigns.members import join
from crmcore_marketing.events.keeping import add
from crmcore_marketing.events.seats import register
from crmcore_marketing.inbox.reading import read
from crmcore_marketing.model.campaign import Campaign
from crmcore_marketing.tables import member, message, received, registration
from icalendar import Calendar
from sqlalchemy import insert, select

from crmcore.api import tables
from crmcore.mail import mailbox_at

TEXT = "Dear {{ contact.name }},\n\nour lecture is on Friday.\n\nNo more of these: {{ unsubscribe_url }}\n"
SUBJECT = "Lecture on valves"


def address(place):
    return f"p{place}@firm{place % 2000}.example"


@pytest.fixture
def sent(office, mail_server):
    """A mailing to the first fifteen contacts; their mails by address, as the server got them."""
    for name, value in (
        ("mail.smtp", mail_server.url), ("marketing.from", "华信 <news@huaxin.example>"), ("marketing.rate", 100_000),
        ("web.url", "https://m.huaxin.example"), ("marketing.bounce", "bounce@mail.huaxin.example"),
    ):  # fmt: skip
        office.crm("setting", "set", name, value, user="ann")
    crm = lambda *said: office.crm("marketing", *said, user="mei")  # noqa: E731
    crm("campaign", "add", "Lecture", "--code", "L", "--status", "active")
    crm("member", "add", *office.contacts[:15], "--campaign", "L")
    crm("template", "add", "lecture", "--subject", SUBJECT, "--text", TEXT)
    crm("mailing", "add", "Invitation", "--template", "lecture", "--campaign", "L")
    crm("mailing", "queue", "Invitation")
    office.crm("worker", "--once", user="ann")
    found = {one["envelope_to"]: one for one in mail_server.received()}
    assert len(found) == 15
    return found


def written(
    place,
    sent,
    *,
    body,
    subject=f"Re: {SUBJECT}",
    sender="",
    to="news@huaxin.example",
    answers=True,
    date="Tue, 24 Nov 2026 09:30:00 +0800",
    **headers,
):
    """Return a letter of a person about the message to a contact."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender or f"Somebody <{address(place)}>", to, subject
    mail["Message-ID"], mail["Date"] = f"<letter-{place}-{len(body)}@firm.example>", date
    if answers:
        mail["In-Reply-To"] = mail["References"] = str(sent[address(place)]["Message-ID"])
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


def real(realworld, name, *changes):
    """Return a real mail with texts in it replaced by ours, each of which must be there."""
    raw = (realworld / "email" / name).read_bytes()
    for old, new in changes:
        assert old.encode() in raw, (name, old)
        raw = raw.replace(old.encode(), str(new).encode())
    return raw


def into(folder, mails):
    box = mailbox.Maildir(folder, create=True)
    for raw in mails:
        box.add(raw)
    return folder


def read_box(office, place):
    return office.json("marketing", "inbox", "read", "--from", place, user="ann")


def test_real_mail_is_tied_to_the_right_message_and_counted_for_what_it_is(
    office, sent, mail_server, realworld, tmp_path
):
    mid = lambda place: str(sent[address(place)]["Message-ID"]).strip("<>")  # noqa: E731
    token = lambda place: mid(place).partition("@")[0].removeprefix("crm-")  # noqa: E731
    colleague = address(2006)  # the same firm as the contact at place 6
    mails = {
        "hard": real(realworld, "mikel_mail/report_530.eml", ("200712232303.lBNN3jDq002941@mail12.rrrr.com.au", mid(0)),
                     ("edwin@zzzzzzz.com", address(0))),
        "soft": real(realworld, "mailgun_flanker/mailbox-full.eml", ("user@aol.com", "relayed@elsewhere.example"),
                     ("bounce+8c8b98.c-user=aol.com@example.com", sent[address(1)]["envelope_from"])),
        "late": real(realworld, "mailgun_flanker/no-mx.eml", ("19E44CA63F984902B7D654F8FF40F89D@bo", mid(2)),
                     ("user@example.com", address(2))),
        "unnamed": real(realworld, "mailgun_flanker/gmail-no-dns.eml", ("user@example.comm", address(3))),
        "spam": real(realworld, "mailgun_flanker/yahoo.eml", ("20120711015015.4A8BE2E088E@www.example.com", mid(4))),
        "reply": real(realworld, "mailgun_talon/gmail.eml", ("xxx@gmail.com", address(5)),
                      ("Subject: Re: Test", f"Subject: Re: {SUBJECT}\nIn-Reply-To: <{mid(5)}>")),
        "colleague": real(realworld, "mikel_mail/raw_email_reply.eml", ("xxxxxxxx@xxx.org", colleague),
                          ("348F04F142D69C21-291E56D292BC@xxxx.net", mid(6))),
        "stranger": real(realworld, "mailgun_talon/hotmail.eml", ("xxx@hotmail.com", "private@else.example"),
                         ("> Hi", f"> No more of these: https://m.huaxin.example/u/{token(7)}")),
        "away": written(8, sent, subject=f"自动回复: {SUBJECT}", body="我在休假。"),
        "stop": written(9, sent, body="退订，谢谢\n\n> our lecture is on Friday\n"),
        "leave": written(10, sent, body="", subject="unsubscribe", sender="another@else.example", answers=False,
                         to=f"unsubscribe+{token(10).upper()}@mail.huaxin.example"),
        "bare": written(11, sent, answers=False, body="I shall come."),
        "passed on": written(12, sent, body="STOP", sender=address(2012)),
        "new": written(13, sent, subject="A new pump", body="Please call me.", answers=False),
        "news": written(14, sent, subject="Our newsletter", body="Buy!", sender="shop@else.example", answers=False),
        "ours": written(14, sent, body="See you there.", sender="news@huaxin.example"),
    }  # fmt: skip
    folder = into(tmp_path / "box", mails.values())
    told = read_box(office, folder)
    assert told["read"] == 16
    assert told["kinds"] == {
        "bounce": 3, "delay": 1, "complaint": 1, "reply": 4, "auto_reply": 1, "unsubscribe": 3, "other": 3
    }  # fmt: skip
    assert sum(told["kinds"].values()) == told["read"], "none is lost"
    assert told["tied"] == 14

    rows = {one["address"]: one for one in office.json("marketing", "message", "list", "--mailing", "Invitation")}
    said = {
        name: sorted(int(key[1:].split("@")[0]) for key, one in rows.items() if one[name])
        for name in ("bounced_at", "replied_at", "unsubscribed_at")
    }
    assert said == {"bounced_at": [0, 1, 3], "replied_at": [5, 6, 7, 11], "unsubscribed_at": [4, 9, 10]}
    assert rows[address(0)]["reason"] == f"553 5.3.0 <{address(0)}>... Unknown E-Mail Address"
    assert {one["status"] for one in rows.values()} == {"sent"}

    listed = office.json("marketing", "inbox", "list", user="ann")
    assert Counter(one["details"].get("tied_by") for one in listed) == {
        "address": 2, "thread": 6, "text": 4, "recipient": 2, None: 2
    }  # fmt: skip
    by_contact = {one["contact_id"]: one for one in listed}
    assert by_contact[office.contacts[0]]["details"]["hard"] is True
    assert by_contact[office.contacts[1]]["details"]["hard"] is False
    assert "whom we know" in by_contact[office.contacts[2006]]["reason"]

    # An address that is gone is known as bad, wherever it is; a full mailbox is not.
    with office.app.read() as reader:
        p = tables.contact_point.c
        statement = select(p.normal).where(p.status == "bounced").order_by(p.normal)
        assert [row.normal for row in reader.rows(statement)] == [address(0), address(3)]
        i = tables.interaction.c
        kept = {row.contact_id: row for row in reader.rows(select(tables.interaction).where(i.direction == "in",
                i.external_id.is_not(None)))}  # fmt: skip
    assert {office.contacts[place] for place in (5, 2006, 7, 9, 11, 2012, 13)} == set(kept)
    assert kept[office.contacts[5]].body == "Hello"
    assert "Megan One" in kept[office.contacts[5]].quoted
    assert kept[office.contacts[2006]].at == office.clock.now, "the clock of 2007 went wrong: it answers this year's"
    assert "Re: Test reply email" in office.crm("brief", office.contacts[2006], user="ann").out

    # An automatic answer is none; who was passed the mail and answers is a member who responded.
    members = {one["contact"]["id"]: one["status"] for one in office.json("marketing", "member", "list", "L")}
    responded = {key for key, status in members.items() if status == "responded"}
    assert responded == {office.contacts[place] for place in (5, 2006, 7, 11)}
    assert office.json("marketing", "campaign", "show", "L")["responses"] == 4

    # Nobody who refused, or whom nothing reaches, gets the next one; who passed it on and refuses speaks for himself.
    mail_server.forget()
    crm = lambda *said: office.crm("marketing", *said, user="mei")  # noqa: E731
    crm("campaign", "add", "Next", "--code", "N", "--status", "active")
    crm("member", "add", *office.contacts[:15], office.contacts[2012], "--campaign", "N")
    crm("mailing", "add", "Next", "--template", "lecture", "--campaign", "N")
    crm("mailing", "queue", "Next")
    office.crm("worker", "--once", user="ann")
    assert sorted(mail_server.recipients()) == sorted(address(each) for each in (1, 2, 5, 6, 7, 8, 11, 12, 13, 14))
    reasons = {
        one["reason"] for one in office.json("marketing", "message", "list", "--mailing", "Next", "--status", "skipped")
    }
    assert any("spam" in each for each in reasons)
    assert any("退订" in each for each in reasons)
    assert any("bounced" in each for each in reasons)
    explained = office.crm(
        "policy", "explain", office.contacts[0], "--channel", "email", "--purpose", "marketing", user="ann"
    )
    assert "nothing arrives" in explained.out

    # Reading again, elsewhere or the same, changes nothing.
    before = _counts(office)
    assert read_box(office, folder)["kinds"] == {}
    copy = tmp_path / "copy.mbox"
    box = mailbox.mbox(copy)
    for raw in mails.values():
        box.add(raw)
    box.close()
    again = read_box(office, copy)
    assert (again["read"], again["before"]) == (16, 16)
    assert _counts(office) == before
    box = mailbox.mbox(copy)
    box.add(written(14, sent, subject="One more", body="Please call.", answers=False))
    box.close()
    again = read_box(office, copy)
    assert (again["read"], again["before"]) == (1, 0), "what was appended, and nothing twice"
    boxes = {one["name"]: one for one in office.json("marketing", "inbox", "status", user="ann")}
    assert (boxes[str(folder)]["mails"], boxes[str(folder)]["lost"]) == (16, 0)


def _counts(office):
    every = (received, tables.interaction, tables.consent, tables.participant)
    with office.app.read() as reader:
        return [len(reader.rows(select(table.c.id))) for table in every]


def test_who_declines_from_the_calendar_gives_the_seat_to_the_next(office, mail_server, tmp_path):
    for name, value in (
        ("mail.smtp", mail_server.url),
        ("marketing.from", "华信 <news@huaxin.example>"),
        ("marketing.rate", 100_000),
    ):
        office.crm("setting", "set", name, value, user="ann")
    starts = office.clock.now + timedelta(days=10)
    with office.at(office.clock.now, "ann") as tx:
        event = add(tx, {"name": "Pumps", "starts_at": starts, "ends_at": starts + timedelta(hours=2), "capacity": 1})
        tx.flush()
        register(tx, event.id, office.contacts[:2])
    office.crm("worker", "--once", user="ann")
    (invited,) = (one for one in mail_server.received() if one["envelope_to"] == address(0))
    (invitation,) = (one for one in invited.walk() if one.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(invitation.get_content())
    calendar["METHOD"] = "REPLY"
    calendar.walk("VEVENT")[0]["ATTENDEE"].params["PARTSTAT"] = "DECLINED"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address(0), "news@huaxin.example", "Declined: Pumps"
    mail["Message-ID"], mail["In-Reply-To"] = "<declined@firm0.example>", str(invited["Message-ID"])
    mail.set_content(calendar.to_ical(), maintype="text", subtype="calendar", params={"method": "REPLY"})
    told = read_box(office, into(tmp_path / "box", [mail.as_bytes()]))
    assert (told["kinds"], told["tied"], told["conversations"]) == ({"calendar": 1}, 1, 0)
    (row,) = office.json("marketing", "inbox", "list", "--kind", "calendar", user="ann")
    assert (row["reason"], row["contact_id"]) == ("DECLINED", office.contacts[0])
    with office.app.read() as reader:
        r = registration.c
        stand = dict(tuple(one) for one in reader.rows(select(r.contact_id, r.status)))
    assert stand == {office.contacts[0]: "cancelled", office.contacts[1]: "registered"}
    assert not office.json("marketing", "message", "list", "--contact", office.contacts[0])[0]["replied_at"]


def test_every_real_mail_is_taken_in_and_none_is_lost(office, realworld, tmp_path):
    folder, count = tmp_path / "all", 0
    folder.mkdir()
    for path in sorted((realworld / "email").rglob("*")):
        if path.is_file() and path.suffix not in {".md", ".json", ".html"} and path.name != "LICENSE":
            count += 1
            (folder / f"{count}.eml").write_bytes(path.read_bytes())
    told = read_box(office, folder)
    assert told["before"] == 8, "the same mails again with other line ends, or as they came by another way"
    assert told["read"] == told["before"] + sum(told["kinds"].values()) == count == 247
    assert told["kinds"] == {"bounce": 12, "delay": 1, "complaint": 1, "auto_reply": 1, "other": 224}
    assert (told["tied"], told["conversations"]) == (0, 0), "nobody of them has anything to do with us"
    (box,) = office.json("marketing", "inbox", "status", user="ann")
    assert (box["mails"], box["lost"]) == (sum(told["kinds"].values()), 0)


def test_three_mailings_lost_in_a_row_make_an_address_bad_and_an_answer_makes_it_good(office, tmp_path):
    rows, at = [], office.clock.now - timedelta(days=30)
    with office.at(office.clock.now, "ann") as tx:
        from crmcore_marketing.model.mailing import Mailing, Template

        template = tx.add(Template(name="t", subject=SUBJECT, text="Hello"))
        mailings = [tx.add(Mailing(name=f"M{n}", template_id=template.id)).id for n in range(4)]
        tx.flush()
        for place in range(2):
            for n, mailing_id in enumerate(mailings):
                rows.append(_message(tx, office, place, mailing_id, at + timedelta(days=n)))
        tx.execute(insert(message), rows)
    tokens = {(row["contact_id"], row["mailing_id"]): row["token"] for row in rows}

    def full(place, *wanted):
        """Mailboxes that are full, for these of the four mailings."""
        for n in wanted:
            token = tokens[office.contacts[place], mailings[n]]
            body = f"<{address(place)}>: 552 5.2.2 mailbox full"
            yield _bounce(f"{place}-{n}", body, f"bounce+{token}@mail.huaxin.example")

    def states():
        p = tables.contact_point.c
        with office.app.read() as reader:
            statement = select(p.normal, p.status).where(p.normal.in_([address(0), address(1)])).order_by(p.normal)
            return [row.status for row in reader.rows(statement)]

    box = into(tmp_path / "box", [*full(0, 0, 1), *full(1, 0, 1, 3)])
    assert read_box(office, box)["kinds"] == {"bounce": 5}
    assert states() == ["", ""], "two; and of the other the third of four arrived"
    into(box, full(0, 2))
    assert read_box(office, box)["kinds"] == {"bounce": 1}
    assert states() == ["bounced", ""], "three in a row; what was sent after them tells nothing yet"
    answer = {address(0): {"Message-ID": f"<crm-{tokens[office.contacts[0], mailings[3]]}@huaxin.example>"}}
    into(box, [written(0, answer, body="I am back.")])
    assert read_box(office, box)["kinds"] == {"reply": 1}
    assert states() == ["", ""]


def _message(tx, office, place, mailing_id, sent_at, **values):
    from crmcore.mail import new_token

    return {
        "id": tx.new_id(), "kind": "mailing", "mailing_id": mailing_id, "contact_id": office.contacts[place],
        "customer_id": office.customers[place], "address": address(place), "purpose": "marketing", "status": "sent",
        "reason": "", "token": new_token(), "due_at": sent_at, "attempts": 1, "worker": "", "taken_at": sent_at,
        "sent_at": sent_at, "details": {}, **values,
    }  # fmt: skip


def _bounce(name, body, to):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "MAILER-DAEMON@firm.example", to, "Undelivered Mail Returned to Sender"
    mail["Message-ID"] = f"<{name}@firm.example>"
    mail.set_content(body)
    return mail.as_bytes()


class Killed(Exception):
    """The process ends before its transaction is committed."""


def test_who_is_killed_in_the_middle_goes_on_where_he_was_and_takes_nothing_twice(office, tmp_path, crm_statements):
    with office.at(office.clock.now, "ann") as tx:
        lecture = tx.add(Campaign(name="Lecture")).id
        tx.flush()
        join(tx, lecture, office.contacts[:100], status="sent")
        early = office.clock.now - timedelta(days=1)
        rows = [_message(tx, office, place, None, early, campaign_id=lecture) for place in range(120)]
        rows[7] |= {"status": "unknown", "sent_at": None, "reason": "the sender ended in the middle"}
        tx.execute(insert(message), rows)
    sent = {row["address"]: {"Message-ID": f"<crm-{row['token']}@huaxin.example>"} for row in rows}
    times = [f"Tue, 24 Nov 2026 0{place // 60}:{place % 60:02d}:00 +0800" for place in range(120)]
    letters = [written(place, sent, body=f"I come, {place}.", date=times[place]) for place in range(120)]
    box = into(tmp_path / "box", letters)
    office.crm("setting", "set", "marketing.from", "news@huaxin.example", user="ann")
    committed = []

    @contextmanager
    def opened():
        with office.app.transaction(office.app.actor("ann"), cause="a test") as tx:
            yield tx
            if len(committed) == 2:  # the mailbox is known, and one portion
                committed.append("lost")
                raise Killed
        committed.append("done")

    def none(*_answer):
        raise AssertionError("there is no calendar among them")

    with pytest.raises(Killed):
        read(opened, mailbox_at(str(box)), "", answered=none)
    with office.app.read() as reader:
        assert len(reader.rows(select(received.c.id))) == 50
    with crm_statements(office.app) as statements:
        told, more = read(opened, mailbox_at(str(box)), "", answered=none)
    assert (told.read - told.before, told.kinds, more) == (70, {"reply": 70}, False)
    assert len(statements) < 120, "not some for each letter"
    with office.app.read() as reader:
        m, i = message.c, tables.interaction.c
        assert {row.status for row in reader.rows(select(m.status).distinct())} == {"sent"}, "an answer: it arrived"
        assert len(reader.rows(select(m.id).where(m.replied_at.is_not(None)))) == 120
        w = member.c
        when = {row.contact_id: row.responded_at for row in reader.rows(select(w.contact_id, w.responded_at))}
        assert len(when) == 120, "twenty were not members"
        assert when[office.contacts[61]] == datetime(2026, 11, 23, 17, 1, tzinfo=UTC)
        kept = reader.rows(select(i.external_id).where(i.direction == "in", i.external_id.is_not(None)))
        assert (len(kept), len(set(kept))) == (120, 120)
    assert not read(opened, mailbox_at(str(box)), "", answered=none)[0].kinds
