"""Row S1-21: a mail, a call, a web form and a chat of one person are one thread: four channels, one ticket."""

import json
import mailbox
from email.message import EmailMessage
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from crmcore_service.tables import post, ticket
from sqlalchemy import func, select

from crmcore.api import tables

KEY = "a-key-of-a-chat-widget"


def count(office, *of):
    with office.app.read() as reader:
        return tuple(reader.value(select(func.count()).select_from(one)) for one in of)


@pytest.mark.row("S1-21")
def test_four_channels_are_one_ticket(office, crm_web, tmp_path, monkeypatch):
    person, colleague, stranger = office.contacts[0], office.staff[0][1], office.contacts[1]
    name = office.json("contact", "show", person)["name"]
    monkeypatch.setenv("WIDGET_KEY", KEY)
    office.crm("setting", "set", "service.web_key", "env:WIDGET_KEY", user="ann")
    office.crm("service", "queue", "add", "Repairs", "--code", "repairs", user="mei")
    contacts = count(office, tables.contact)

    # 1. A mail lies in the mailbox of the help desk.
    box = mailbox.Maildir(tmp_path / "help", create=True)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "p0@firm0.example", "help@huaxin.example", "空压机漏油"
    mail["Message-ID"], mail["Date"] = "<first@firm0.example>", "Mon, 23 Nov 2026 09:00:00 +0800"
    mail.set_content("K40 空压机从昨天开始漏油，地上都是，请尽快派人来修。")
    box.add(mail)
    office.crm(
        "service",
        "mailbox",
        "add",
        "Help",
        "--address",
        f"maildir:{tmp_path / 'help'}",
        "--queue",
        "Repairs",
        user="ann",
    )
    office.crm("service", "mailbox", "read", "Help", user="ann")
    (number,) = [one["number"] for one in office.json("service", "ticket", "list", "--contact", person, user="sam")]

    # 2. He calls; whoever takes the call logs it in one line.
    office.crm("log", name, "来电", "空压机还在漏油，问师傅什么时候到", user="wang")

    with crm_web(office.app) as (host, port):

        def sent(path, body, **headers):
            connection = HTTPConnection(host, port, timeout=60)
            connection.request("POST", path, body=body, headers=headers)
            answer = connection.getresponse()
            told = answer.status, answer.read().decode()
            connection.close()
            return told

        # 3. He fills in the form on the web, 4. and chats.
        form = {
            "name": name,
            "email": "p0@firm0.example",
            "subject": "漏油",
            "text": "K40 的轴封处漏油，附照片。",
            "do": "send",
        }
        status, page = sent(
            "/request/repairs", urlencode(form), **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert (status, number in page) == (200, True)
        said = {"name": name, "email": "p0@firm0.example", "channel": "chat", "id": "chat-1"}
        said |= {
            "messages": [
                {"at": "2026-11-24T10:00+08:00", "from": "customer", "name": name, "text": "漏油的事有进展吗？"}
            ]
        }
        status, told = sent("/request/repairs.json", json.dumps(said), Authorization=f"Bearer {KEY}")
        assert (status, json.loads(told)["new"]) == (200, False)

    one = office.json("service", "ticket", "show", number, user="sam")
    assert [each["channel"] for each in one["thread"]] == ["email", "call", "form", "chat"]
    assert [each["contact"] for each in one["thread"]] == [name] * 4
    assert one["interactions"] == [each["interaction_id"] for each in one["thread"]]
    assert all("漏油" in each["why"] for each in one["thread"][1:]), "each says what brought it there"
    assert count(office, ticket, post, tables.contact) == (1, 4, *contacts), "one thread, and nobody is there twice"
    shown = office.crm("service", "ticket", "show", number, user="sam").out
    assert shown.index("地上都是") < shown.index("师傅") < shown.index("轴封") < shown.index("进展")

    # What is of somebody else, or about something else, is not in it, though it says the same words.
    opened = [
        office.json("service", "ticket", "open", text, "--contact", who, user="sam")
        for who, text in (
            (person, "发票金额开错，需要重开"),
            (colleague, "K40 空压机漏油"),
            (stranger, f"K40 空压机漏油，见 {number}"),
        )
    ]
    assert [each["new"] for each in opened] == [True] * 3
    assert len({number, *(each["number"] for each in opened)}) == 4

    # A colleague who names the number is in it. A person puts right what a machine got wrong, and back again.
    named = office.json("service", "ticket", "open", f"关于 {number}：门卫电话变了", "--contact", colleague, user="sam")
    assert (named["number"], named["why"]) == (number, f"names {number}")
    wrong = one["interactions"][3]
    apart = office.json("service", "ticket", "split", number, wrong, "--subject", "进展", user="mei")
    assert (apart["interactions"], apart["contact"]["id"]) == ([wrong], person)
    back = office.json("service", "ticket", "merge", number, apart["number"], user="mei")
    assert back["interactions"][:4] == one["interactions"]
    moved = office.json("service", "ticket", "move", named["interaction"], opened[1]["number"], user="mei")
    assert moved["interactions"] == [opened[1]["interaction"], named["interaction"]]
    refused = office.crm("service", "ticket", "merge", number, opened[2]["number"], user="mei", code=1).err
    assert "two customers" in refused
