"""A seminar: 80 registered are confirmed within a minute, reminded at T-3 and T-1; a waiting list; attendance."""

from collections import Counter
from email.message import EmailMessage
from time import perf_counter

import pytest
from icalendar import Calendar, vCalAddress

EVENT = ("marketing", "event")


def addresses(places):
    return [f"p{place}@firm{place % 2000}.example" for place in places]


def declining(meeting, address):
    """Return the mail by which a calendar declines an invitation (RFC 5546, 3.2.3)."""
    answer = Calendar()
    answer.add("method", "REPLY")
    answer.add("version", "2.0")
    answer.add("prodid", "-//somebody//calendar//EN")
    answer.add_component(meeting)
    meeting["ATTENDEE"] = vCalAddress(f"mailto:{address}")
    meeting["ATTENDEE"].params["PARTSTAT"] = "DECLINED"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = address, "events@huaxin.example", f"Declined: {meeting['SUMMARY']}"
    mail["Message-ID"], mail["Date"] = "<declined@calendar.example>", "Tue, 24 Nov 2026 02:05:00 +0000"
    mail.set_content("I cannot come.")
    mail.add_alternative(answer.to_ical().decode(), subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


@pytest.mark.row("S1-V18")
def test_who_registers_for_a_seminar_is_confirmed_reminded_and_counted(office, mail_server, tmp_path):
    def crm(*said):
        return office.json(*EVENT, *said, user="mei")

    def send():
        mail_server.forget()
        office.clock.advance(seconds=5)
        office.crm("worker", "--once", user="ann")
        return mail_server.received()

    def file(name, lines):
        path = tmp_path / name
        path.write_text("\n".join(["email", *lines]), encoding="utf-8")
        return path

    box = tmp_path / "box"
    for each in ("new", "cur", "tmp"):
        (box / each).mkdir(parents=True)
    said = {
        "mail.smtp": mail_server.url,
        "marketing.from": "华信 <events@huaxin.example>",
        "marketing.mailbox": f"maildir:{box}",
        "marketing.rate": 100_000,
    }
    for name, value in said.items():
        office.crm("setting", "set", name, value, user="ann")
    office.crm("marketing", "campaign", "add", "Pump days", "--code", "PD", user="mei")
    made = crm(
        "add", "Pumps, live", "--starts", "2026-12-04T14:00", "--place", "Hall 2", "--capacity", 80, "--campaign", "PD"
    )
    assert (made["zone"], made["starts_at"]) == ("Asia/Shanghai", "2026-12-04T06:00:00+00:00")
    deny = ("consent", "deny", office.contacts[7], "--channel", "email", "--purpose", "marketing")
    office.crm(*deny, "--evidence", "by telephone", user="mei")
    send()  # the schedules begin

    begun = perf_counter()
    people = file("forms.csv", [*addresses(range(85)), "nobody@nowhere.example"])
    done = crm("register", "Pumps, live", "--file", people, "--channel", "web")
    mails = send()
    took = perf_counter() - begun
    assert (len(done["registered"]), len(done["waiting"])) == (80, 5)
    assert [one["line"] for one in done["problems"]] == [87]
    seated, waiting = (
        sorted(mail["envelope_to"] for mail in mails if word in mail["subject"]) for word in ("seat", "waiting")
    )
    chinese = [mail for mail in mails if "报名成功" in mail["subject"] or "候补" in mail["subject"]]
    confirmed = len(seated) + sum("报名成功" in mail["subject"] for mail in chinese)
    assert (confirmed, len(mails)) == (80, 85), "also who wants no marketing"
    assert took < 60, f"{took:.1f} s"
    (invitation,) = [
        part
        for part in next(m for m in mails if "seat" in m["subject"]).walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert invitation.get_param("method") == "REQUEST"
    (meeting,) = Calendar.from_ical(invitation.get_content()).walk("VEVENT")
    assert (meeting["UID"], meeting["LOCATION"]) == (made["uid"], "Hall 2")
    assert waiting

    # Three give their seats back, one of them by a calendar: three in line move up, each with a message.
    gone = [
        row
        for row in office.json("marketing", "registration", "list", "--limit", "100")
        if row["status"] == "registered"
    ]
    crm("unregister", made["id"], gone[0]["contact_id"], gone[1]["contact_id"])
    (address,) = addresses([office.contacts.index(gone[2]["contact_id"])])
    (box / "new" / "1.reply").write_bytes(declining(meeting, address))
    office.clock.set("2026-11-24T10:10+08:00")
    told = send()
    told += send()
    moved = [mail for mail in told if "yours" in mail["subject"] or "您有席位了" in mail["subject"]]
    assert len(moved) == 3
    shown = crm("show", made["id"])
    assert (shown["registered"], shown["waiting"], shown["cancelled"], shown["free"]) == (80, 2, 3, 0)

    # Three days before, and one day before: each once.
    for instant, days in (("2026-12-01T14:00+08:00", 3), ("2026-12-03T14:10+08:00", 1)):
        office.clock.set(instant)
        mails = send()
        assert len(mails) == 80
        assert {mail["subject"].split(":")[0].split("：")[0] for mail in mails} <= {
            f"In {days} day", f"In {days} days", f"还有 {days} 天"
        }  # fmt: skip
        office.clock.advance(minutes=30)
        assert not send()

    office.clock.set("2026-12-04T15:00+08:00")
    rows = office.json("marketing", "registration", "list", "--status", "registered", "--limit", "100")
    assert {(row["confirmation"], tuple(row["reminded"])) for row in rows} == {("sent", (3, 1))}
    came = [office.contacts.index(row["contact_id"]) for row in rows[:70]]
    door = file("door.csv", addresses([*came, 3000, 3001]))
    noted = crm("attend", "Pumps, live", "--file", door)
    assert (len(noted["attended"]), len(noted["walked_in"])) == (72, 2)
    assert len(crm("close", made["id"])["no_show"]) == 10
    shown = crm("show", made["id"])
    counts = {name: shown[name] for name in ("attended", "no_show", "waiting", "cancelled", "registered", "status")}
    assert counts == {
        "attended": 72, "no_show": 10, "waiting": 2, "cancelled": 3, "registered": 0, "status": "held"
    }  # fmt: skip
    members = office.json("marketing", "member", "list", "PD", "--limit", "100", user="mei")
    assert Counter(one["status"] for one in members) == {"attended": 72, "no_show": 10, "responded": 5}
    timeline = office.crm("brief", gone[3]["contact_id"], user="mei").out
    assert "Pump days" in timeline
