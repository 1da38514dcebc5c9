"""S1-V13: service's profit and loss: cost 180k, renewals traced to tickets 260k, churn avoided 90k, and their chains.

Engineers' time at what an hour of theirs costs, parts and travel out of work orders, contracts that were renewed after
tickets, and a customer at risk who bought again.
"""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from crmcore_service.model.asset import Asset, Contract
from crmcore_service.model.order import Part, Visit, WorkOrder
from crmcore_service.model.queue import TicketQueue
from crmcore_service.model.ticket import Ticket

SHOW = ("service", "return", "show", "--from", "2026-01-01", "--to", "2026-11-30")


def at(day, hour=2):
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour)


@pytest.fixture
def year(office_with_sales):
    """A year of service: two queues, four tickets, two work orders, two renewals, and a customer won back."""
    from crmcore_sales.model.opportunity import Opportunity

    office = office_with_sales
    office.clock.set("2026-11-23T10:00+08:00")
    firms = office.customers
    pumps, helpdesk = TicketQueue(name="Pumps"), TicketQueue(name="Helpdesk")
    press = Asset(product="Press Z", customer_id=firms[1], serial="Z-1")
    office.insert(pumps, helpdesk, press)
    old = [
        Contract(name=f"Care {n}", number=f"C{n}", customer_id=firms[n], amount=Decimal(90_000 + 10_000 * n))
        for n in (1, 2, 3)
    ]
    office.insert(*old)
    tickets = [
        Ticket(subject="press stands still", customer_id=firms[1], contract_id=old[0].id, asset_id=press.id,
               queue_id=pumps.id, opened_at=at("2026-03-02")),
        Ticket(subject="leaks again", customer_id=firms[2], queue_id=pumps.id, opened_at=at("2026-04-02")),
        Ticket(subject="we are leaving you", customer_id=firms[4], queue_id=helpdesk.id, opened_at=at("2026-05-02"),
               at_risk=True),
        Ticket(subject="where is the manual", customer_id=firms[5], queue_id=helpdesk.id, opened_at=at("2026-06-02")),
    ]  # fmt: skip
    office.insert(*tickets)
    office.insert(
        Contract(name="Care 1 again", number="C1-27", customer_id=firms[1], amount=Decimal(100_000),
                 starts_on=date(2026, 9, 1), renewed_from_id=old[0].id),
        Contract(name="Care 2 again", number="C2-27", customer_id=firms[2], amount=Decimal(20_000), currency="EUR",
                 rate=Decimal(8), starts_on=date(2026, 9, 2), renewed_from_id=old[1].id),
        # Of the third customer there was no ticket, and the fourth's order was before the ticket: neither is ours.
        Contract(name="Care 3 again", number="C3-27", customer_id=firms[3], amount=Decimal(70_000),
                 starts_on=date(2026, 9, 3), renewed_from_id=old[2].id),
    )  # fmt: skip
    won = {"stage": "won", "status": "won", "owner_id": office.users["wang"], "rate": Decimal(1)}
    office.insert(
        Opportunity(title="Stays with us", customer_id=firms[4], amount=Decimal(90_000), closed_on=date(2026, 7, 1),
                    closed_at=at("2026-07-01"), **won),
        Opportunity(title="Before", customer_id=firms[4], amount=Decimal(5_000), closed_on=date(2026, 2, 1),
                    closed_at=at("2026-02-01"), **won),
    )  # fmt: skip
    office.tickets = [one.id for one in tickets]
    return office


