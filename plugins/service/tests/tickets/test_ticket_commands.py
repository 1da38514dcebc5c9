"""Tickets at the command line: whose they become and why, in bulk, by the workspace's own process, and in briefs."""

from datetime import date, timedelta

import pytest
from crmcore_service.model.asset import Asset
from crmcore_service.model.order import Skill, Technician, Visit, WorkOrder
from crmcore_service.model.ticket import Ticket
from crmcore_service.routing.choosing import candidates
from crmcore_service.tables import post
from crmcore_service.tickets.hearing import noticed
from sqlalchemy import func, select

from crmcore.api import SYSTEM, Event, Interaction, run_job

STATES = """
[process.ticket]
entity = "service_ticket"
field = "status"
states = [
  "new", "open", "with_supplier", "resolved", { name = "done", kind = "done" }, { name = "void", kind = "lost" },
]
"""
WAYS = (
    ("new", "open"), ("open", "with_supplier"), ("with_supplier", "open"), ("with_supplier", "resolved"),
    ("resolved", "open"), ("new", "void"),
)  # fmt: skip
WAY = '[[process.ticket.transitions]]\nfrom = "{}"\nto = "{}"\n'
PROCESS = STATES + "".join(WAY.format(*way) for way in WAYS) + WAY.format("resolved", "done") + 'requires = ["cause"]\n'


@pytest.fixture
def crew(office):
    """People of the north with skills, visits and a place; a queue that gives them its tickets at once."""
    users, now = office.users, office.clock.now
    order = WorkOrder(subject="Repair", opened_at=now)
    office.insert(order)
    office.insert(
        Skill(name="K40", level=5, user_id=users["wang"]),
        Skill(name="K40", level=3, user_id=users["liu"]),
        Skill(name="K40", level=4, user_id=users["zhang"], until=date(2026, 11, 1)),
        Technician(user_id=users["wang"], base="Suzhou", latitude=31.30, longitude=120.58),
        Technician(user_id=users["liu"], base="Beijing", latitude=39.90, longitude=116.40),
        *(
            Visit(work_order_id=order.id, starts_at=now - timedelta(days=n), technician_id=users["wang"], fixed=n > 2)
            for n in range(1, 11)
        ),
    )
    office.crm(
        "service", "queue", "add", "Repairs", "--code", "rep", "--team", "north", "--assign", "automatic", user="mei"
    )
    office.crm("service", "category", "add", "Leak", "--queue", "rep", "--skill", "K40", "--skill-level", 2, user="mei")
    asset = Asset(product="Compressor", model="K40", latitude=31.23, longitude=121.47, customer_id=office.customers[0])
    office.insert(asset)
    return asset


def opened(office, text, person=0, *more):
    return office.json(
        "service", "ticket", "open", text, "--contact", office.contacts[person], "--category", "Leak", *more, user="sam"
    )


def test_whose_a_ticket_becomes_and_why(office, crew, crm_statements):
    one = opened(office, "oil leaks", 0, "--asset", crew.id)
    assert (one["owner"], one["status"], one["queue"]["name"]) == ("wang", "open", "Repairs")
    said = ("service", "ticket", "assign", one["number"])
    found = {each["login"]: each for each in office.json(*said, "--suggest", user="sam")}
    assert list(found) == ["wang", "liu", "zhang"]
    best = found["wang"]
    assert (best["level"], best["load"], best["visits"], best["fix_rate"]) == (5, 1.0, 10, 0.8)
    assert (round(best["distance"]), round(found["liu"]["distance"])) == (85, 1067)
    assert (found["zhang"]["why_not"], best["why_not"]) == ("does not know K40", ""), "what he knew has expired"
    for person in range(2, 12):  # the load counts: more and more go to the other one
        opened(office, f"leak of machine number {person}", person, "--priority", "P1")
    owners = [each["owner"] for each in office.json("service", "ticket", "list", user="sam")]
    assert (set(owners), 3 <= owners.count("liu") < owners.count("wang")) == ({"wang", "liu"}, True)
    office.crm("service", "absence", "add", "wang", "--to", "2026-12-24", user="sam")
    away = {each["login"]: each["why_not"] for each in office.json(*said, "--suggest", user="sam")}
    assert (away["wang"], opened(office, "seal leaks", 13)["owner"]) == ("away until 2026-12-24", "liu")
    office.crm("service", "absence", "add", "liu", user="sam")
    assert opened(office, "valve leaks", 14)["owner"] == "", "nobody fits; it waits in its queue"
    assert "Nobody fits" in office.crm(*said, "--best", user="mei", code=1).err
    assert "--suggest is of one ticket" in office.crm(*said, "T1", "--suggest", user="mei", code=1).err
    assert office.crm(*said, "--nobody", user="mei").out.endswith("; nobody's\n")
    assert office.crm(*said, "--to", "wang", user="mei").out.endswith("; wang's\n")
    with office.at(office.clock.now, user="ann") as tx:
        record = tx.get(Ticket, one["id"])
        with crm_statements(office.app) as asked:
            candidates(tx, record)
    assert len(asked) <= 9
    shown = office.json("service", "queue", "show", "rep", user="sam")
    assert (shown["waiting"], shown["open"], sum(shown["people"].values())) == (1, 13, 12)
    assert office.crm("user", "deactivate", "liu", "--successor", "zhang", user="ann").code == 0
    left = office.json("service", "ticket", "list", "--owner", "zhang", user="sam")
    assert len(left) == owners.count("liu") + 1, "who leaves hands over"


