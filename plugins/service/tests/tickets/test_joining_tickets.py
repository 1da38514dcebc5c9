"""Which ticket a request joins: by its number, by what it is about, and when; and what it costs to find out."""

import csv
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from crmcore_service.model.asset import Asset
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import ticket
from crmcore_service.tickets.likeness import alike, as_said, is_thanks, words
from crmcore_service.tickets.moving import resolve, wait
from crmcore_service.tickets.receiving import Request, receive
from crmcore_service.tickets.views import Asked, statement, views

from crmcore.api import SYSTEM, run_job

MATTERS = Path(__file__).parents[1] / "data" / "matters.csv"
LEAK = "Compressor K40 leaks oil at the shaft seal"


class Desk:
    """The door, at any instant."""

    def __init__(self, office):
        self.office, self.person, self.now = office, office.contacts[0], office.clock.now

    def ask(self, text, after=timedelta(), **more):
        """Let a request come in some time after the first; return what became of it."""
        at = self.now + after
        with self.office.at(at, user="ann") as tx:
            request = {"channel": "email", "contact_id": self.person, "at": at, "text": text} | more
            return receive(tx, Request(**request))

    def ticket(self, received):
        """Return the ticket of what was received."""
        with self.office.app.read() as reader:
            return views(reader, statement(Asked(all=True), self.now).where(ticket.c.id == received.ticket_id))[0]


@pytest.fixture
def desk(office):
    return Desk(office)


LEAK_ZH = "空压机漏油，请派人来修"
PAIRS = (
    (LEAK, "the K40 is leaking oil again", True),
    (LEAK, "Oil leaks everywhere. When does somebody come?", True),
    (LEAK, "Any news? Please call me back.", True),
    (LEAK, "still leaking!", True),
    (LEAK, "Your invoice for the K40 is wrong", False),
    (LEAK, "The compressor K40 is loud when it starts", False),
    (LEAK, "The printer in our office does not print", False),
    (LEAK_ZH, "压缩机又漏油了", True),
    (LEAK_ZH, "请问什么时候有消息？", True),
    (LEAK_ZH, "发票的金额开错了", False),
    ("发票金额不对，请重开", "请重开发票，金额应为 8800", True),
    ("K40 空压机漏油", "K40 is leaking", False),
)
"""What somebody asked, what the same person says then, and whether it is the same matter."""


def test_the_same_matter_is_known_by_its_words(desk, office):
    for (first, then, same), person in zip(PAIRS, office.contacts[20:], strict=False):
        one, other = desk.ask(first, contact_id=person), desk.ask(then, timedelta(hours=5), contact_id=person)
        assert (other.ticket_id == one.ticket_id, other.new, bool(other.why)) == (same, not same, same), (first, then)


def test_how_often_the_same_matter_is_known(desk, office):
    """Sixty pairs that were written before they were tried; many of the other matters are of the same thing."""
    told = {"yes": [], "no": []}
    rows = list(csv.DictReader(MATTERS.read_text(encoding="utf-8").splitlines()))
    for row, person in zip(rows, office.contacts[100:], strict=False):
        one = desk.ask(row["first"], contact_id=person)
        other = desk.ask(row["then"], timedelta(hours=30), contact_id=person)
        told[row["same"]].append(other.ticket_id == one.ticket_id)
    assert (len(told["yes"]), len(told["no"])) == (30, 30)
    assert (sum(told["yes"]) >= 27, sum(told["no"]) <= 3) == (True, True), told


def test_how_alike_two_texts_are():
    both = alike(words("The pump is leaking"), words("Pumps leak"))
    assert (both.share, set(both.words)) == (1, {"pump", "leak"})
    assert alike(words("您好，请问有什么消息吗？"), words(LEAK)).share == 0
    assert not words("Hello, any news? Thanks!")
    assert as_said("The pumps were leaking", both.words) == ["pumps", "leaking"]
    thanks = ("Thank you!", "谢谢，收到", "Thanks, but it still leaks", "Thanks, any news?")
    assert [is_thanks(one) for one in thanks] == [True, True, False, False]


def test_the_best_of_several_is_told_with_the_others(desk):
    leak, noise = desk.ask(LEAK), desk.ask("Compressor K40 makes a noise when it starts", timedelta(minutes=1))
    assert noise.ticket_id != leak.ticket_id
    third = desk.ask("The noise of compressor K40 at the start is louder; oil leaks too", timedelta(hours=1))
    assert (third.ticket_id, f"T{leak.ticket_id}" in third.why) == (noise.ticket_id, True)
    bill = desk.ask("Invoice for compressor K40", timedelta(hours=2))
    assert bill.new
    assert all(f"T{one.ticket_id}" in desk.ticket(bill).note for one in (leak, noise)), "the others are in its note"