def spend(office):
    """Spend 180,000: 300 hours of engineers, two visits, their parts and travel, and a translator abroad."""
    first, second, *_others = office.tickets
    office.crm("service", "cost", "rate", "300", "--from", "2026-01-01", user="mei")
    office.crm("service", "cost", "rate", "450", "--user", "sam", "--from", "2026-06-01", user="mei")
    office.crm("setting", "set", "service.km_rate", "2", user="ann")
    for day, who in (("2026-03-03", "sam"), ("2026-07-03", "sam"), ("2026-07-03", "liu")):
        noted = ("--minutes", 6000, "--on", day, "--user", who)
        office.crm("service", "ticket", "work", f"T{first}", *noted, user="sam")
    with office.at("2026-08-03T18:00+08:00", user="sam") as tx:
        order = tx.add(WorkOrder(subject="new seals", ticket_id=second, customer_id=office.customers[2],
                                 opened_at=tx.now, done_at=tx.now))  # fmt: skip
        visit = tx.add(Visit(work_order_id=order.id, starts_at=at("2026-08-03", 1), ends_at=at("2026-08-03", 5),
                             technician_id=office.users["liu"], kilometres=400))  # fmt: skip
        tx.add(Part(work_order_id=order.id, name="seal", quantity=Decimal(10), unit_cost=Decimal(4_000)))
    office.crm("service", "cost", "add", "4000EUR", "--rate", "7.75", "--for", "other", "--ticket", f"T{first}",
               "--on", "2026-08-05", "--note", "translator", user="mei")  # fmt: skip
    office.crm("service", "cost", "add", "2000", "--for", "travel", "--order", f"W{order.id}", "--on", "2026-08-05",
               user="mei")  # fmt: skip
    return order.id, visit.id


@pytest.mark.row("S1-V13")
def test_service_shows_what_it_cost_and_brought_and_every_figure_opens_its_chain(year, tmp_path):
    office = year
    order, visit = spend(office)
    # 100 h at 300, 100 h at 450, 100 h at 300; a visit of 4 h at 300, 400 km at 2, ten seals at 4,000; and two sums.
    told = office.json(*SHOW, user="mei")
    assert told["whole"]["costs"] == {
        "labour": "106200.00", "parts": "40000.00", "travel": "2800.00", "other": "31000.00",
    }  # fmt: skip
    assert told["whole"]["cost"] == "180000.00"
    assert told["whole"]["gained"] == "0.00"

    # What the facts suggest is claimed; it counts when a manager confirms it, and nothing counts twice.
    claims = office.crm("service", "gain", "propose", "--json", user="sam").json
    assert [(one["ticket_id"], one["kind"]) for one in claims] == [(key, "renewal") for key in office.tickets[:2]]
    office.crm("worker", "--once", user="ann")  # the schedules begin
    office.clock.advance(days=1)
    office.crm("worker", "--once", user="ann")  # who sees what deals came to, as the worker does, finds more
    claims = office.json("service", "gain", "list", "--status", "claimed", user="mei")
    (save,) = (one for one in claims if one["kind"] == "save")
    assert (save["ticket_id"], save["entity"]) == (office.tickets[2], "sales_opportunity")
    assert office.crm("service", "gain", "propose", "--json", user="mei").json == []
    beside = office.json(*SHOW, user="mei")["whole"]
    assert (beside["gained"], beside["claimed"]) == ("0.00", "350000.00")
    keys = [one["id"] for one in claims]
    refused = office.crm("service", "gain", "confirm", keys[0], user="sam", code=1)
    assert "admin, manager" in refused.err
    office.crm("service", "gain", "confirm", *keys, user="mei")
    again = office.crm(
        "service", "gain", "add", "sale", "--ticket", f"T{office.tickets[0]}", "--contract", "C1-27", user="mei", code=1
    )  # fmt: skip
    assert "nothing counts twice" in again.err

    told = office.json(*SHOW, user="mei")
    whole = told["whole"]
    assert (whole["cost"], whole["gains"]["renewal"], whole["gains"]["save"]) == ("180000.00", "260000.00", "90000.00")
    assert (whole["gained"], whole["claimed"], whole["result"]) == ("350000.00", "0.00", "170000.00")
    for by in ("month", "queue", "category", "product", "customer"):
        rows = office.json(*SHOW, "--by", by, user="mei")["rows"]
        for figure in ("cost", "gained", "result"):
            assert sum(Decimal(one[figure]) for one in rows) == Decimal(whole[figure]), (by, figure)
    by_queue = {
        one["name"]: (one["cost"], one["gained"]) for one in office.json(*SHOW, "--by", "queue", user="mei")["rows"]
    }
    assert by_queue == {"Pumps": ("180000.00", "260000.00"), "Helpdesk": ("0.00", "90000.00")}

    # Every figure opens: its entries add up to it, and each leads to the ticket and to what shows it.
    opened = office.json(*SHOW, "--open", "renewals", user="mei")
    assert sum(Decimal(one["worth"]) for one in opened) == Decimal(260_000)
    trail = office.json("trail", "gain", opened[0]["id"], user="mei")["trail"]
    assert [(one["entity"], one["id"]) for one in trail] == [
        ("service_ticket", office.tickets[0]), ("service_gain", opened[0]["id"]),
        ("service_contract", opened[0]["record_id"]),
    ]  # fmt: skip
    (saved,) = office.json(*SHOW, "--open", "saves", user="mei")
    assert saved["reason"] == f"“Stays with us” was won after T{office.tickets[2]}"
    for what, amount in whole["costs"].items():
        entries = office.json(*SHOW, "--open", what, user="mei")
        assert sum(Decimal(one["worth"]) for one in entries) == Decimal(amount), what
    (parts,) = office.json(*SHOW, "--open", "parts", user="mei")
    assert (parts["ticket_id"], parts["work_order"], parts["entity"]) == (
        office.tickets[1],
        f"W{order}",
        "service_part",
    )

    shown = office.crm(*SHOW, user="mei", COLUMNS="80").out
    assert all(one in shown for one in ("renewals", "churn avoided", "260,000.00", "90,000.00", "180,000.00"))
    file = tmp_path / "service.csv"
    office.crm(*SHOW, "--out", file, user="mei")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert Decimal(list(csv.DictReader(lines))[-1]["result"].replace(",", "")) == Decimal(170_000)
    office.crm(*SHOW, "--out", tmp_path / "service.svg", user="mei")
    # What deals came to is not for who serves, unless the workspace says so; costs are.
    withheld = office.json(*SHOW, user="sam")
    assert (withheld["whole"]["cost"], withheld["whole"]["gained"]) == ("180000.00", None)
    # A visit is changed, and its order is done with: its costs follow; what was typed stays.
    with office.at("2026-11-23T10:00+08:00", user="liu") as tx:
        tx.get(Visit, visit).ends_at = at("2026-08-03", 6)
    assert office.json(*SHOW, user="mei")["whole"]["costs"]["labour"] == "106500.00"
    entry = office.json("service", "cost", "list", "--order", f"W{order}", "--for", "labour", user="mei")[0]
    assert "change that" in office.crm("service", "cost", "remove", entry["id"], user="mei", code=1).err
    with office.at("2026-11-23T10:00+08:00", user="ann") as tx:
        tx.remove(tx.get(WorkOrder, order))
    assert office.json(*SHOW, user="mei")["whole"]["costs"] == {
        "labour": "105000.00", "parts": "0.00", "travel": "2000.00", "other": "31000.00",
    }  # fmt: skip