def test_tickets_in_bulk_and_in_lists(office, crew):
    numbers = [opened(office, f"leak {n} of valve {n}", n)["number"] for n in range(4)]
    office.crm("service", "ticket", "take", *numbers[2:], user="mei")
    listed = office.json("service", "ticket", "list", "--mine", user="mei")
    assert [each["number"] for each in listed] == numbers[2:]
    office.crm("service", "ticket", "edit", *numbers, "--priority", "P1", "--at-risk", user="mei")
    office.crm("service", "ticket", "resolve", *numbers[:2], "--resolution", "new seal", "--cause", "wear", user="mei")
    done = office.json("service", "ticket", "list", "--status", "resolved", user="sam")
    assert [(each["number"], each["cause"], each["priority"]) for each in done] == [
        (one, "wear", "P1") for one in numbers[:2]
    ]
    assert (
        office.json("service", "ticket", "list", "--limit", 1, "--after", done[0]["id"], user="sam")[0]["number"]
        == numbers[1]
    )
    for option in (("--unassigned",), ("--channel", "fax"), ("--priority", "P4"), ("--breached",)):
        assert office.json("service", "ticket", "list", *option, user="sam") == []
    assert "no state “nope”" in office.crm("service", "ticket", "list", "--status", "nope", user="sam", code=1).err
    assert (
        len(office.json("service", "ticket", "list", "--at-risk", "--category", "leak", "--queue", "REP", user="sam"))
        == 4
    )
    office.crm("service", "ticket", "reopen", numbers[0], user="mei")
    office.crm("service", "ticket", "close", *numbers[1:3], user="mei")
    office.crm("service", "ticket", "close", numbers[3], "--cancel", user="mei")
    everything = {
        each["number"]: each["status"] for each in office.json("service", "ticket", "list", "--all", user="sam")
    }
    assert everything == dict(zip(numbers, ("open", "closed", "closed", "cancelled"), strict=True))
    again = office.crm("service", "ticket", "close", numbers[3], user="mei", code=1).err
    assert f"{numbers[3]} is cancelled already." in again
    same = office.crm("service", "ticket", "merge", numbers[0], numbers[0], user="mei", code=1).err
    assert f"A ticket cannot be merged into itself: {numbers[0]}." in same
    assert "T1" in office.crm("service", "ticket", "list", COLUMNS="80", user="sam").out or numbers[0]
    told = office.crm("service", "ticket", "show", numbers[0], user="sam").out
    assert "leak 0 of valve 0" in told
    conflict = office.crm(
        "service", "ticket", "edit", numbers[0], "--note", "x", "--version", 1, user="mei", code=1
    ).err
    assert "somebody changed it" in conflict
    brief = office.crm("brief", office.contacts[0]).out
    assert f"{numbers[0]} opened: leak 0" in brief
    assert brief.index("Open tickets") < brief.index(numbers[0])
    names = {each["title"]: each for each in office.json("quality")["figures"]}
    assert (names["Tickets without a category"]["bad"], names["Tickets without a category"]["total"]) == (0, 1)


def test_queues_and_categories_say_what_cannot_be(office, crew):
    service = lambda *said, **more: office.crm("service", *said, user="mei", **more)  # noqa: E731
    assert "“nonsense” is no sender" in service("queue", "edit", "rep", "--address", "nonsense", code=1).err
    assert "Nobody is in the team nope yet." in service("queue", "add", "Depot", "--team", "nope").err
    assert "Nobody is in" not in service("queue", "edit", "Depot", "--team", "").err
    assert "all of service" in service("queue", "list").out
    service("category", "add", "Seal", "--parent", "Leak", "--priority", "p2")
    refused = service("category", "edit", "Leak", "--parent", "Seal", code=1).err
    assert refused.startswith("Error: Category “Leak” would be below itself")
    assert office.json("service", "category", "show", "Seal", user="mei")["priority"] == "P2"


