"""S1-04: no prospect is lost: 100 leads a week, none nobody's after an hour, none silent after a day; three leak.

And the mirror: of 100 leads a rep rejects 61, with reasons, by where they came from.
"""

from datetime import datetime, timedelta

import pytest
from crmcore_sales.leads.deciding import reject
from crmcore_sales.leads.keeping import Received, add
from crmcore_sales.model.lead import Lead
from crmcore_sales.tables import lead
from sqlalchemy import func, select

from crmcore.api import Interaction, Participant, tables
from crmcore.delivery.schedules import keep

SOURCES = ("fair", "web", "referral", "advert")
FORGOTTEN = (13, 47, 82)  # by the order in which they came
TERMS = """
[term."LEAD.BUDGET"]
label = "No budget"
synonyms = ["没预算", "no money"]
[term."LEAD.STUDENT"]
label = "A student"
[term."LEAD.WRONG"]
label = "Wrong address"
"""


def received(office, tx, place, **more):
    """Add a lead about a customer's first contact; nothing but that and the source is said."""
    fields = {"lead_source": SOURCES[place % 4], "campaign": f"C{place % 2}"}
    return add(tx, Received(contact_id=office.staff[place][0], fields=fields, **more))


def talk(office, tx, place, channel="call", direction="out"):
    """Let the lead's owner talk with the person."""
    person = office.staff[place][0]
    owner = tx.value(select(lead.c.owner_id).where(lead.c.contact_id == person))
    one = tx.add(
        Interaction(
            channel=channel, direction=direction, at=tx.now, contact_id=person, customer_id=office.customers[place],
            user_id=owner, seconds=90 if channel == "call" else None, body="first word",
        )
    )  # fmt: skip
    tx.add(Participant(interaction_id=one.id, role="callee", contact_id=person))


@pytest.mark.row("S1-04")
def test_hundred_leads_a_week_of_which_three_leak(office):
    monday = datetime.fromisoformat("2026-11-23T09:00+08:00")
    office.clock.set(monday)
    office.crm("worker", "--once", user="ann")  # the schedule begins
    for day in range(5):
        morning = monday + timedelta(days=day)
        todays = range(20 * day, 20 * day + 20)
        with office.at(morning, user="ann") as tx:
            for place in todays:
                known = {"owner_id": office.users["liu"]} if place % 4 == 0 else {}
                received(office, tx, place, **known)
        office.clock.set(morning + timedelta(minutes=40))
        office.crm("worker", "--once", user="ann")
        told = office.json("sales", "lead", "leaks", user="mei")
        assert (told["received"], told["without_owner"]) == (20 * day + 20, 0)
        # Nobody has leads that are another's: whoever has the customer got what nobody had.
        with office.at(morning + timedelta(hours=5), user="mei") as tx:
            for place in todays:
                if place not in FORGOTTEN:
                    talk(office, tx, place)
            talk(office, tx, 13, "email", "in")  # their mail is no word of ours
    office.clock.set(monday + timedelta(days=5, hours=1))
    office.crm("worker", "--once", user="ann")

    told = office.json("sales", "lead", "leaks", "--days", 7, user="mei")
    assert {name: told[name] for name in ("received", "contacted", "contacted_in_time", "without_owner")} == {
        "received": 100, "contacted": 97, "contacted_in_time": 97, "without_owner": 0,
    }  # fmt: skip
    assert (told["leaking"], told["without_contact"], told["escalated"], told["unnoticed"]) == (3, 3, 3, 0)
    assert [one["lead"]["contact"]["id"] for one in told["leaks"]] == [office.staff[place][0] for place in FORGOTTEN]
    assert [(one["without"], one["escalated"]) for one in told["leaks"]] == [(["contact"], True)] * 3
    shown = office.crm("sales", "lead", "leaks", user="mei").out
    assert all(one["lead"]["title"][:8] in shown for one in told["leaks"])
    assert "100 leads came" in shown
    tasks = office.json("task", "list", "--owner", "mei", user="mei")
    assert len(tasks) == 3
    assert all("without a word of ours for 24 hours" in one["subject"] for one in tasks)
    with office.app.read() as reader:
        owners = reader.rows(select(lead.c.owner_id, tables.customer.c.owner_id).join_from(lead, tables.customer))
    assert sum(mine != theirs for mine, theirs in owners) == sum(place % 6 != 1 for place in range(0, 100, 4))


@pytest.mark.row("S1-04")
def test_watching_asks_as_often_for_many_as_for_few_and_saving_asks_nothing_for_nobody(office, crm_statements):
    def watched(places):
        with office.at(office.clock.now, user="ann") as tx:
            for place in places:
                received(office, tx, place)
        office.clock.advance(hours=30)
        with crm_statements(office.app) as statements:
            keep(office.app)
        return sum("sales_lead" in one for one in statements)

    office.clock.set("2026-11-24T09:00+08:00")
    keep(office.app)  # the schedules begin
    few, many = watched(range(2)), watched(range(2, 62))
    assert many == few > 0
    with office.app.read() as reader:
        loads = reader.rows(select(func.count()).select_from(lead).group_by(lead.c.owner_id))
    assert sorted(row[0] for row in loads) == [10, 10, 10, 10, 11, 11]

    with office.app.transaction(office.app.actor("wang")) as tx, crm_statements(office.app) as statements:
        tx.add(Interaction(channel="note", at=tx.now, body="nobody"))
        tx.flush()
    assert not any("sales_lead" in one for one in statements)


