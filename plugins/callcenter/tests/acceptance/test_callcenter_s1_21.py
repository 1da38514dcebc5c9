"""Row S1-21 with a real call: call + mail + form + chat of one person are one thread, four channels, one ticket.

The call is told of by the telephone system, before anybody knows what it is about; what was said comes when the agent
sums it up. Only the core is between the two plugins.
"""

import json
import mailbox
from email.message import EmailMessage
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from crmcore.api import tables

KEY = "a-key-of-a-chat-widget"


def count(office, table):
    with office.app.read() as reader:
        return reader.value(select(func.count()).select_from(table))


def tell(office, tmp_path, *events):
    file = tmp_path / "events.json"
    file.write_text(json.dumps(list(events)))
    return office.json("callcenter", "event", "post", file, user="ann")


def call(office, tmp_path, key, number, *, minutes=3, **more):
    """A call that is taken by Sam, at extension 201, or that Sam makes."""
    party = {"number": number}
    ours = {"number": "201", "device": "PJSIP/201"}
    outward = more.get("direction") == "out"
    tell(
        office, tmp_path,
        {"event": "begin", "call": key, "at": office.clock.now.isoformat(), "from": ours if outward else party,
         "to": number if outward else "02155550100", "direction": "in", **more},
        {"event": "ring", "call": key, "at": office.clock.now.isoformat(), "target": party if outward else ours},
    )  # fmt: skip
    yield "rings"
    office.clock.advance(seconds=5)
    target = party if outward else ours
    tell(office, tmp_path, {"event": "answer", "call": key, "at": office.clock.now.isoformat(), "target": target})
    yield "talks"
    office.clock.advance(minutes=minutes)
    tell(office, tmp_path, {"event": "hangup", "call": key, "at": office.clock.now.isoformat(), "reason": "completed"})
    yield "ended"


@pytest.fixture
def phones(office_with_all):
    office = office_with_all
    office.crm("callcenter", "agent", "add", "Sam", "--user", "sam", "--extension", "201", user="ann")
    for words in (("Answered", "--code", "ok"), ("Request", "--code", "request", "--form", "service.request")):
        office.crm("callcenter", "wrap-code", "add", *words, user="ann")
    return office


@pytest.mark.row("S1-21")
def test_four_channels_with_a_real_call_are_one_ticket(phones, crm_web, tmp_path, monkeypatch):
    office, person = phones, phones.contacts[0]
    name = office.json("contact", "show", person)["name"]
    monkeypatch.setenv("WIDGET_KEY", KEY)
    office.crm("setting", "set", "service.web_key", "env:WIDGET_KEY", user="ann")
    office.crm("service", "queue", "add", "Repairs", "--code", "repairs", user="mei")
    contacts = count(office, tables.contact)

    # 1. A mail.
    box = mailbox.Maildir(tmp_path / "help", create=True)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "p0@firm0.example", "help@huaxin.example", "空压机漏油"
    mail["Message-ID"], mail["Date"] = "<first@firm0.example>", "Mon, 23 Nov 2026 09:00:00 +0800"
    mail.set_content("K40 空压机从昨天开始漏油，地上都是，请尽快派人来修。")
    box.add(mail)
    address = f"maildir:{tmp_path / 'help'}"
    office.crm("service", "mailbox", "add", "Help", "--address", address, "--queue", "Repairs", user="ann")
    office.crm("service", "mailbox", "read", "Help", user="ann")
    (number,) = [one["number"] for one in office.json("service", "ticket", "list", "--contact", person, user="sam")]

    def thread():
        return [one["channel"] for one in office.json("service", "ticket", "show", number, user="sam")["thread"]]

    # 2. He calls. While it rings nothing is said; summed up, it is of the ticket.
    steps = call(office, tmp_path, "c-1", "0086-13800000000")
    for step in steps:
        assert (thread(), step) == (["email"], step)
    wrapped = office.json("callcenter", "wrap", "c-1", "ok", "--note", "空压机还在漏油，问师傅什么时候到", user="sam")
    assert thread() == ["email", "call"]
    office.json("callcenter", "wrap", "c-1", "--note", "空压机还在漏油，问师傅几点到", user="sam")
    assert thread() == ["email", "call"]

    with crm_web(office.app) as (host, port):

        def sent(path, body, **headers):
            connection = HTTPConnection(host, port, timeout=60)
            connection.request("POST", path, body=body, headers=headers)
            answer = connection.getresponse()
            told = answer.status, answer.read().decode()
            connection.close()
            return told

        # 3. The form on the web, 4. a chat.
        form = {
            "name": name,
            "email": "p0@firm0.example",
            "subject": "漏油",
            "text": "K40 的轴封处漏油。",
            "do": "send",
        }
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        status, page = sent("/request/repairs", urlencode(form), **typed)
        assert (status, number in page) == (200, True)
        words = [{"at": office.clock.now.isoformat(), "from": "customer", "name": name, "text": "漏油的事有进展吗？"}]
        chat = {"name": name, "email": "p0@firm0.example", "channel": "chat", "id": "chat-1", "messages": words}
        status, told = sent("/request/repairs.json", json.dumps(chat), Authorization=f"Bearer {KEY}")
        assert (status, json.loads(told)["new"]) == (200, False)

    one = office.json("service", "ticket", "show", number, user="sam")
    assert [each["channel"] for each in one["thread"]] == ["email", "call", "form", "chat"]
    assert [each["contact"] for each in one["thread"]] == [name] * 4
    assert one["interactions"][1] == wrapped["interaction"]
    assert count(office, tables.contact) == contacts, "nobody is there twice"
    assert len(office.json("service", "ticket", "list", "--contact", person, user="sam")) == 1

    # A call about something else is not of it; a code with service's form opens a ticket of its own, once.
    for _step in call(office, tmp_path, "c-2", "13800000000"):
        pass
    request = ("callcenter", "wrap", "c-2", "request", "--note", "发票金额开错，需要重开")
    done = office.json(*request, user="sam")
    assert done["form"]["result"] == "opened"
    again = office.json(*request, user="sam")
    assert again["form"]["id"] == done["form"]["id"]
    other = office.json("service", "ticket", "show", done["form"]["id"], user="sam")
    assert (other["interactions"], other["contact"]["id"]) == ([done["interaction"]], person)
    assert len(office.json("service", "ticket", "list", "--contact", person, user="sam")) == 2
    assert thread() == ["email", "call", "form", "chat"]


@pytest.mark.row("S1-21")
def test_a_call_of_an_unknown_number_joins_once_it_is_said_whose_it_is(phones, tmp_path):
    office, person = phones, phones.contacts[4]
    opened = office.json("service", "ticket", "open", "K40 空压机漏油", "--contact", person, user="sam")
    for _step in call(office, tmp_path, "c-1", "13911112222"):
        pass
    wrapped = office.json("callcenter", "wrap", "c-1", "ok", "--note", "空压机还在漏油", user="sam")
    shown = ("service", "ticket", "show", opened["number"])
    assert wrapped["interaction"] not in office.json(*shown, user="sam")["interactions"]
    office.crm("callcenter", "call", "whose", "c-1", person, user="sam")
    assert office.json(*shown, user="sam")["interactions"][-1] == wrapped["interaction"]
    with office.app.read() as reader:
        i = tables.interaction.c
        row = reader.first(select(i.contact_id, i.body).where(i.id == wrapped["interaction"]))
    assert (row.contact_id, row.body) == (person, "空压机还在漏油")
