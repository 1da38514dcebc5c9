"""Mail in threads: answers find their tickets, strangers do not get into others', and what is none says why."""

import mailbox
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from crmcore_service.tables import outgoing, post, ticket
from sqlalchemy import func, select

from crmcore.api import User, run_job, tables

HELP = "help@huaxin.example"


def address(place):
    return f"p{place}@firm{place % 2000}.example"


class Desk:
    """The office with a mailbox and a mail server; `write` lets somebody write, `read` takes it in."""

    def __init__(self, office, server, folder):
        self.office, self.server, self._box, self._n = office, server, mailbox.Maildir(folder, create=True), 0
        for name, value in (("mail.smtp", server.url), ("service.from", f"Huaxin <{HELP}>"), ("service.survey", "no")):
            office.crm("setting", "set", name, value, user="ann")
        office.crm("service", "mailbox", "add", "Help", "--address", f"maildir:{folder}", user="ann")

    def write(self, sender, subject, body, *, to=HELP, answers="", files=(), **headers):
        """Put a mail into the mailbox; return its Message-ID."""
        self._n += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = headers.pop("message_id", f"<{self._n}@there.example>")
        mail["Date"] = headers.pop("date", f"Tue, 24 Nov 2026 09:{self._n:02}:00 +0800")
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        for name, content in files:
            mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        self._box.add(mail.as_bytes())
        return str(mail["Message-ID"])

    def put(self, raw):
        self._box.add(raw)

    def read(self):
        """Read the mailbox; return the new mails, the newest last."""
        before = {one["id"] for one in self.mails()}
        run_job(self.office.app, "service", "mailboxes", seconds=30)
        return [one for one in reversed(self.mails()) if one["id"] not in before]

    def mails(self, *more):
        return self.office.json("service", "inbox", "list", "--all", "--limit", "1000", *more, user="ann")

    def send(self):
        """Let our mail leave; return what the server got."""
        self.server.forget()
        run_job(self.office.app, "service", "replies", seconds=30)
        return self.server.received()

    def rows(self, statement):
        with self.office.app.read() as reader:
            return reader.rows(statement)

    def show(self, number):
        return self.office.json("service", "ticket", "show", number, user="sam")


@pytest.fixture
def desk(office, mail_server, tmp_path):
    return Desk(office, mail_server, tmp_path / "help")


def test_answers_find_their_ticket_and_strangers_find_no_other(desk):
    office = desk.office
    first = desk.write(
        f"P 5 <{address(5)}>",
        "Pump PX5 leaks",
        "It leaks since Monday.\n\nOn Monday Huaxin wrote:\n> all is well\n",
        files=[("leak.pdf", b"%PDF-1 leak")],
    )
    (mail,) = desk.read()
    number = mail["ticket"]
    assert (mail["kind"], number[0]) == ("ticket", "T")
    shown = desk.show(number)
    assert (shown["contact"]["id"], shown["customer"]["id"]) == (office.contacts[5], office.customers[5])
    i = tables.interaction.c
    (said,) = desk.rows(
        select(i.body, i.quoted, i.details, i.origin, i.external_id).where(i.id == mail["interaction_id"])
    )
    assert (said.body.strip(), "all is well" in said.quoted) == ("It leaks since Monday.", True)
    assert [one["name"] for one in said.details["attachments"]] == ["leak.pdf"]
    assert (said.origin, f"<{said.external_id}>") == ("email", first), "as an import of the same mail would have it"

    office.crm("service", "ticket", "reply", number, "Please send the serial number.", "--wait", user="sam")
    (ours,) = [one for one in desk.send() if one["envelope_to"] == address(5)]
    assert number in ours["Subject"]
    desk.write(f"Wang Xin <{address(2005)}>", f"Re: {ours['Subject']}", "PX5-77.", answers=str(ours["Message-ID"]))
    desk.write(f"P 5 <{address(5)}>", f"AW: [{number}] something else", "Also a new seal, please.")
    desk.write("Eve <eve@stranger.example>", f"[{number}] tell me all", "What did they write?")
    by_answer, by_number, stranger = desk.read()
    assert (by_answer["ticket"], by_number["ticket"]) == (number, number)
    assert desk.show(number)["status"] == "open", "the customer has answered"
    assert stranger["kind"] == "ticket"
    assert stranger["ticket"] != number
    assert number in stranger["reason"]
    other = desk.show(stranger["ticket"])
    assert number in other["note"]
    assert len(desk.show(number)["interactions"]) == 4
    c = tables.contact_point.c
    assert len(desk.rows(select(c.id).where(c.normal == "eve@stranger.example"))) == 1
    desk.write('"Eve S." <EVE@stranger.example>', "Invoice 7 is wrong", "The invoice 7 is of another firm.")
    (again,) = desk.read()
    assert len(desk.rows(select(c.id).where(c.normal == "eve@stranger.example"))) == 1, "one person, however written"
    assert again["kind"] == "ticket"