def test_people_who_are_not_in_the_address_book_are_there_once(office):
    said = ("service", "ticket", "open", "The pump leaks", "--name", "Max Muster", "--email", "max@muster.example")
    one = office.json(*said, user="sam")
    other = office.json(*said[:3], "It leaks still", "--email", "MAX@muster.example", user="sam")
    assert (one["contact"]["name"], other["number"], other["new"]) == ("Max Muster", one["number"], False)
    by_name = office.json("service", "ticket", "open", "Max Muster", "pump is loud now", user="sam")
    assert by_name["contact"] == one["contact"]
    assert by_name["subject"] == "pump is loud now"
    firm = office.customers[5]
    for_firm = ("--customer", firm, "--new")
    of_firm = office.json("service", "ticket", "open", "Max Muster", "lamp is dark", *for_firm, user="sam")
    assert (of_firm["subject"], of_firm["contact"], of_firm["customer"]["id"]) == ("lamp is dark", one["contact"], firm)
    asked = office.crm("service", "survey", "ask", of_firm["number"], user="sam", code=1).err
    assert f"{of_firm['number']} is not solved yet." in asked
    nobody = office.crm("service", "ticket", "open", "something is wrong", user="sam")
    assert "It is nobody's" in nobody.err
    assert "address" in office.crm("service", "ticket", "open", "x", "--email", "no mail", user="sam", code=1).err


def test_what_others_log_joins_once(office, crm_statements):
    one = office.json("service", "ticket", "open", "Compressor leaks oil", "--contact", office.contacts[0], user="sam")
    name = office.json("contact", "show", office.contacts[0])["name"]
    for line in (
        "called: the compressor leaks more oil",
        "called about the price of the new pumps",
        f"{one['number']} called",
    ):
        office.crm("log", line, "--contact", office.contacts[0], user="wang")
    office.crm("log", f"I called {name}: we repair the oil leak tomorrow", "--contact", office.contacts[0], user="wang")
    told = office.json("service", "ticket", "show", one["number"], user="sam")
    assert len(told["interactions"]) in (3, 4)
    assert f"names {one['number']}" in [each["why"] for each in told["thread"]]
    private = Interaction(
        channel="call",
        direction="in",
        at=office.clock.now,
        contact_id=office.contacts[0],
        body="leaks oil",
        private=True,
    )
    unknown = Interaction(
        channel="call", direction="in", at=office.clock.now, contact_id=office.contacts[9], body="oil"
    )
    brochure = Interaction(
        channel="email",
        direction="out",
        at=office.clock.now,
        contact_id=office.contacts[0],
        body="When compressors leak oil",
    )
    office.insert(private, unknown, brochure)
    for record, most in ((private, 2), (unknown, 1), (brochure, 8)):
        happened = Event(
            at=office.clock.now, actor="wang", cause="a test", type="interaction.created", entity="interaction",
            subject_id=record.id, data={},
        )  # fmt: skip
        with office.app.transaction(SYSTEM, cause="a test") as tx, crm_statements(office.app) as asked:
            noticed(happened, tx)
            assert len(asked) <= most
    with office.app.read() as reader:
        assert reader.value(select(func.count()).select_from(post)) == len(told["interactions"])


def test_a_workspace_has_its_own_process(office, tmp_path):
    file = tmp_path / "tickets.toml"
    file.write_text(PROCESS)
    office.crm("config", "apply", file, user="ann")
    one = office.json("service", "ticket", "open", "Compressor leaks", "--contact", office.contacts[0], user="sam")
    no_wait = office.crm("service", "ticket", "wait", one["number"], user="sam", code=1).err
    assert "Tickets have no state “waiting” here; they have: new, open, with_supplier, resolved, done, void." in no_wait
    assert office.crm("service", "ticket", "resolve", one["number"], user="sam", code=1).err, "new is not resolved"
    office.crm("service", "ticket", "take", one["number"], user="sam")
    office.crm("process", "move", one["id"], "with_supplier", user="sam")
    office.crm("process", "move", one["id"], "resolved", user="sam")
    told = office.json("service", "ticket", "show", one["number"], user="sam")
    assert (told["status"], told["resolved_at"] is not None) == ("resolved", True)
    assert "cause" in office.crm("service", "ticket", "close", one["number"], user="sam", code=1).err
    other = office.json(
        "service", "ticket", "open", "Valve drips", "--contact", office.contacts[1], "--take", user="sam"
    )
    assert (other["owner"], other["status"]) == ("sam", "new"), "it begins where this process begins"
    for state in ("open", "with_supplier", "resolved"):
        office.crm("process", "move", other["id"], state, user="sam")
    office.crm("service", "ticket", "edit", other["number"], "--cause", "wear", user="sam")
    office.clock.set(office.clock.now + timedelta(days=8))
    run_job(office.app, "service", "closing")
    states = {each["number"]: each["status"] for each in office.json("service", "ticket", "list", "--all", user="sam")}
    assert states == {one["number"]: "resolved", other["number"]: "done"}, "one that lacks its cause keeps none back"