def won_deal(office, title, place, amount, day):
    """Write down a deal that a customer's person signed on a day."""
    from crmcore_sales.model.opportunity import Opportunity

    deal = Opportunity(
        title=title, customer_id=office.customers[place], amount=Decimal(amount), stage="won", status="won",
        rate=Decimal(1), owner_id=office.users["wang"], closed_on=date.fromisoformat(day), closed_at=at(day),
    )  # fmt: skip
    office.insert(deal)
    return deal


@pytest.mark.row("S1-V13")
def test_what_is_linked_with_a_ticket_or_claimed_by_hand_counts_once(year):
    from crmcore_sales.model.lead import Lead

    office, (first, _second, _third, fourth) = year, year.tickets
    press, belts, third = (
        won_deal(office, *said)
        for said in (
            ("New press", 5, 40_000, "2026-08-01"),
            ("Spare belts", 5, 8_000, "2026-08-02"),
            ("Third press", 6, 7_000, "2026-08-03"),
        )
    )
    with office.at("2026-07-01T10:00+08:00", user="ann") as tx:
        tx.link(("service_ticket", fourth), press)
        tx.link(press, belts)
        lead = tx.add(Lead(title="one more press", customer_id=office.customers[6]))
        tx.link(("service_ticket", fourth), lead)
        tx.link(lead, third)
    add = ("service", "gain", "add", "sale", "--ticket", f"T{fourth}", "--record")
    office.crm(*add, f"opportunity:{press.id}", user="liu")
    (claim,) = office.json("service", "gain", "list", "--ticket", f"T{fourth}", user="mei")
    assert (claim["worth"], claim["day"], claim["claimed_by"]) == ("40000.00", "2026-08-01", "liu")
    refused = office.crm(*add, f"opportunity:{belts.id}", user="liu", code=1)
    assert "nothing counts twice" in refused.err, "what became of what has a gain is the same money"
    proposed = office.crm("service", "gain", "propose", "--json", user="mei").json
    assert [one["ticket_id"] for one in proposed] == [*year.tickets[:2], fourth, year.tickets[2]]
    assert proposed[2]["reason"] == f"“Third press” came of T{fourth}", "by way of the lead; the rest has its claim"

    add = ("service", "gain", "add", "save", "30,000", "--ticket", f"T{first}")
    assert "--because" in office.crm(*add, user="mei", code=1).err
    made = office.crm(*add, "--because", "threatened to go to a competitor", "--json", user="mei").json
    refused = office.crm("service", "gain", "confirm", made["id"], user="mei", code=1)
    assert "somebody else" in refused.err
    office.crm("service", "gain", "confirm", made["id"], "--amount", "20,000", user="ann")
    office.crm("service", "gain", "reject", claim["id"], "--because", "he would have bought anyway", user="mei")
    whole = office.json(*SHOW, user="ann")["whole"]
    assert (whole["gains"]["save"], whole["gains"]["sale"]) == ("20000.00", "0.00")
    assert "rejected already" in office.crm("service", "gain", "confirm", claim["id"], user="mei", code=1).err