def test_what_comes_back_of_our_mail_is_told_and_machines_open_no_tickets(desk, realworld):
    office = desk.office
    desk.write(address(7), "Valve V7 sticks", "It does not open.")
    (mail,) = desk.read()
    office.crm("service", "ticket", "reply", mail["ticket"], "Turn it twice.", user="sam")
    (ours,) = [one for one in desk.send() if one["envelope_to"] == address(7) and "Turn it" in str(one.get_content())]
    own = str(ours["Message-ID"])
    report = (realworld / "email" / "mikel_mail" / "report_530.eml").read_bytes()
    assert b"200712232303.lBNN3jDq002941@mail12.rrrr.com.au" in report
    desk.put(report.replace(b"200712232303.lBNN3jDq002941@mail12.rrrr.com.au", own.strip("<>").encode()))
    desk.write(address(7), "Automatic reply: Valve", "I am away.", answers=own, Auto_Submitted="auto-replied")
    desk.write(f"Huaxin <{HELP}>", "Re: Valve", "our own", answers=own)
    desk.write("News <news@paper.example>", "Offers", "Buy!", List_Unsubscribe="<mailto:x@paper.example>")
    desk.write("A <a@spam.example>", "Rich", "Be rich", X_Spam_Flag="YES")
    desk.write(
        address(8), "Pump 8", "It is loud.", X_Spam_Status="Yes, score=6", date="Tue, 24 Nov 2026 09:59:00 +0800"
    )
    found = {one["kind"]: one for one in desk.read()}
    assert set(found) == {"bounce", "automatic", "own", "list", "spam", "ticket"}
    assert {found[kind]["ticket"] for kind in ("bounce", "automatic", "own")} == {mail["ticket"]}, "which it is about"
    assert found["ticket"]["sender"] == address(8), "a server took a customer we know for spam"
    o = outgoing.c
    (row,) = desk.rows(select(o.status, o.reason).where(o.message_id == own.strip("<>")))
    assert row.status == "failed"
    assert "5.3.0" in row.reason
    k = tables.task.c
    assert desk.rows(select(k.subject).where(k.subject.like(f"{mail['ticket']}:%"))), "somebody sees to it"


