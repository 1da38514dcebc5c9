"""Figures and traits of service, over a handful of tickets whose answers can be told by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from crmcore_service import tables
from crmcore_service.model.answer import Rating
from crmcore_service.model.asset import Asset, Contract
from crmcore_service.model.gain import Cost, Gain
from crmcore_service.model.queue import TicketQueue
from crmcore_service.model.ticket import Ticket
from sqlalchemy import insert

from crmcore.api import Interaction, selection

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def ago(**by):
    return NOW - timedelta(**by)


@pytest.fixture
def desk(office):
    """Seven tickets of two customers in two queues: three are open, three resolved, one was merged."""
    firm, other = office.customers[7], office.customers[8]
    person = office.staff[7][0]
    pumps, rest = TicketQueue(name="Pumps"), TicketQueue(name="Rest")
    press = Asset(product="Press", customer_id=firm, warranty_until=date(2027, 3, 1))
    gone = Asset(product="Press", customer_id=firm, warranty_until=date(2026, 1, 1))
    office.insert(pumps, rest, press, gone)
    common = {"customer_id": firm, "contact_id": person, "queue_id": pumps.id, "asset_id": press.id}
    done = [
        Ticket(subject="at once", opened_at=ago(days=9), responded_at=ago(days=9, hours=-1), status="resolved",
               resolved_at=ago(days=9, hours=-2), **common),
        Ticket(subject="twice", opened_at=ago(days=9), responded_at=ago(days=9, hours=-3), status="resolved",
               resolved_at=ago(days=8), reopened=1, **common),
        Ticket(subject="asked back", opened_at=ago(days=8), responded_at=ago(days=8, hours=-5), status="closed",
               resolved_at=ago(days=8, hours=-10), closed_at=ago(days=1), customer_id=other, queue_id=rest.id),
    ]  # fmt: skip
    waiting = [
        Ticket(subject="new", opened_at=ago(hours=3), at_risk=True, **common),
        Ticket(subject="week", opened_at=ago(days=5), status="open", customer_id=other, queue_id=rest.id),
        Ticket(subject="old", opened_at=ago(days=40), status="waiting", **common),
    ]
    office.insert(*done, *waiting)
    office.insert(Ticket(subject="merged", opened_at=ago(days=2), merged_into_id=waiting[0].id, status="closed",
                         closed_at=ago(days=2), customer_id=firm))  # fmt: skip
    said = [(done[0], 1), (done[1], 1), (done[2], 2)]
    talks = [Interaction(channel="email", direction="in", at=one.opened_at) for one, n in said for _each in range(n)]
    office.insert(*talks)
    rows = [one.id for one, n in said for _each in range(n)]
    with office.app.transaction(cause="a test") as tx:
        tx.execute(insert(tables.post), [
            {"id": tx.new_id(), "ticket_id": key, "interaction_id": talk.id, "at": talk.at, "direction": "in",
             "channel": "email", "message_id": "", "why": "", "automatic": False}
            for key, talk in zip(rows, talks, strict=True)
        ])  # fmt: skip
    office.insert(
        Cost(day=date(2026, 11, 16), what="labour", amount=Decimal(90), minutes=60, ticket_id=done[0].id,
             customer_id=firm, user_id=office.users["sam"]),
        Cost(day=date(2026, 11, 16), what="parts", amount=Decimal(30), currency="EUR", rate=Decimal(8),
             ticket_id=done[2].id, customer_id=other),
        Gain(kind="renewal", amount=Decimal(500), day=date(2026, 11, 16), status="confirmed", ticket_id=done[0].id,
             customer_id=firm),
        Gain(kind="sale", amount=Decimal(70), day=date(2026, 11, 16), ticket_id=done[0].id, customer_id=firm),
        Contract(name="Care", customer_id=firm, ends_on=date(2026, 12, 31)),
        Rating(ticket_id=done[0].id, customer_id=firm, contact_id=person, score=5),
        Rating(ticket_id=done[1].id, customer_id=firm, score=2),
    )  # fmt: skip
    return office


def test_the_figures_are_those_one_counts_by_hand(desk):
    def shown(name, by=""):
        rows = desk.json("metric", "show", f"service.{name}", *(("--by", by) if by else ()), user="ann")["rows"]
        return {row[by]: row["value"] for row in rows} if by else rows[0]["value"]

    assert (shown("opened"), shown("resolved"), shown("open")) == (6, 3, 3)
    assert shown("open", "age") == {"0-1": 1, "3-7": 1, "30+": 1}
    assert shown("open", "queue") == {"Pumps": 2, "Rest": 1}
    assert shown("resolved", "product") == {"Press": 2, None: 1}
    assert (shown("first_contact"), shown("reopened")) == (33.3, 33.3)
    assert (shown("answer_hours"), shown("resolution_hours")) == (3.0, 12.0)
    assert (shown("cost"), shown("minutes"), shown("cost_per_ticket")) == ("330.00", 60, "110.00")
    assert shown("cost_per_ticket", "queue") == {"Pumps": "45.00", "Rest": "240.00"}
    assert shown("cost", "what") == {"labour": "90.00", "parts": "240.00"}
    assert (shown("gains"), shown("claims")) == ("500.00", "70.00")
    assert shown("gains", "kind") == {"renewal": "500.00"}


ASKED = {
    "service.open_tickets == 2": 3,
    "service.own_open_tickets > 0": 1,
    "service.own_tickets == 4 && service.tickets == 4": 1,
    "days_since(service.last_ticket) > 4": 3,
    "days_since(service.own_last_ticket) < 1": 1,
    "service.at_risk": 3,
    "service.assets == 2": 3,
    'service.warranty_ends == date("2027-03-01")': 3,
    'service.contract_ends < date("2027-01-01")': 3,
    "service.satisfaction < 4": 3,
    "service.own_satisfaction == 5": 1,
}
"""How many of the people of two customers, three each, an expression chooses."""


def test_selections_ask_what_service_knows(desk):
    with desk.app.read(desk.app.actor("ann")) as reader:
        found = {asked: len(reader.rows(selection(reader, asked).statement)) for asked in ASKED}
    assert found == ASKED