def test_costs_wait_for_their_rates_and_need_to_be_about_something(office):
    with office.at("2026-08-03T18:00+08:00", user="sam") as tx:
        made = tx.add(Ticket(subject="slow", customer_id=office.customers[1], opened_at=tx.now))
        order = tx.add(WorkOrder(subject="look at it", ticket_id=made.id, opened_at=tx.now))
        tx.add(Visit(work_order_id=order.id, starts_at=at("2026-08-03", 1), ends_at=at("2026-08-03", 2)))
        tx.add(Part(work_order_id=order.id, name="fan", unit_cost=Decimal(10), currency="USD"))
    assert office.json("service", "cost", "list", user="mei") == []
    assert "crm service cost rate" in office.crm(
        "service", "ticket", "work", f"T{made.id}", "--minutes", 5, user="sam", code=1
    ).err  # fmt: skip
    assert "--ticket" in office.crm("service", "cost", "add", "5", user="mei", code=1).err
    assert "--rate" in office.crm("service", "cost", "add", "5USD", "--order", order.id, user="mei", code=1).err
    office.crm("service", "cost", "add", "5USD", "--order", order.id, "--rate", "7", user="mei")
    office.crm("service", "cost", "rate", "600", "--from", "2026-01-01", user="mei")
    assert office.crm("service", "cost", "reckon", "--json", user="mei").json == {"reckoned": 2}
    assert office.crm("service", "cost", "reckon", "--json", user="mei").json == {"reckoned": 0}
    found = {(one["what"], one["worth"]) for one in office.json("service", "cost", "list", user="mei")}
    assert found == {("other", "35.00"), ("labour", "600.00"), ("parts", "70.00")}
    with office.at("2026-08-04T18:00+08:00", user="sam") as tx:
        tx.get(WorkOrder, order.id).customer_id = office.customers[9]
    assert {one["customer_id"] for one in office.json("service", "cost", "list", user="mei")} == {office.customers[9]}


def test_a_time_sheet_comes_in_once(office, tmp_path):
    firm = office.customers[1]
    ticket = Ticket(subject="slow pump", customer_id=firm, opened_at=at("2026-08-01"))
    office.insert(ticket)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Date,Engineer,Case,Expense Type,Minutes,Amount,Currency,Rate,Note\n"
        "2026-08-03,sam,slow pump,Time,90,450,CNY,,looked at it\n"
        "2026-08-04,sam,slow pump,Mileage,,100,EUR,8,train\n"
        "2026-08-05,sam,nothing of ours,Time,5,10,CNY,,\n",
        encoding="utf-8",
    )
    told = office.crm("import", sheet, "--json", user="ann").json
    assert "there is no" in str(told)
    office.crm("import", sheet, "--json", user="ann")
    found = office.json("service", "cost", "list", user="mei")
    assert [(one["what"], one["worth"], one["minutes"], one["customer_id"]) for one in found] == [
        ("labour", "450.00", 90, firm), ("travel", "800.00", None, firm),
    ]  # fmt: skip