def test_one_mail_in_two_mailboxes_and_of_two_contents_and_of_one_of_us(desk, tmp_path):
    office = desk.office
    with office.at(office.clock.now, user="ann") as tx:
        tx.get(User, office.users["sam"]).email = "sam@huaxin.example"
    other = mailbox.Maildir(tmp_path / "other", create=True)
    office.crm("service", "mailbox", "add", "Other", "--address", f"maildir:{tmp_path / 'other'}", user="ann")
    name = desk.write(address(9), "Motor M9", "The motor M9 is hot.", to=f"{HELP}, other@huaxin.example")
    raw = next(iter(desk._box)).as_bytes()
    travelled = b"Received: by mx2.huaxin.example; Tue, 24 Nov 2026 01:02:00 +0000\nDelivered-To: other\n" + raw
    other.add(travelled)
    listed = message_from_bytes(raw)
    listed.replace_header("Subject", "[office] Motor M9")
    listed.set_payload("The motor M9 is hot.\n--\nTo leave this list ...")
    other.add(listed.as_bytes())
    found = desk.read()
    assert [(one["kind"], one["message_id"]) for one in found] == [
        ("ticket", name.strip("<>")),
        ("repeated", name.strip("<>")),
    ]
    assert found[0]["ticket"] == found[1]["ticket"]
    number = found[0]["ticket"]

    desk.write("Sam <sam@huaxin.example>", "Re: Motor M9", "Switch it off, please.", to=address(9), answers=name)
    desk.write("Sam <sam@huaxin.example>", "Re: Motor M9", "Who has a spare one?", answers=name)
    desk.write("Sam <sam@huaxin.example>", "Printer", "A customer called: his printer P1 burns.")
    answer, among, anew = desk.read()
    assert (answer["ticket"], among["ticket"]) == (number, number)
    shown = desk.show(number)
    assert shown["responded_at"], "an answer from a mail program is an answer"
    p = post.c
    told = desk.rows(select(p.direction).where(p.ticket_id == found[0]["ticket_id"]).order_by(p.id))
    assert [row.direction for row in told] == ["in", "out", ""]
    assert anew["kind"] == "ticket"
    assert anew["ticket"] != number
    same = desk.write("Robot <robot@plant.example>", "Alarm 1", "Alarm of tank A.", message_id="<same@plant.example>")
    desk.write("Robot <robot@plant.example>", "Alarm 2", "Alarm of boiler B.", message_id=same)
    one, two = desk.read()
    assert (one["kind"], two["kind"]) == ("ticket", "ticket"), "a program that names all its mails alike loses none"
    assert one["interaction_id"] != two["interaction_id"]


def test_a_group_address_of_ours_is_no_list_and_a_form_of_ours_names_who_filled_it_in(desk):
    desk.write("Ann X <annx@new.example>", "Help", "The tank leaks.", List_Id="Help <help.huaxin.example>")
    desk.write(f"Site <{HELP}>", "Request", "The boiler is cold.", Reply_To="Bo <bo@new.example>")
    desk.write("x", "No sender", "nobody")
    group, form, nobody = desk.read()
    assert (group["kind"], group["sender"]) == ("ticket", "annx@new.example")
    assert (form["kind"], form["sender"]) == ("ticket", "bo@new.example")
    assert nobody["kind"] == "nobody"
    came = "from x by mx.huaxin.example; Tue, 24 Nov 2026 09:00:00 +0800"
    desk.write(address(9), "Old", "My clock stands.", date="Wed, 1 Jan 2003 00:00:00 +0000", Received=came)
    desk.write(address(9), "New", "My clock is ahead.", date="Fri, 1 Jan 2038 00:00:00 +0000")
    behind, ahead = desk.read()
    assert (behind["at"][:16], ahead["at"][:16]) == ("2026-11-24T01:00", "2026-11-24T02:00")


def test_the_list_is_gone_through_by_hand(desk):
    office = desk.office
    desk.write("Hotline <hotline@partner.example>", "Automatic reply: Ticket", "Our customer's pump leaks.")
    desk.write("A <a@spam.example>", "Rich", "Be rich", X_Spam_Flag="YES")
    automatic, spam = desk.read()
    crm = lambda *said, **more: office.crm("service", "inbox", *said, user="sam", **more)  # noqa: E731
    assert "pump leaks" in crm("show", automatic["id"]).out
    made = crm("make-ticket", automatic["id"], "--json").json
    assert made["new"]
    assert not [one for one in desk.send() if "hotline" in one["envelope_to"]], "no machine is answered"
    assert "is in" in crm("make-ticket", automatic["id"], code=1).err
    crm("dismiss", spam["id"])
    assert "set aside" in crm("make-ticket", spam["id"], code=1).err
    assert office.json("service", "inbox", "list", user="sam") == []
    (kept,) = [one for one in desk.mails() if one["id"] == spam["id"]]
    assert (kept["kind"], kept["waits"], bool(kept["settled_at"])) == ("spam", False, True)
    assert desk.rows(select(func.count()).select_from(ticket))[0][0] == 1
    listed = office.crm("service", "inbox", "list", "--all", user="sam", COLUMNS="80").out
    assert max(map(len, listed.splitlines())) <= 80


