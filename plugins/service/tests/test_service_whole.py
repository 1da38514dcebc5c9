"""The plugin as a whole: merging and taking back, erasing, searching, who sees what, counted statements, its JSON."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from crmcore_service.model.answer import Deflection, Rating
from crmcore_service.model.asset import Asset, Contract
from crmcore_service.model.gain import Cost, Gain
from crmcore_service.model.order import WorkOrder
from crmcore_service.model.queue import Category, TicketQueue
from crmcore_service.model.ticket import Ticket
from crmcore_service.tables import metadata, outgoing, received
from crmcore_service.tickets.receiving import Request, receive
from sqlalchemy import insert, select

from crmcore.api import tables
from crmcore.testing.statements import executed_anywhere

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
TEA = "mag grünen Tee"
NOUNS = ("ticket", "order", "asset", "level", "queue", "contract", "category", "technician", "mailbox")
TICKET = {
    "id", "customer", "contact", "channel", "queue", "priority", "status", "owner", "opened_at", "first_response_due",
    "resolution_due", "breached", "interactions",
}  # fmt: skip
DEPARTMENT = """
[role.marketing]
read = "all"
write = "own"
hide = [
  "service_ticket.subject", "service_ticket.resolution", "service_ticket.note", "service_work_order.subject",
  "service_rating.comment",  "interaction.subject", "interaction.body",
]
"""


@pytest.fixture
def busy(office):
    """Everything that service keeps of people, of the first six customers."""
    crm = office.crm
    crm("service", "level", "add", "Standard", "--target", "response=1d", "--target", "resolution=5d", user="ann")
    crm("service", "queue", "add", "Kesseldienst 锅炉", "--level", "Standard", user="ann")
    with office.app.read() as reader:
        queue = reader.value(select(metadata.tables["service_queue"].c.id))
    kind = Category(name="Dichtung")
    office.insert(kind)
    with office.at(AT, user="ann") as tx:
        for place in range(6):
            contact, customer = office.staff[place][0], office.customers[place]
            who = {"contact_id": contact, "customer_id": customer}
            got = receive(
                tx,
                Request(
                    channel="email", at=AT, subject=f"Kessel {place} undicht", text=f"Der Kessel leckt, {TEA}", **who,
                    queue_id=queue, category_id=kind.id, message_id=f"m{place}@firm.example", note=TEA,
                ),
            )  # fmt: skip
            asset = tx.add(Asset(product="Kessel", model="K 40", serial=f"K-{place}", status="active", note=TEA, **who))
            deal = tx.add(Contract(name=f"Wartung 维保 {place}", amount=Decimal(9000), note=TEA, **who))
            tx.flush()
            tx.add(
                WorkOrder(
                    subject=f"Dichtung {place}", kind="repair", opened_at=AT, ticket_id=got.ticket_id,
                    asset_id=asset.id, note=TEA, owner_id=office.users["sam"], **who,
                )
            )  # fmt: skip
            tx.add(Deflection(question=f"Wie dichten? {TEA}", asked_at=AT, channel="form", status="confirmed", **who))
            tx.add(Rating(ticket_id=got.ticket_id, score=5, comment=TEA, status="answered", answered_at=AT, **who))
            tx.add(Cost(day=AT.date(), what="parts", amount=Decimal(100), note=TEA, **who))
            tx.add(
                Gain(
                    kind="renewal", day=AT.date(), amount=Decimal(500), ticket_id=got.ticket_id,
                    reason=TEA, entity="service_contract", record_id=deal.id, **who,
                )
            )  # fmt: skip
            mail = {
                "id": tx.new_id(), "ticket_id": got.ticket_id, "work_order_id": None, **who, "kind": "reply",
                "purpose": "service", "sender": "s@x.example", "address": f"tea{place}@firm.example",
                "subject": TEA, "text": TEA, "status": "queued" if place == 0 else "sent", "reason": "",
                "message_id": f"o{place}@x.example", "in_reply_to": "", "references": "", "due_at": AT, "attempts": 0,
                "worker": "", "details": {},
            }  # fmt: skip
            tx.execute(insert(outgoing), [mail])
            came = {
                "id": tx.new_id(), "mailbox_id": None, "key": str(place), "message_id": f"m{place}@firm.example",
                "digest": f"d{place}", "at": AT, "sender": f"tea{place}@firm.example", "subject": TEA,
                "kind": "ticket", "reason": "", "ticket_id": got.ticket_id, "interaction_id": got.interaction_id,
            }  # fmt: skip
            tx.execute(insert(received), [came])
    return office


def everything(office):
    """Return all rows of service, without the count of how often each was written."""
    with office.app.engine.connect() as connection:
        return {
            table.name: sorted(
                repr([value for name, value in row.items() if name not in ("version", "updated_at")])
                for row in connection.execute(select(table)).mappings()
            )
            for table in metadata.sorted_tables
        }


def figures(office):
    """Return what is told of service as sums."""
    metrics = ("service.opened", "service.open", "service.satisfaction", "service.deflected", "service.cost")
    shown = office.json("service", "return", "show", "--from", "2026-11-01", "--to", "2026-11-30", user="mei")
    return (
        [office.json("metric", "show", name, user="ann")["rows"] for name in metrics],
        shown,
        office.json("service", "queue", "list", user="ann"),
    )


def test_a_merge_takes_service_along_and_back(busy):
    office, before = busy, everything(busy)
    for kind, one, other in (
        ("contact", office.staff[0][0], office.staff[1][0]), ("customer", *office.customers[:2]),
    ):  # fmt: skip
        office.crm(kind, "merge", one, other, user="ann")
        assert len(office.json("service", "ticket", "list", f"--{kind}", one, user="ann")) == 2
        assert everything(office) != before
        office.crm(kind, "unmerge", other, user="ann")
        now = everything(office)
        assert {n: set(before[n]) ^ set(now[n]) for n in now if now[n] != before[n]} == {}


def test_an_erased_person_is_gone_from_service_and_sums_stay(busy):
    office, person = busy, busy.staff[0][0]
    name = office.json("contact", "show", person)["name"]
    (theirs,) = office.json("service", "ticket", "list", "--contact", person, user="ann")
    office.crm("service", "ticket", "note", theirs["number"], f"{name} {TEA}", user="ann")
    before = figures(office)
    office.crm("erase", person, "--yes", user="mei")
    assert figures(office) == before
    with office.app.engine.connect() as connection:
        rows = [dict(row) for table in metadata.sorted_tables for row in connection.execute(select(table)).mappings()]
        told = connection.execute(
            select(tables.journal.c.data).where(tables.journal.c.subject_id == theirs["id"])
        ).all()
    assert not [row for row in rows if row.get("contact_id") == person or name in str(row) or "tea0@" in str(row)]
    assert not [row for row in told if TEA in str(row) or name in str(row)]
    assert [row["status"] for row in rows if row.get("message_id") == f"erased-{row['id']}"] == ["cancelled"]
    assert sum(TEA in str(row) for row in rows if "comment" in row) == 5
    assert office.json("service", "ticket", "show", theirs["number"], user="ann")["contact"] is None


def test_anything_is_found_by_a_part_of_a_word(busy):
    def found(sought):
        return {(hit["entity"], hit["title"]) for hit in busy.json("search", sought, user="ann")}

    assert ("service_ticket", "Kessel 3 undicht") in found("essel 3 undich")
    assert ("service_work_order", "Dichtung 4") in found("ichtung 4")
    assert ("service_contract", "Wartung 维保 2") in found("维保 2")
    assert ("service_asset", "Kessel") in found("K-5")


def test_marketing_sees_that_there_is_a_ticket_and_not_what_it_says(busy, tmp_path):
    """S1-19 with the real plugin: a department has the facts it needs and no others."""
    office = busy
    (tmp_path / "roles.toml").write_text(DEPARTMENT, encoding="utf-8")
    office.crm("config", "apply", tmp_path / "roles.toml", user="ann")
    office.crm("user", "add", "mia", "--role", "marketing", user="ann")
    (listed,) = office.json("service", "ticket", "list", "--customer", office.customers[0], user="mia")
    assert (listed["status"], listed["subject"], listed["note"]) == ("new", "", "")
    for command in (
        ("service", "ticket", "show", listed["number"]), ("service", "ticket", "list"), ("brief", office.customers[0]),
        ("search", "Kessel"), ("service", "breach", "list"), ("history", listed["id"]),
    ):  # fmt: skip
        shown = office.crm(*command, user="mia")
        assert TEA not in shown.out, command
        assert "undicht" not in shown.out, command
    assert "undicht" in office.crm("service", "ticket", "show", listed["number"], user="sam").out
    refused = office.crm("service", "ticket", "edit", listed["number"], "--note", "mine", user="mia", code=1)
    assert "hidden" in refused.err


def test_who_leaves_hands_tickets_and_work_orders_over(busy):
    office = busy
    first, second = office.json("service", "ticket", "list", user="ann")[:2]
    office.crm("service", "ticket", "assign", first["number"], second["number"], "--to", "sam", user="ann")
    office.crm("service", "ticket", "close", second["number"], user="sam")
    office.crm("user", "deactivate", "sam", "--successor", "liu", user="ann")
    assert [one["id"] for one in office.json("service", "ticket", "list", "--owner", "liu", user="ann")] == [
        first["id"]
    ]
    assert {one["owner"] for one in office.json("service", "order", "list", user="ann")} == {"liu"}


def test_every_noun_lists_and_shows_as_json(busy):
    office = busy
    office.crm("service", "technician", "add", "sam", user="ann")
    office.crm("service", "mailbox", "add", "post", "--address", "maildir:.", user="ann")
    for noun in NOUNS:
        listed = office.json("service", noun, "list", user="ann")
        assert listed, noun
        shown = office.json("service", noun, "show", listed[0]["id"], user="ann")
        assert listed[0].keys() - shown.keys() == set(), noun
    tickets = office.json("service", "ticket", "list", user="ann")
    assert all(one.keys() >= TICKET for one in tickets)
    assert len(tickets) == 6
    assert all(len(one["interactions"]) == 1 for one in tickets)


LISTS = (
    ("ticket", "list"), ("ticket", "list", "--breached"), ("queue", "list"), ("order", "list"), ("asset", "list"),
    ("contract", "list"), ("breach", "list"), ("answer", "find", "Kessel leckt"), ("deflection", "list"),
    ("survey", "list"), ("cost", "list"), ("gain", "list"), ("outgoing", "list"), ("inbox", "list"),
    ("return", "show"), ("survey", "report"), ("deflection", "report"),
)  # fmt: skip
NOTES = ("hook_time", "finding", "BEGIN")
"""Words of the host's own notes, which come where time was short, and of what begins a transaction."""


