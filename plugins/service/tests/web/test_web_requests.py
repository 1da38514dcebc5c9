"""Requests from the web: forms of people and machines, JSON of other systems, and chats that grow."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from crmcore_service.model.answer import PublicAnswer
from crmcore_service.model.asset import Asset
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import post, ticket
from crmcore_service.tickets.moving import resolve
from crmcore_service.tickets.receiving import Request, receive
from sqlalchemy import func, select

from crmcore.api import tables

URL = "https://service.huaxin.example"
HELPED = (
    "Tighten the <screws> crosswise.",
    "Change the <gasket>, part 77.",
    "Shut the <valve>.",
    "Lower the <pressure>.",
)
FORM = {"name": "王芳", "email": "fang@kunde.example", "phone": "", "text": "The pump drips.", "subject": "Pump"}


@pytest.fixture
def count(office):
    """How many tickets, posts and contacts there are beside those of before."""

    def counted() -> tuple[int, int, int]:
        with office.app.read() as reader:
            kept = [reader.value(select(func.count()).select_from(one)) for one in (ticket, post, tables.contact)]
        return kept[0], kept[1], kept[2] - len(office.contacts)

    return counted


def test_a_person_fills_in_the_form_and_gets_a_number_and_a_link(site, count, office):
    status, page = site.ask("GET", "/request/REPAIRS?product=P%3C40", **{"Accept-Language": "zh-CN"})
    assert (status, 'value="P&lt;40"' in page, count()) == (200, True, (0, 0, 0))
    once = re.findall(r'name="once" value="([^"]+)"', page)[0]
    assert len(once) >= 20
    for missing in ({**FORM, "text": " "}, {**FORM, "email": ""}, {**FORM, "email": "no address"}):
        status, page = site.post("/request/repairs", **missing)
        assert (status, "王芳" in page, count()) == (422, True, (0, 0, 0))
    pages = [site.post("/request/repairs", **FORM, once=once) for _again in range(2)]  # the button was pressed twice
    (number,) = {found for _status, page in pages for found in re.findall(r"the number (T\d+)", page)}
    (link,) = {found for _status, page in pages for found in re.findall(r'href="([^"]+)"', page)}
    assert (count(), link.startswith(f"{URL}/s/")) == ((1, 1, 1), True)
    assert f"{number}: Pump" in site.ask("GET", link)[1]
    told = office.json("service", "ticket", "show", number, user="sam")
    assert (told["queue"]["name"], told["channel"], told["contact"]["name"]) == ("Repairs", "form", "王芳")


def test_a_button_pressed_often_and_a_stranger_who_writes_often_are_one_person(site, count):
    def press(nth: int) -> int:
        fields = {**FORM, "once": "the same page"} if nth % 2 else {**FORM, "once": f"page {nth}"}
        return site.post("/request/repairs", **fields, do="send")[0]

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(press, range(8))) == {200}
    tickets, posts, people = count()
    assert (tickets, posts, people) == (1, 5, 1)  # four of one page, and four others about the same


def test_who_types_the_address_of_another_sees_nothing_of_theirs(site, count):
    _status, page = site.post("/request/repairs", **FORM)
    (number,) = re.findall(r"the number (T\d+)", page)
    status, page = site.post("/request/repairs", **{**FORM, "name": "Mallory", "text": f"About {number}: any news?"})
    assert (status, f"to your request {number}" in page, "/s/" in page, "王芳" in page) == (200, True, False, False)
    assert count() == (1, 2, 1)  # nobody's name has changed, and nobody is there twice


def test_a_serial_number_is_of_a_product_only_for_whose_it_is(site, office):
    office.insert(Asset(product="Pump", serial="SN-7", customer_id=office.customers[7]))
    for mail, is_theirs in (("p7@firm7.example", True), ("p8@firm8.example", False)):
        _status, told = site.json("/request/repairs.json", email=mail, text="It drips", product="SN-7")
        found = office.json("service", "ticket", "show", told["ticket"], user="sam")
        with office.app.read() as reader:
            body = reader.value(
                select(tables.interaction.c.body).where(tables.interaction.c.id == found["interactions"][0])
            )
        assert (found["asset"] is not None, "Product: SN-7" in body) == (is_theirs, not is_theirs)


def test_machines_get_no_ticket_and_only_open_queues_take_requests(site, count, office):
    status, page = site.post("/request/repairs", **FORM, website_url="https://spam.example")
    assert (status, "Thank you" in page, count()) == (200, True, (0, 0, 0))
    assert site.post("/request/repairs", **{**FORM, "text": "x" * 300_000})[0] == 413
    assert (
        site.post("/request/repairs", **{**FORM, "text": "a\x00\ud800b".encode("utf-8", "replace").decode()})[0] == 200
    )
    assert {site.ask("GET", f"/request/{key}")[0] for key in ("nothing", "%00", "%20", "x" * 5000)} == {404}
    office.crm("setting", "set", "service.web_queues", "sales, service", user="ann")
    assert (site.ask("GET", "/request/repairs")[0], site.post("/request/repairs", **FORM)[0]) == (404, 404)
    office.crm("setting", "set", "service.web_queues", "sales, Repairs", user="ann")
    assert site.ask("GET", "/request/repairs")[0] == 200
    most = {one["most"] for one in office.json("web", "pages", user="ann") if one["methods"] == ["POST"]}
    assert most == {0, 60}  # who has the key may ask any number of times


def test_other_systems_hand_in_requests_with_the_key_and_the_same_one_once(site, count, office):
    path, said = "/request/repairs.json", {"email": "b@b.example", "text": "No steam", "id": "helpdesk-7"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer é"}):
        status, told = site.json(path, {k: v.encode().decode("latin-1") for k, v in headers.items()}, **said)
        assert (status, told) == (401, {"error": "The key is missing or wrong."})
    for wrong, sentence in (
        ({"mail": "x"}, "There is no field “mail”"), ({"text": 7}, "text: a text is wanted"),
        ({"channel": "post"}, "channel: one of"), ({"id": "", "messages": []}, "id: a chat has a name"),
        ({"messages": []}, "messages: a list"), ({"messages": [{"text": "x", "from": "me"}]}, "messages, number 1"),
        ({"messages": [{"text": "x", "from": "us", "at": "2026-11-24"}]}, "no instant"),
        ({"email": ""}, "Please leave"),
    ):  # fmt: skip
        status, told = site.json(path, **{**said, **wrong})
        assert (status, sentence in told["error"]) == (422, True), told
    assert count() == (0, 0, 0)
    first, again = (site.json(path, **said) for _each in range(2))
    assert (first[0], again[1]["ticket"], count()) == (201, first[1]["ticket"], (1, 1, 1))
    assert first[1]["status_url"].startswith(f"{URL}/s/")
    assert site.json("/request/nothing.json", **said)[0] == 404
    office.crm("setting", "unset", "service.web_key", user="ann")
    assert site.json(path, **said)[0] == 401


def _chat(*said: tuple[str, str, str]) -> dict:
    messages = [{"at": f"2026-11-24T{at}+08:00", "from": by, "name": "", "text": text} for at, by, text in said]
    return {"email": "b@b.example", "channel": "chat", "id": "conversation 1", "messages": messages}


def test_a_chat_is_one_interaction_that_grows_and_our_word_in_it_is_an_answer(site, count, office):
    path, asked = "/request/repairs.json", ("09:58", "customer", "The boiler is cold")
    status, told = site.json(path, **_chat(asked))
    key = told["id"]
    assert (status, count()) == (201, (1, 1, 1))
    ours, thanks = ("09:59", "us", "I look it up."), ("10:01", "customer", "It still is cold, and it smells")
    assert site.json(path, **_chat(asked, ours))[0] == 201  # the same conversation, which opened it
    with office.at(office.clock.now, user="sam") as tx:
        record = tx.get(Ticket, key)
        assert record.responded_at.isoformat() == "2026-11-24T01:59:00+00:00"
        resolve(tx, record, "pressed the button")
    for said in ((asked, ours, thanks), (asked,)):  # the second came late
        site.json(path, **_chat(*said))
    with office.app.read() as reader:
        row = reader.first(select(ticket.c.status, ticket.c.interaction_id).where(ticket.c.id == key))
        body = reader.value(select(tables.interaction.c.body).where(tables.interaction.c.id == row.interaction_id))
    assert (row.status, count()) == ("open", (1, 1, 1))
    assert body.splitlines() == [
        "09:58 Customer: The boiler is cold", "09:59 We: I look it up.",
        "10:01 Customer: It still is cold, and it smells",
    ]  # fmt: skip


def test_answers_that_helped_others_are_offered_first_and_count_only_when_confirmed(site, count, office):
    """Deflection (row S1-V12): the form shows three answers at most; what the customer confirms makes no ticket."""
    with office.at(office.clock.now, user="sam") as tx:
        for nth, helped in enumerate(HELPED):
            said = f"The pump P40 drips at the shaft seal, number {nth}"
            made = receive(tx, Request(channel="call", at=tx.now, text=said, subject=said, new=True))
            resolve(tx, tx.get(Ticket, made.ticket_id), helped)
            tx.flush()
            tx.add(
                PublicAnswer(
                    ticket_id=made.ticket_id, title=f"Dripping seal {nth}", text=helped,
                    published_at=tx.now, published_by_id=office.users["sam"],
                )
            )  # fmt: skip
    before = count()
    asking = {**FORM, "text": "Our pump P40 drips at the seal of the shaft", "subject": ""}
    status, page = site.post("/request/repairs", **asking, do="ask", once="page-1")
    assert (status, page.count("This solved it"), "&lt;" in page) == (200, 3, True)
    fields = {name: unescape(value) for name, value in re.findall(r'hidden" name="(\w+)" value="([^"]*)"', page)}
    assert (count(), fields["text"], fields["once"]) == (before, asking["text"], "page-1")
    assert office.json("service", "deflection", "list", user="mei")[0]["status"] == "offered"
    for place, status in (("9", 422), ("x", 422), ("2", 200), ("2", 200)):
        assert site.post("/request/repairs", **fields, do=f"solved {place}")[0] == status
    assert (count(), office.json("service", "deflection", "list", user="mei")[0]["status"]) == (before, "confirmed")
    # Of the next one nothing helps: the request is sent, and does not count.
    _status, page = site.post("/request/repairs", **asking, do="ask", once="page-2")
    fields = {name: unescape(value) for name, value in re.findall(r'hidden" name="(\w+)" value="([^"]*)"', page)}
    _status, page = site.post("/request/repairs", **fields, do="send")
    (number,) = re.findall(r"the number (T\d+)", page)
    assert count() == (before[0] + 1, before[1] + 1, 1)
    told = office.json("service", "deflection", "list", user="mei")
    assert sorted(one["status"] for one in told) == ["confirmed", "ticket"]
    assert number in str(told)
    # A page that lay open too long loses its answers, and no request.
    assert "the number" in site.post("/request/repairs", **{**FORM, "email": "z@z.example", "token": "x"}, do="send")[1]