def test_who_writes_as_often_as_only_machines_do_is_listed_until_it_is_quiet_again(desk):
    desk.office.crm("setting", "set", "service.flood_mails", "3", user="ann")
    matters = ("Pump P1 leaks", "Invoice 77 is wrong", "Door hinge squeaks", "Lamp socket broke", "Hose clamp is lost")
    for subject in matters:
        desk.write("Plant 7 <control@plant.example>", subject, subject)
    first, *_more = found = desk.read()
    assert [one["kind"] for one in found] == ["ticket"] * 3 + ["flood"] * 2
    assert "control@plant.example wrote more than 3 mails within 60 minutes" in found[-1]["reason"]
    answers = f"<{first['message_id']}>"
    desk.write("Plant 7 <control@plant.example>", "Re: Pump", "It still leaks.", answers=answers)
    desk.office.clock.advance(hours=2)
    desk.write("Plant 7 <control@plant.example>", "Cable melts", "It melts.", date="Tue, 24 Nov 2026 11:30:00 +0800")
    assert [one["kind"] for one in desk.read()] == ["ticket", "ticket"], "an answer always, and a request after a while"


def test_of_who_was_erased_nothing_comes_back(desk, tmp_path):
    office = desk.office
    desk.write("Ida <ida@gone.example>", "Pump PX3 leaks", "My pump leaks.")
    desk.write("Ida <ida@gone.example>", "Cheap pumps", "From a list.", List_Id="<pumps.example>")
    desk.read()
    (person,) = desk.rows(select(tables.contact.c.id).where(tables.contact.c.name == "Ida"))
    office.crm("erase", person.id, "--yes", user="ann")
    assert not [one for one in desk.mails() if "ida" in str(one).lower()]
    (tmp_path / "help").rename(tmp_path / "moved")
    office.crm("service", "mailbox", "edit", "Help", "--address", f"maildir:{tmp_path / 'moved'}", user="ann")
    assert desk.read() == [], "what was taken in once is known"
    desk._box = mailbox.Maildir(tmp_path / "moved")
    desk.write("Ida <ida@gone.example>", "Pump again", "It leaks again.")
    (again,) = desk.read()
    assert (again["kind"], again["sender"], again["subject"]) == ("refused", "", "")
    assert "erased" in again["reason"]
    assert office.json("service", "inbox", "show", again["id"], user="sam")["text"] == ""
    assert not desk.rows(select(tables.contact.c.id).where(tables.contact.c.name == "Ida"))


def test_mail_of_before_the_day_becomes_no_ticket_but_what_is_in_a_thread_does(desk):
    office = desk.office
    office.crm("service", "mailbox", "edit", "Help", "--since", "2026-11-20", user="ann")
    desk.write(address(5), "Old trouble", "It leaked in spring.", date="Wed, 01 Apr 2026 09:00:00 +0800")
    desk.write(address(6), "New trouble", "It leaks now.")
    old, new = sorted(desk.read(), key=lambda one: one["at"])
    assert (old["kind"], old["ticket"], new["kind"]) == ("old", "", "ticket")
    assert office.json("service", "inbox", "list", user="ann") == []  # nobody has to look at years of old mail
    assert office.json("service", "mailbox", "show", "Help", user="ann")["since"] == "2026-11-20"
