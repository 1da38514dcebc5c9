"""A customer's own page: it says how the ticket stands and nothing else; what is done there happens once."""

from datetime import timedelta

import pytest
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import post, ticket
from crmcore_service.tickets.answering import note
from crmcore_service.tickets.moving import assign_to, resolve
from crmcore_service.tickets.receiving import Request, receive
from sqlalchemy import func, select

from crmcore.web.links import signed

SECRET = "an internal remark, and what another ticket is about"  # noqa: S105 # no password
GONE = "This link does not hold, or no longer. Please ask us for a new one."


@pytest.fixture
def opened(office):
    """A ticket with a note of ours, a technician who is to come, and another ticket of the same person."""
    with office.at(office.clock.now, user="sam") as tx:
        made = receive(
            tx,
            Request(channel="call", at=tx.now, text="The pump <drips>", subject="Pump", contact_id=office.contacts[7]),
        )
        receive(tx, Request(channel="call", at=tx.now, text=SECRET, contact_id=office.contacts[7], new=True))
        record = tx.get(Ticket, made.ticket_id)
        assign_to(tx, record, office.users["sam"])
        note(tx, record, SECRET, tx.now)
        tx.add(
            WorkOrder(
                subject=SECRET, opened_at=tx.now, ticket_id=record.id, technician_id=office.users["liu"],
                promised_on=office.today + timedelta(days=2), note=SECRET, customer_id=record.customer_id,
            )
        )  # fmt: skip
    return made.ticket_id


def _link(office, key) -> str:
    return office.json("service", "ticket", "link", f"T{key}", user="sam")["link"]


def _state(office, key):
    with office.app.read() as reader:
        told = reader.first(select(ticket.c.status, ticket.c.closed_at).where(ticket.c.id == key))
        posts = reader.value(select(func.count()).where(post.c.ticket_id == key, post.c.channel == "form"))
    return told.status, posts


def test_the_page_says_how_it_stands_and_nothing_else(office, site, opened):
    link = _link(office, opened)
    assert (link.startswith("https://service.huaxin.example/s/"), _link(office, opened)) == (True, link)
    status, page = site.ask("GET", link)
    assert (status, f"T{opened}: Pump" in page, "We are working on it." in page) == (200, True, True), page
    assert f"Liu comes on {office.today + timedelta(days=2)} at the latest." in page
    assert SECRET not in page
    assert "drips" not in page
    # Of a promise that was not kept it says so.
    office.clock.advance(days=5)
    assert "was to come by" in site.ask("GET", link)[1]


def test_what_is_done_there_happens_once_and_only_while_it_can(office, site, opened):
    link = _link(office, opened)
    for _again in range(2):
        status, page = site.post(link, do="message", text="It drips more now.", once="page-1")
        assert (status, "Thank you" in page) == (200, True)
    assert site.post(link, do="message", text="  ")[0] == 422
    assert site.post(link, do="reopen", text="")[0] == 422
    assert site.post(link, do="anything", text="x")[0] == 422
    assert _state(office, opened) == ("open", 1)
    with office.at(office.clock.now, user="sam") as tx:
        resolve(tx, tx.get(Ticket, opened), "new seal")
    assert "We think that it is solved." in site.ask("GET", link)[1]
    assert "We are working on it." in site.post(link, do="reopen", text="Still dripping", once="page-2")[1]
    assert _state(office, opened) == ("open", 2)
    assert "It is done." in site.post(link, do="solved")[1]
    assert _state(office, opened) == ("closed", 2)
    assert site.post(link, do="solved")[0] == 422
    office.clock.advance(days=13)
    assert 'value="reopen"' in site.ask("GET", link)[1]
    office.clock.advance(days=2)
    assert 'value="reopen"' not in site.ask("GET", link)[1]
    status, page = site.post(link, do="message", text="It drips again!", once="page-3")
    assert (status, "a number of its own: T" in page, "/s/" in page) == (200, True, True)
    assert _state(office, opened) == ("closed", 2)


def test_a_link_ends_is_taken_back_and_opens_nothing_else(office, site, opened):
    link = _link(office, opened)
    token = link.rpartition("/")[2]
    with office.app.read() as reader:
        foreign = signed(reader, "survey", opened, reader.now + timedelta(days=1))
        guessed = signed(reader, "service status", 10**9, reader.now + timedelta(days=1))
    for wrong in (token[:-1], token + "A", "x", foreign, guessed, f"{token}%00", str(opened)):
        status, page = site.ask("GET", f"/s/{wrong}")
        assert (status, GONE in page) == (404, True), wrong
    office.clock.advance(days=50)
    later = _link(office, opened)
    assert (later == link, site.ask("GET", link)[0], site.ask("GET", later)[0]) == (False, 200, 200)
    office.clock.advance(days=41)
    assert (site.ask("GET", link)[0], site.ask("GET", later)[0]) == (404, 200)
    assert office.json("service", "ticket", "link", f"T{opened}", "--revoke", user="sam")["revoked"] == 1
    assert (site.ask("GET", later)[0], site.post(later, do="solved")[0]) == (404, 404)
    assert site.ask("GET", _link(office, opened))[0] == 200
    office.crm("setting", "unset", "web.key", user="ann")
    assert "crm web key FILE" in office.crm("service", "ticket", "link", f"T{opened}", user="sam", code=1).err