def test_what_is_listed_asks_as_often_for_many_as_for_few(busy):
    office = busy

    def asked():
        found = {}
        for each in (*LISTS, ("ticket", "show", first)):
            with executed_anywhere(*NOTES) as executed:
                office.crm("service", *each, "--json", user="ann")
            found[each] = Counter(executed)
        for party in (office.customers[0], office.staff[0][0]):
            with executed_anywhere(*NOTES) as executed:
                office.crm("brief", party, "--json", user="ann")
            found["brief", party] = Counter(executed)
        return found

    first = office.json("service", "ticket", "list", user="ann")[0]["number"]
    asked()  # what is kept for the next command is kept now
    counts = asked()
    who = {"contact_id": office.staff[0][0], "customer_id": office.customers[0]}
    many = [Ticket(subject=f"More {place}", opened_at=AT + timedelta(hours=place), **who) for place in range(40)]
    office.insert(*many, *(TicketQueue(name=f"Q{place}") for place in range(10)))
    office.insert(
        *(WorkOrder(subject="w", opened_at=AT, ticket_id=one.id, **who) for one in many),
        *(Asset(product=f"P{place}", serial=str(place), **who) for place in range(40)),
        *(Contract(name=f"C{place}", **who) for place in range(40)),
        *(Rating(ticket_id=one.id, score=4, status="answered", answered_at=AT, **who) for one in many),
        *(Cost(day=AT.date(), what="parts", amount=Decimal(1), ticket_id=one.id) for one in many),
        *(Deflection(question="q", asked_at=AT, **who) for _one in many),
    )
    again = asked()
    assert {each: again[each] - counts[each] for each in again if again[each].total() > counts[each].total()} == {}