def test_never_across_customers(desk, office):
    one = desk.ask(LEAK)
    with office.at(desk.now) as tx:
        k40 = tx.add(Asset(product="Compressor", model="K40", customer_id=office.customers[0]))
        tx.get(Ticket, one.ticket_id).asset_id = k40.id
    stranger = desk.ask(f"About T{one.ticket_id}: {LEAK}", contact_id=office.contacts[1], asset_id=k40.id)
    assert stranger.new
    unknown = desk.ask(LEAK, contact_id=None)
    assert unknown.new
    colleague = desk.ask("Oil leaks at the shaft", contact_id=office.staff[0][1], asset_id=k40.id)
    assert colleague.ticket_id == one.ticket_id, "of the same customer, about the same product"
    assert desk.ask("Oil leaks at the shaft", contact_id=office.staff[0][1]).new, "nobody says that it is that product"


def test_what_is_over_opens_again_or_is_followed(desk, office):
    one = desk.ask(LEAK)
    with office.at(desk.now, user="ann") as tx:
        resolve(tx, tx.get(Ticket, one.ticket_id), "new seal", "wear")
    thanks = desk.ask("Thank you!", timedelta(days=1))
    assert (thanks.ticket_id, desk.ticket(one).status) == (one.ticket_id, "resolved")
    for days, status in ((6.9, "resolved"), (7, "closed")):
        office.clock.set(desk.now + timedelta(days=days))
        run_job(office.app, "service", "closing")
        assert desk.ticket(one).status == status
    again = desk.ask("The seal leaks oil again", timedelta(days=10))
    told = desk.ticket(again)
    assert (again.ticket_id, told.status, told.reopened, told.closed_at) == (one.ticket_id, "open", 1, None)
    with office.at(desk.now + timedelta(days=11), user="ann") as tx:
        resolve(tx, tx.get(Ticket, one.ticket_id))
    later = desk.ask(f"T{one.ticket_id}: it leaks", timedelta(days=26))
    assert (later.new, later.why) == (True, f"T{one.ticket_id} is over")
    trail = office.crm("trail", "ticket", later.ticket_id, user="ann").out
    assert str(one.ticket_id) in trail
    assert desk.ask(LEAK, timedelta(days=90)).new, "after join_days it is another matter"


def test_the_same_request_is_taken_in_once_and_the_customer_ends_the_waiting(desk, office):
    one = desk.ask(LEAK, external_id="<1@firm0.example>")
    assert desk.ask(LEAK, external_id="<1@firm0.example>") == one or desk.ticket(one).interactions == [
        one.interaction_id
    ]
    with office.at(desk.now, user="sam") as tx:
        wait(tx, tx.get(Ticket, one.ticket_id))
    desk.ask("I am out of the office", timedelta(hours=1), ticket_id=one.ticket_id, automatic=True)
    assert desk.ticket(one).status == "waiting", "a machine's answer is none"
    desk.ask("Here is the serial number: 88-1234", timedelta(hours=2), ticket_id=one.ticket_id)
    assert (desk.ticket(one).status, len(desk.ticket(one).interactions)) == ("open", 3)


def test_two_channels_at_once_make_one_ticket(desk, office):
    office.clock.set(desk.now)
    found, start = [], Barrier(6)

    def ask(n):
        start.wait()
        with office.app.transaction(SYSTEM, cause="a test") as tx:
            asked = Request(
                channel="email", contact_id=desk.person, at=desk.now, text=LEAK, external_id=f"<{n}@firm0.example>"
            )
            found.append(receive(tx, asked).ticket_id)

    threads = [Thread(target=ask, args=(n,)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(found), len(set(found))) == (6, 1)


def test_many_tickets_cost_as_much_as_few(desk, office, crm_statements):
    costs = []
    for text, others in (("Gear {n} of line {n} is stuck", 0), ("Valve {n} of boiler {n} drips", 30)):
        for n in range(others):
            desk.ask(text.format(n=n), timedelta(minutes=n), new=True)
        with crm_statements(office.app) as joining:
            desk.ask(LEAK, timedelta(hours=3))
        with crm_statements(office.app) as listing, office.app.read() as reader:
            found = views(reader, statement(Asked(), reader.now).limit(50))
        costs.append((len(joining), len(listing), len(found)))
    (few, few_listed, _n), (many, many_listed, tickets) = costs
    assert (few_listed == many_listed <= 3, tickets >= 31) == (True, True)
    assert many <= few + 1 <= 30