@pytest.mark.row("S1-04")
def test_of_a_hundred_leads_sixty_one_are_rejected_with_reasons_by_source(office, tmp_path):
    (tmp_path / "terms.toml").write_text(TERMS)
    office.crm("config", "apply", tmp_path / "terms.toml", user="ann")
    with office.at("2026-11-23T09:00+08:00") as tx:
        ids = [received(office, tx, place, owner_id=office.users["wang"]).id for place in range(100)]
    refused = office.crm("sales", "lead", "reject", ids[0], "did not like them", code=1)
    assert "LEAD.BUDGET (No budget)" in refused.err
    with office.at("2026-11-23T10:00+08:00") as tx:
        for place in range(3, 61):
            reject(tx, tx.get(Lead, ids[place]), "LEAD.STUDENT" if place % 4 == 3 else "没预算")
    for place in range(3):
        office.crm("sales", "lead", "reject", ids[place], "wrong address", "--note", "bounced")
    found = office.json("sales", "lead", "outcomes", "--owner", "wang", user="mei")
    total = found["total"]
    assert (total["received"], total["rejected"], total["open"]) == (100, 61, 39)
    assert total["reasons"] == {"LEAD.BUDGET": 43, "LEAD.STUDENT": 15, "LEAD.WRONG": 3}
    adverts = next(one for one in found["groups"] if one["name"] == "advert")
    assert (adverts["received"], adverts["rejected"], adverts["reasons"]) == (25, 15, {"LEAD.STUDENT": 15})
    shown = office.crm("sales", "lead", "outcomes", user="mei").out
    assert "Of 100 leads 61 were rejected (61%)" in shown
    assert "A student 15" in shown
    by_campaign = office.json("sales", "lead", "outcomes", "--by", "campaign", user="mei")["groups"]
    assert {one["name"]: one["rejected"] for one in by_campaign} == {"C0": 31, "C1": 30}
    metric = office.json("metric", "show", "sales.leads.rejected", "--by", "source", user="mei")
    assert {one["source"]: one["value"] for one in metric["rows"]}["advert"] == 60.0


@pytest.mark.row("S1-04")
def test_from_the_first_word_to_the_opportunity_nothing_is_typed_twice(office):
    person, firm = office.staff[7][0], office.customers[7]
    said = ("--amount", "1.6M", "--source", "fair", "--campaign", "C7", "--region", "east")
    one = office.json("sales", "lead", "add", "200 routers", "--contact", person, *said, user="ann")
    assert (one["customer"]["id"], one["owner"], one["contacted_at"]) == (firm, "", None)
    office.crm("sales", "lead", "assign", one["id"], user="liu")
    office.crm("log", "Called", "10 min", "--contact", person, user="liu")
    seen = office.json("sales", "lead", "show", one["id"], user="liu")
    assert (seen["owner"], seen["contacted_at"][:10], seen["contact_due"]) == ("liu", "2026-11-24", None)

    deal = office.json("sales", "lead", "accept", one["id"], user="liu")
    assert (deal["customer"]["id"], deal["contact"]["id"], deal["owner"], deal["title"]) == (
        firm, person, "liu", "200 routers",
    )  # fmt: skip
    assert (deal["amount"], deal["lead_source"], deal["campaign"], deal["region"], deal["lead_id"]) == (
        "1600000.00", "fair", "C7", "east", one["id"],
    )  # fmt: skip
    stages = office.json("process", "meter", user="mei")["stages"]
    assert [one["typed"] for one in stages if one["process"] == "opportunity"] == [0]
    office.crm("sales", "lead", "accept", one["id"], user="liu", code=1)  # it was accepted
    assert office.json("sales", "lead", "show", one["id"])["opportunity_id"] == deal["id"]

    # To the pool and back: counted, the clocks begin anew, and it is not given to the same person again.
    other = office.json("sales", "lead", "add", "--customer", firm, "--mine", user="liu")
    assert other["title"]
    office.clock.advance(hours=5)
    back = office.json("sales", "lead", "return", other["id"], "--reason", "not my trade", user="liu")
    assert (back["returned"], back["returned_by"], back["owner"]) == (1, "liu", "")
    assert back["received_at"] > other["received_at"]
    office.crm("worker", "--once", user="ann")
    office.clock.advance(hours=1)
    office.crm("worker", "--once", user="ann")
    assert office.json("sales", "lead", "show", other["id"])["owner"] not in ("", "liu")

    # Who left gets none, and leaves none behind.
    office.crm("user", "deactivate", "zhao", "--successor", "chen", user="ann")
    gone = office.crm("sales", "lead", "assign", other["id"], "--to", "zhao", user="mei", code=1)
    assert "deactivated" in gone.err
    assert "200 routers (qualified)" in office.crm("brief", person, user="liu").out
